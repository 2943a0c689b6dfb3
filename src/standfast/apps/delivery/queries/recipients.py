"""Who could be told of an issue: the subscriptions of a set of tenants, ready for the send plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from pyroaring import BitMap

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.queries.entitled import with_access
from standfast.apps.delivery.queries.heard import last_told, wishes_for
from standfast.apps.delivery.queries.quiet import QuietTimes
from standfast.apps.delivery.queries.trouble import needs_of
from standfast.apps.incidents.models import AudienceVersion, Issue
from standfast.apps.tenancy.models import Organisation
from standfast.channels.registry import CHANNELS
from standfast.engine.routing.notice import Subscription as Wanted
from standfast.engine.routing.notice import Wish

# Below the number of parameters that SQLite takes in one statement.
_CHUNK = 10_000
_COLUMNS = (
    "id",
    "organisation_id",
    "organisation__number",
    "user_id",
    "user__is_active",
    "channel",
    "address",
    "kinds",
    "min_severity",
    "language",
    "is_active",
    "is_public",
    "confirm_until",
    "confirmed_at",
    "rank",
    "always",
    "digest",
    "digest_at",
    "digest_day",
    "user__time_zone",
    "organisation__time_zone",
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A stored subscription: `address` is where it really goes, `wanted` what the engine sees."""

    organisation_id: int
    user_id: int | None
    address: str
    wanted: Wanted


def told_tenants(audience: AudienceVersion, group: str) -> BitMap:
    """The tenant numbers of one group of an audience version: all, stayed, added or released."""
    match group:
        case "all":
            return _bitmap(audience.tenants)
        case "stayed":
            return _bitmap(audience.tenants) - _bitmap(audience.added)
        case "added":
            return _bitmap(audience.added)
        case "released":
            return _bitmap(audience.released)
    raise ValueError(f"group: {group} is none of all, stayed, added, released")


def recipients_among(
    tenants: BitMap, *, provider: Organisation, now: datetime, issue: Issue | None = None
) -> dict[int, Recipient]:
    """Subscriptions of these tenants, of the provider's own people and of visitors, by id.

    People who have lost their access to the organisation are not entitled. What people want of a
    single `issue`, and when they last heard of it, is taken in.
    """
    heard = _Heard.of(issue, now=now)
    at_provider = Subscription.objects.filter(organisation=provider)
    if provider.number is not None:  # its people are told as a tenant's
        at_provider = at_provider.filter(is_public=True)
    found = _recipients(at_provider, heard, now=now)
    for numbers in _chunks(tenants):
        among = frozenset(numbers)
        rows = Subscription.objects.filter(_of_tenants(numbers), is_public=False)
        some = _recipients(rows, heard, now=now)
        found |= {key: each for key, each in some.items() if each.wanted.tenant in among}
    return found


def recipients_named(
    ids: Collection[int], *, now: datetime, issue: Issue | None
) -> dict[int, Recipient]:
    """These subscriptions as they are now, by id."""
    rows = Subscription.objects.filter(pk__in=ids)
    return _recipients(rows, _Heard.of(issue, now=now), now=now)


def _of_tenants(numbers: Sequence[int]) -> Q:
    """Subscriptions of tenants with these numbers, ascending; perhaps of some in between, too.

    Where there are few in between, reading them costs less than naming each of the others.
    """
    first, last = numbers[0], numbers[-1]
    if last - first < 2 * len(numbers):
        return Q(organisation__number__range=(first, last))
    return Q(organisation__number__in=numbers)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What people want of the issue, and when each subscription last heard of it."""

    wishes: dict[int, Wish]
    last_told: dict[int, datetime]

    @classmethod
    def of(cls, issue: Issue | None, *, now: datetime) -> _Heard:
        return cls(wishes_for(issue), last_told(issue, now=now))


def _recipients(
    rows: QuerySet[Subscription], heard: _Heard, *, now: datetime
) -> dict[int, Recipient]:
    stored = list(rows.order_by("id").values(*_COLUMNS))
    if not stored:
        return {}
    pairs = {(row["organisation_id"], row["user_id"]) for row in stored if row["user_id"]}
    around = _Around(
        services=_chosen(Subscription.services.through.objects, "service_id", rows),
        regions=_chosen(Subscription.regions.through.objects, "component_id", rows),
        allowed=with_access(pairs, now=now),
        shared={
            (row["organisation_id"], row["channel"], row["address"])
            for row in stored
            if row["user_id"] or row["is_public"]
        },
        quiet=QuietTimes(rows),
        heard=heard,
    )
    return {row["id"]: _recipient(row, around) for row in stored}


@dataclass(frozen=True, slots=True)
class _Around:
    """What a chunk of subscriptions needs beside its own columns, read once."""

    services: dict[int, set[int]]
    regions: dict[int, set[int]]
    allowed: set[tuple[int, int]]
    shared: set[tuple[int, str, str]]
    quiet: QuietTimes
    heard: _Heard


def _chosen(links: Any, name: str, rows: QuerySet[Subscription]) -> dict[int, set[int]]:
    chosen: dict[int, set[int]] = defaultdict(set)
    found = links.filter(subscription__in=rows.values("id"))
    for subscription_id, other_id in found.values_list("subscription_id", name):
        chosen[subscription_id].add(other_id)
    return chosen


def _recipient(row: dict[str, Any], around: _Around) -> Recipient:
    organisation, user = row["organisation_id"], row["user_id"]
    may = user is None or (row["user__is_active"] and (organisation, user) in around.allowed)
    return Recipient(
        organisation_id=organisation,
        user_id=user,
        address=row["address"],
        wanted=Wanted(
            id=row["id"],
            tenant=None if row["is_public"] else row["organisation__number"],
            channel=row["channel"],
            address=_place(row, around),
            services=frozenset(around.services.get(row["id"], ())),
            regions=frozenset(around.regions.get(row["id"], ())),
            kinds=frozenset(row["kinds"]),
            minimum_severity=row["min_severity"],
            language=row["language"],
            active=row["is_active"],
            entitled=may,
            confirmed=row["confirmed_at"] is not None or not _is_asked(row),
            public=row["is_public"],
            person=f"{organisation}-{user}" if user else "",
            rank=row["rank"],
            always=row["always"],
            program=_is_program(row["channel"]),
            needs=needs_of(row["channel"]),
            digest=around.quiet.digest(row),
            quiet=around.quiet.hours(row),
            wish=around.heard.wishes.get(user, Wish.NONE) if user else Wish.NONE,
            last_told=around.heard.last_told.get(row["id"]),
        ),
    )


def _place(row: dict[str, Any], around: _Around) -> str:
    """Where it goes, for telling one address once.

    A mail address of a person, who proved it, is the same in whichever tenant, and so is that of a
    visitor. Of anything else nobody else may profit: a tenant or a person who names the same
    address must not take another's place.
    """
    organisation, user, address = row["organisation_id"], row["user_id"], row["address"]
    is_mail = row["channel"] == "email"
    if is_mail and (organisation, row["channel"], address) in around.shared:
        return str(address)
    return f"{f'u{user}' if user else organisation} {address}"


def _is_asked(row: dict[str, Any]) -> bool:
    """Whether the owner of the address has to confirm it."""
    return bool(row["is_public"]) or row["confirm_until"] is not None


def _is_program(channel: str) -> bool:
    kind = CHANNELS.get(channel)
    return kind is not None and (kind.signed or kind.social)


def _chunks(tenants: BitMap) -> Iterator[list[int]]:
    numbers: Iterable[int] = tenants.to_array()
    chunk: list[int] = []
    for number in numbers:
        chunk.append(number)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _bitmap(blob: bytes | memoryview) -> BitMap:
    return BitMap.deserialize(bytes(blob)) if blob else BitMap()
