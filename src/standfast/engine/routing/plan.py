"""The send plan of one notice: every subscription is in it once, sent to or skipped, with why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from standfast.engine.health.severity import at_least, severity_rank
from standfast.engine.routing.notice import Event, Notice, Subscription


class SendReason(StrEnum):
    """Why somebody is told."""

    SERVICE_CHOSEN = "service_chosen"
    ALL_SERVICES = "all_services"
    PROVIDER_STAFF = "provider_staff"
    RELEASED = "released"


class SkipReason(StrEnum):
    """Why somebody is not told."""

    INACTIVE = "inactive"
    NOT_IN_AUDIENCE = "not_in_audience"
    NOT_FOR_STAFF = "not_for_staff"
    KIND_NOT_CHOSEN = "kind_not_chosen"
    SERVICE_NOT_CHOSEN = "service_not_chosen"
    BELOW_SEVERITY = "below_severity"
    DUPLICATE_OF = "duplicate_of"


class Audience(Protocol):
    """Tenant numbers, asked one at a time: a set or a Roaring bitmap."""

    def __contains__(self, tenant: int, /) -> bool:
        """Whether the tenant belongs to it."""


@dataclass(frozen=True, slots=True)
class Send:
    """Tell this subscription. `tenants` are the tenant numbers that its address stands for here.

    There are several when one address, such as a partner's, subscribed for several tenants.
    """

    subscription: Subscription
    channel: str
    reason: SendReason
    tenants: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Skip:
    """Do not tell this subscription; `duplicate_of` is the id of the one told in its place."""

    subscription: Subscription
    reason: SkipReason
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class SendPlan:
    """Who is told and who is not, both in the order of the subscriptions' ids."""

    sends: tuple[Send, ...]
    skips: tuple[Skip, ...]

    def skipped_by_reason(self) -> dict[str, int]:
        """How many were skipped for each reason, most frequent first."""
        return {
            reason.value: count
            for reason, count in Counter(skip.reason for skip in self.skips).most_common()
        }


def make_plan(
    notice: Notice, audience: Audience, subscriptions: Iterable[Subscription]
) -> SendPlan:
    """Who is told of `notice`: subscriptions of tenants in `audience`, and the provider's people.

    `audience` holds tenant numbers (of a released notice, those released). Of several
    subscriptions with one channel and address the most specific is told, once.
    """
    by_address: dict[tuple[str, str], list[Subscription]] = {}
    skips: list[Skip] = []
    for subscription in subscriptions:
        reason = why_not(notice, audience, subscription)
        if reason is None:
            place = (subscription.channel, subscription.address)
            by_address.setdefault(place, []).append(subscription)
        else:
            skips.append(Skip(subscription, reason))
    sends: list[Send] = []
    for same_address in by_address.values():
        chosen, *others = sorted(same_address, key=_most_specific_first)
        tenants = {one.tenant for one in same_address if one.tenant is not None}
        reason_to_send = _why(notice, chosen)
        sends.append(Send(chosen, chosen.channel, reason_to_send, tuple(sorted(tenants))))
        skips += (Skip(other, SkipReason.DUPLICATE_OF, chosen.id) for other in others)
    return SendPlan(
        sends=tuple(sorted(sends, key=lambda send: send.subscription.id)),
        skips=tuple(sorted(skips, key=lambda skip: skip.subscription.id)),
    )


def why_not(notice: Notice, audience: Audience, subscription: Subscription) -> SkipReason | None:
    """Why this subscription, looked at alone, is not told (the first reason); None when it is."""
    released = notice.event is Event.RELEASED
    is_staff = subscription.tenant is None
    chosen = subscription.services
    obstacles = (
        (SkipReason.INACTIVE, not subscription.active),
        (SkipReason.NOT_FOR_STAFF, is_staff and released),
        (
            SkipReason.NOT_IN_AUDIENCE,
            subscription.tenant is not None and subscription.tenant not in audience,
        ),
        (SkipReason.KIND_NOT_CHOSEN, notice.kind not in subscription.kinds),
        (SkipReason.SERVICE_NOT_CHOSEN, bool(chosen) and notice.service not in chosen),
        (
            SkipReason.BELOW_SEVERITY,
            not at_least(notice.severity, subscription.minimum_severity),
        ),
    )
    return next((reason for reason, stands_in_the_way in obstacles if stands_in_the_way), None)


def _why(notice: Notice, subscription: Subscription) -> SendReason:
    if subscription.tenant is None:
        return SendReason.PROVIDER_STAFF
    if notice.event is Event.RELEASED:
        return SendReason.RELEASED
    return SendReason.SERVICE_CHOSEN if subscription.services else SendReason.ALL_SERVICES


def _most_specific_first(subscription: Subscription) -> tuple[bool, bool, int, int, int, int]:
    """Sort key: a tenant's before staff's, chosen services, fewer kinds, higher severity, id."""
    return (
        subscription.tenant is None,
        not subscription.services,
        len(subscription.services),
        len(subscription.kinds),
        -severity_rank(subscription.minimum_severity),
        subscription.id,
    )
