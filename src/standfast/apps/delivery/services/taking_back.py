"""Taking back what waits: from who mutes an issue, and from who may not read it any more.

An access ends at a moment that is announced (a role, a delegation), or in silence (a delegation
that runs out, an account that is closed). The first takes back at once; the second is seen when
what waits is released, when a fallback's turn comes, and before each further try.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.delivery.queries.entitled import with_access, without_access
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.models import User
from standfast.engine.routing.entries import SkipReason

#: States of what has not been handed over and is not on its way.
WAITING = ("held", "standby", "pending")


def take_back_muted(*, user: User, issue: Issue) -> None:
    """Who mutes an issue is not told either what still waits to be told about it."""
    rows = Delivery.objects.filter(subscription__user=user, notice__issue=issue)
    take_back(rows.filter(state__in=WAITING), SkipReason.MUTED)


def take_back_lost(*, users: Collection[int], now: datetime) -> None:
    """Who has lost an access is not told either what still waits, of what that access showed."""
    own = Subscription.objects.filter(user__in=users)
    lost = without_access(set(own.values_list("id", flat=True)), now=now)
    waiting = Delivery.objects.filter(state__in=WAITING)
    take_back(waiting.filter(subscription__in=lost), SkipReason.ACCESS_LOST)
    # The provider's own people are warned without a subscription.
    warnings = waiting.filter(subscription__isnull=True, user__in=users)
    take_back(warnings.filter(pk__in=_lost(warnings, now)), SkipReason.ACCESS_LOST)


def take_back_retried(claimed: Collection[Delivery], *, now: datetime) -> set[int]:
    """Cancel those of the claimed that are tried again for somebody who lost the access meanwhile.

    Returns their ids. A first try was planned a moment ago and is not looked at.
    """
    again = [each for each in claimed if each.attempts_made]
    if not again:
        return set()
    gone = lost_access(again, now=now)
    if gone:
        take_back(Delivery.objects.filter(pk__in=gone), SkipReason.ACCESS_LOST)
    return gone


def lost_access(deliveries: Collection[Delivery], *, now: datetime) -> set[int]:
    """The ids of those whose person may not be told any more."""
    told = {each.subscription_id for each in deliveries if each.subscription_id}
    lost = without_access(told, now=now)
    gone = {each.pk for each in deliveries if each.subscription_id in lost}
    if any(each.subscription_id is None for each in deliveries):
        rows = Delivery.objects.filter(pk__in=[each.pk for each in deliveries])
        gone |= _lost(rows.filter(subscription__isnull=True, user__isnull=False), now)
    return gone


def take_back(rows: QuerySet[Delivery], why: SkipReason) -> None:
    """Cancel these, with the reason in the proof."""
    for pk, state, because in list(rows.order_by().values_list("id", "state", "because")):
        # By state again: it may be on its way by now.
        Delivery.objects.filter(pk=pk, state=state).update(
            state="cancelled",
            held_until=None,
            next_attempt_at=None,
            claimed_until=None,
            because={**because, "skipped": why.value},
        )


def _lost(warnings: QuerySet[Delivery], now: datetime) -> set[int]:
    """Those of these warnings whose person has no place at the provider any more."""
    columns = ("id", "notice__provider_id", "user_id", "user__is_active")
    rows = list(warnings.order_by().values_list(*columns))
    pairs = {
        (place, user) for _pk, place, user, active in rows if active and place is not None and user
    }
    allowed = with_access(pairs, now=now)
    return {pk for pk, place, user, _active in rows if (place, user) not in allowed}
