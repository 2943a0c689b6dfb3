"""Stage 1, who wants it: the audience, and what each subscription asked for."""

from __future__ import annotations

from collections.abc import Iterable

from standfast.engine.health.severity import Severity, at_least
from standfast.engine.routing.circumstances import Audience
from standfast.engine.routing.entries import Action, Entry, SendReason, SkipReason
from standfast.engine.routing.notice import Event, Notice, Subscription, Wish


def choose(
    notice: Notice,
    audience: Audience,
    subscriptions: Iterable[Subscription],
    aside: list[Entry],
) -> list[Entry]:
    """The subscriptions that want the notice; the others are set aside with the reason."""
    told = []
    for one in subscriptions:
        why = why_not(notice, audience, one)
        if why is not None:
            aside.append(Entry(one, Action.SKIP, why))
        else:
            tenants = () if one.tenant is None else (one.tenant,)
            told.append(Entry(one, Action.SEND, _why(notice, one), tenants))
    return told


def why_not(notice: Notice, audience: Audience, one: Subscription) -> SkipReason | None:
    """Why this subscription, looked at alone, is not told (the first reason); None when it is."""
    return _why_never(notice, audience, one) or _why_not_wanted(notice, one)


def _why_never(notice: Notice, audience: Audience, one: Subscription) -> SkipReason | None:
    """What no wish can change."""
    released = notice.event is Event.RELEASED
    if not one.active:
        return SkipReason.INACTIVE
    if not one.entitled:
        return SkipReason.ACCESS_LOST
    if not one.confirmed:
        return SkipReason.UNCONFIRMED
    if one.public:
        return None if notice.public and not released else SkipReason.NOT_PUBLIC
    if one.tenant is None:
        return SkipReason.NOT_FOR_STAFF if released else None
    return None if one.tenant in audience else SkipReason.NOT_IN_AUDIENCE


def _why_not_wanted(notice: Notice, one: Subscription) -> SkipReason | None:
    if one.wish is not Wish.NONE:
        return SkipReason.MUTED if one.wish is Wish.MUTE else None
    if notice.kind not in one.kinds:
        return SkipReason.KIND_NOT_CHOSEN
    if _misses(one.services, notice.services):
        return SkipReason.SERVICE_NOT_CHOSEN
    if _misses(one.regions, notice.regions):
        return SkipReason.REGION_NOT_CHOSEN
    if one.minimum_severity != Severity.NORMAL and not at_least(
        notice.severity, one.minimum_severity
    ):
        return SkipReason.BELOW_SEVERITY
    return None


def _misses(chosen: frozenset[int], concerned: frozenset[int]) -> bool:
    """Whether both name something, and nothing in common; naming nothing means all."""
    return bool(chosen and concerned) and chosen.isdisjoint(concerned)


def _why(notice: Notice, one: Subscription) -> SendReason:
    if one.public:
        return SendReason.VISITOR
    if one.wish is Wish.FOLLOW:
        return SendReason.FOLLOWED
    if one.tenant is None:
        return SendReason.PROVIDER_STAFF
    if notice.event is Event.RELEASED:
        return SendReason.RELEASED
    return SendReason.SERVICE_CHOSEN if one.services else SendReason.ALL_SERVICES
