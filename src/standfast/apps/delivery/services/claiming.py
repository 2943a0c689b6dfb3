"""Taking deliveries to send: each chunk belongs to one worker, for as long as it lives.

`next_attempt_at` is when a row is due; claiming moves it to the end of the lease, so the rows of a
killed worker become due by themselves, and one index answers “what is due”.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.delivery.models.subscription import unconfirmed
from standfast.apps.delivery.services.taking_back import take_back, take_back_retried
from standfast.engine.routing.entries import SkipReason

LEASE = timedelta(seconds=30)
CHUNK = 1_000
#: What neither rendering nor recording looks at: reading it would take longer than signing what is
#: sent.
_NOT_READ = (
    *("next_attempt_at", "claimed_until", "sent_at", "held_until", "released_at", "confirmed_at"),
    *("because", "last_error"),
    *(
        f"subscription__{name}"
        for name in (
            *("kinds", "min_severity", "rank", "always", "digest", "digest_at", "digest_day"),
            *("confirm_hash", "confirmed_at", "stopped_because", "created_at", "last_success_at"),
        )
    ),
    "subscription__organisation__created_at",
)


def claim(*, channel: str, worker: str, now: datetime, size: int = CHUNK) -> list[Delivery]:
    """Claim up to `size` due deliveries of a channel, those due longest first."""
    due = Delivery.objects.filter(
        state__in=["pending", "claimed"], next_attempt_at__lte=now, channel=channel
    ).order_by("next_attempt_at", "id")
    if not due.exists():  # without taking the write lock of an idle database
        return []
    with transaction.atomic():
        ids = list(due.select_for_update(skip_locked=True).values_list("id", flat=True)[:size])
        _drop_unwanted(ids)
        _follow(ids)
        claimed = Delivery.objects.filter(pk__in=ids).exclude(state="cancelled")
        claimed.update(state="claimed", claimed_by=worker, **_lease(now))
    mine = Delivery.objects.filter(pk__in=ids, state="claimed", claimed_by=worker)
    found = list(_with_everything(mine))
    gone = take_back_retried(found, now=now)
    return [each for each in found if each.pk not in gone] if gone else found


def _drop_unwanted(ids: Collection[int]) -> None:
    """Cancel what nobody wants any more, or has not agreed to: its subscription was paused,
    stopped or deleted, or its address changed to one whose owner has not said yes.

    The question itself goes to the address that is asked, never to the one before.
    """
    ended = Q(subscription__is_active=False) | Q(subscription__isnull=True, user__isnull=True)
    question = Q(notice__kind="confirm", address=F("subscription__address"))
    unagreed = unconfirmed("subscription__") & ~question
    rows = Delivery.objects.filter(pk__in=ids)
    ended_ids = list(rows.filter(ended).values_list("id", flat=True))
    Delivery.objects.filter(pk__in=ended_ids).update(
        state="cancelled", next_attempt_at=None, claimed_until=None
    )
    take_back(rows.filter(unagreed).exclude(state="cancelled"), SkipReason.UNCONFIRMED)


def _follow(ids: Collection[int]) -> None:
    """Send to the address that the subscription has now: it was corrected, renewed or changed."""
    moved = Delivery.objects.filter(pk__in=ids, subscription__isnull=False).exclude(
        address=F("subscription__address")
    )
    if found := list(moved.values_list("id", flat=True)):
        now_at = Subscription.objects.filter(pk=OuterRef("subscription")).values("address")
        Delivery.objects.filter(pk__in=found).update(address=Subquery(now_at))


def renew(*, ids: Collection[int], worker: str, now: datetime) -> None:
    """Keep a claim for another lease, while its messages are still on their way."""
    Delivery.objects.filter(pk__in=ids, claimed_by=worker, state="claimed").update(**_lease(now))


def _lease(now: datetime) -> dict[str, datetime]:
    return {"claimed_until": now + LEASE, "next_attempt_at": now + LEASE}


def _with_everything(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """All that rendering looks at: each one's own joined, what they share in a query per kind."""
    joined = rows.select_related("user", "subscription__organisation", "subscription__user")
    return (
        joined.defer(*_NOT_READ)
        .order_by("id")
        .prefetch_related(
            "notice__event",
            "notice__issue__service",
            "notice__issue__feature",
            "notice__issue__provider",
            "notice__post__audience",
            "notice__message_update__message__provider",
            "notice__message_update__message__services",
        )
    )
