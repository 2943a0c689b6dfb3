"""Over which of their channels the provider's own people are warned, in which order and why.

The send plan's rules hold: the person's order, fallbacks, and channels that depend on what is
failing. Only what cannot wait is different: a warning is of no use after a digest or the night.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.queries.recipients import recipients_named
from standfast.apps.delivery.queries.trouble import Everybody, failing_at, needs_of
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.models import User
from standfast.channels.registry import CHANNELS
from standfast.engine.health.severity import Classification
from standfast.engine.routing.circumstances import Audience, Circumstances
from standfast.engine.routing.entries import Entry
from standfast.engine.routing.notice import Event, Notice
from standfast.engine.routing.notice import Subscription as Wanted
from standfast.engine.routing.plan import make_plan
from standfast.engine.routing.stages.choosing import why_not

MAIL = "email"
# Behind whatever the person put into an order.
_LAST = 2**15


@dataclass(frozen=True, slots=True)
class Way:
    """One channel on which a person is warned, or that stands by; None is the account's mail."""

    user: User
    subscription_id: int | None
    channel: str
    address: str
    language: str
    entry: Entry


def ways_to_warn(issue: Issue, people: Iterable[User], *, now: datetime) -> list[Way]:
    """Everybody's channels: their own at the provider that take such issues, and their mail.

    The account's mail comes last in the order, so it is first for who has chosen nothing else. A
    subscription of the same mail takes its place.
    """
    notice = _notice(issue)
    by_id = {user.pk: user for user in people}
    own = Subscription.objects.filter(
        organisation=issue.provider, user__in=by_id, is_public=False, channel__in=_for_people()
    )
    stored = recipients_named(list(own.values_list("id", flat=True)), now=now, issue=None)
    wanted: dict[int, Wanted] = {}
    addresses: dict[int, tuple[int, int | None, str]] = {}
    for key, each in stored.items():
        one = _at_once(each.wanted)
        if each.user_id is not None and why_not(notice, (), one) is None:
            wanted[key] = one
            addresses[key] = (each.user_id, key, each.address)
    with_mail = {addresses[key][0] for key, one in wanted.items() if one.channel == MAIL}
    for user in by_id.values():
        if user.pk not in with_mail:
            one = _mail_of(user, issue)
            wanted[one.id] = one
            addresses[one.id] = (user.pk, None, user.email)
    around = Circumstances(now, _failing(issue, now))
    ways = []
    for entry in make_plan(notice, (), wanted.values(), around).entries:
        user_id, subscription_id, address = addresses[entry.subscription.id]
        one = entry.subscription
        ways.append(Way(by_id[user_id], subscription_id, one.channel, address, one.language, entry))
    return ways


def _notice(issue: Issue) -> Notice:
    return Notice(
        kind=issue.classification,
        services=frozenset({issue.service_id}),
        severity=issue.severity,
        event=Event.UPDATED,
    )


def _at_once(one: Wanted) -> Wanted:
    """As one of the provider's own, whom nothing holds up."""
    return replace(one, tenant=None, digest=None, quiet=None, last_told=None)


def _mail_of(user: User, issue: Issue) -> Wanted:
    return Wanted(
        id=-user.pk,  # no subscription's
        tenant=None,
        channel=MAIL,
        address=user.email,
        kinds=frozenset({issue.classification}),
        language=user.language or issue.provider.language,
        person=f"{issue.provider_id}-{user.pk}",
        rank=_LAST,
        needs=needs_of(MAIL),
    )


def _failing(issue: Issue, now: datetime) -> Mapping[str, Audience]:
    """What is failing for anybody, with what this issue takes, be it confirmed yet or not."""
    if issue.classification != Classification.INCIDENT:
        return failing_at(now)
    return {**failing_at(now), **dict.fromkeys(issue.service.capabilities, Everybody())}


def _for_people() -> list[str]:
    """Channels that a person may have for itself; programs are told what tenants are."""
    return [kind for kind, channel in CHANNELS.items() if channel.personal]
