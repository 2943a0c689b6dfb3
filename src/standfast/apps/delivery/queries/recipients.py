"""Who could be told of an issue: the subscriptions of a set of tenants, ready for the send plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from pyroaring import BitMap

from standfast.apps.delivery.models import Subscription
from standfast.apps.incidents.models import AudienceVersion
from standfast.apps.tenancy.models import Delegation, Member, Organisation
from standfast.apps.tenancy.queries.access import FACES
from standfast.apps.tenancy.roles import DELEGATED_ROLES
from standfast.engine.routing.notice import Subscription as Wanted

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
    tenants: BitMap, *, provider: Organisation, now: datetime
) -> dict[int, Recipient]:
    """Subscriptions of these tenants, and of the provider's own people, by id.

    People who have lost their access to the organisation count as inactive.
    """
    found: dict[int, Recipient] = {}
    if provider.number is None:
        found |= _recipients(Subscription.objects.filter(organisation=provider), now=now)
    for numbers in _chunks(tenants):
        rows = Subscription.objects.filter(organisation__number__in=numbers)
        found |= _recipients(rows, now=now)
    return found


def _recipients(rows: QuerySet[Subscription], *, now: datetime) -> dict[int, Recipient]:
    stored = list(rows.order_by("id").values(*_COLUMNS))
    chosen: dict[int, set[int]] = defaultdict(set)
    links = Subscription.services.through.objects.filter(subscription__in=rows.values("id"))
    for subscription_id, service_id in links.values_list("subscription_id", "service_id"):
        chosen[subscription_id].add(service_id)
    allowed = _people_with_access(stored, now=now)
    shared = {
        (row["organisation_id"], row["channel"], row["address"]) for row in stored if row["user_id"]
    }
    return {
        row["id"]: _recipient(row, frozenset(chosen[row["id"]]), allowed, shared) for row in stored
    }


def _recipient(
    row: dict[str, Any],
    services: frozenset[int],
    allowed: set[tuple[int, int]],
    shared: set[tuple[int, str, str]],
) -> Recipient:
    organisation, user = row["organisation_id"], row["user_id"]
    has_access = user is None or (row["user__is_active"] and (organisation, user) in allowed)
    # A person's address is its own, in whichever tenant. Of what an organisation wrote down nobody
    # else may profit: another tenant that names the same address must not take its place.
    is_person = user is not None or (organisation, row["channel"], row["address"]) in shared
    place = row["address"] if is_person else f"{organisation} {row['address']}"
    return Recipient(
        organisation_id=organisation,
        user_id=user,
        address=row["address"],
        wanted=Wanted(
            id=row["id"],
            tenant=row["organisation__number"],
            channel=row["channel"],
            address=place,
            services=services,
            kinds=frozenset(row["kinds"]),
            minimum_severity=row["min_severity"],
            language=row["language"],
            active=row["is_active"] and has_access,
        ),
    )


def _people_with_access(stored: list[dict[str, Any]], *, now: datetime) -> set[tuple[int, int]]:
    """Pairs of organisation and person who may subscribe there, as members or as partners."""
    pairs = {(row["organisation_id"], row["user_id"]) for row in stored if row["user_id"]}
    if not pairs:
        return set()
    organisations = {organisation for organisation, _ in pairs}
    people = {user for _, user in pairs}
    tenant_roles = [name for name, may in FACES["tenant"].items() if "subscription.own" in may]
    members = Member.objects.filter(
        organisation__in=organisations,
        user__in=people,
        role__in=[*tenant_roles, *FACES["provider"]],
    )
    allowed = pairs & set(members.values_list("organisation_id", "user_id"))
    return allowed | _delegates(pairs - allowed, now=now)


def _delegates(pairs: set[tuple[int, int]], *, now: datetime) -> set[tuple[int, int]]:
    if not pairs:
        return set()
    live = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    roles = [name for name, may in DELEGATED_ROLES.items() if "subscription.own" in may]
    delegations = Delegation.objects.filter(
        live,
        tenant__in={organisation for organisation, _ in pairs},
        revoked_at__isnull=True,
        role__in=roles,
    ).values_list("tenant_id", "partner_id")
    partners: dict[int, set[int]] = defaultdict(set)
    for tenant, partner in delegations:
        partners[partner].add(tenant)
    agents = Member.objects.filter(
        organisation__in=list(partners),
        user__in={user for _, user in pairs},
        role__in=list(FACES["partner"]),
    ).values_list("organisation_id", "user_id")
    return pairs & {(tenant, user) for partner, user in agents for tenant in partners[partner]}


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
