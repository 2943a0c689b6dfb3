"""What is held: quiet hours, digests, bursts; released when its time has come, told together.

All that is due for one subscription becomes one message: itself when there is only one, else a
digest that covers them. It is written in one transaction with the marks of what it covers, so a
killed worker leaves either nothing or all of it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from standfast.apps.delivery.models import Delivery, Notice, Subscription
from standfast.apps.delivery.queries.entitled import without_access
from standfast.apps.delivery.services.taking_back import take_back
from standfast.apps.delivery.services.writing import DeliveryDraft, write_deliveries
from standfast.engine.routing.entries import Remark, SkipReason
from standfast.engine.routing.keys import idempotency_key

AT_ONCE = 200


def merge_held(*, notice: Notice) -> None:
    """Let what is told now take along what was still held about the same issue.

    It is newer and leads to all updates, so the older would only repeat what is over. What waits
    for a digest stays in it.
    """
    if notice.issue_id is None:
        return
    held = Delivery.objects.filter(state="held", notice__issue=notice.issue_id)
    older = held.exclude(notice=notice).order_by()
    waiting: dict[int, list[int]] = defaultdict(list)
    for pk, subscription, because in older.values_list("id", "subscription_id", "because"):
        if subscription and Remark.DIGEST not in because.get("remarks", ()):
            waiting[subscription].append(pk)
    if not waiting:
        return
    now_told = Delivery.objects.filter(
        notice=notice, state="pending", subscription__in=list(waiting)
    )
    for pk, subscription in now_told.values_list("id", "subscription_id"):
        rows = Delivery.objects.filter(pk__in=waiting[subscription or 0], state="held")
        rows.update(state="merged", covered_by=pk, held_until=None)


def release_held(*, now: datetime, size: int = AT_ONCE) -> int:
    """Release what is due for up to `size` subscriptions. Returns how many messages go out."""
    due = Delivery.objects.filter(state="held", held_until__lte=now)
    _drop_orphans(due.filter(subscription__isnull=True))
    waiting = due.order_by("held_until", "id").values_list("subscription_id", flat=True)
    subscriptions = set(waiting[: size * 10])
    if not subscriptions:
        return 0
    with transaction.atomic():
        # Whoever holds the subscription's row releases all that is due for it.
        locked = Subscription.objects.select_for_update(skip_locked=True).order_by("id")
        mine = set(locked.filter(pk__in=subscriptions).values_list("id", flat=True)[:size])
        by_subscription: dict[int, list[Delivery]] = defaultdict(list)
        lost = without_access(mine, now=now)
        take_back(due.filter(subscription__in=lost), SkipReason.ACCESS_LOST)
        for delivery in due.filter(subscription__in=mine - lost).order_by("notice", "id"):
            by_subscription[delivery.subscription_id or 0].append(delivery)
        return _release(list(by_subscription.values()), now)


def _drop_orphans(rows: QuerySet[Delivery]) -> None:
    rows.update(state="cancelled", held_until=None)


def _release(groups: list[list[Delivery]], now: datetime) -> int:
    alone = [group[0].pk for group in groups if len(group) == 1]
    Delivery.objects.filter(pk__in=alone).update(
        state="pending", next_attempt_at=now, released_at=now
    )
    together: dict[tuple[int, ...], list[list[Delivery]]] = defaultdict(list)
    for group in groups:
        if len(group) > 1:
            together[tuple(delivery.notice_id for delivery in group)].append(group)
    for notices, alike in together.items():
        _write_digest(notices, alike, now)
    return len(groups)


def _write_digest(notices: tuple[int, ...], groups: list[list[Delivery]], now: datetime) -> None:
    """One notice for all who are told the same things together."""
    providers = set(
        Notice.objects.filter(pk__in=notices).order_by().values_list("provider", flat=True)
    )
    digest = Notice.objects.create(
        kind="digest",
        provider_id=providers.pop() if len(providers) == 1 else None,
        created_at=now,
        planned_at=now,
    )
    drafts = {}
    for group in groups:
        newest = group[-1]
        drafts[newest.subscription_id or 0] = DeliveryDraft(
            subscription_id=newest.subscription_id,
            user_id=None,
            channel=newest.channel,
            address=newest.address,
            language=newest.language,
            reason="digest",
            key=idempotency_key(f"d{digest.pk}", newest.subscription_id or 0, newest.channel),
        )
    write_deliveries(notice=digest, drafts=drafts.values(), now=now)
    stored = dict(digest.deliveries.values_list("subscription_id", "id"))
    for group in groups:
        rows = Delivery.objects.filter(pk__in=[delivery.pk for delivery in group])
        rows.update(
            state="merged",
            covered_by=stored[group[0].subscription_id or 0],
            released_at=now,
            held_until=None,
        )
        # What stood by for one of them now stands by for the message that tells it.
        standing = Delivery.objects.filter(
            state="standby", fallback_of__in=[delivery.pk for delivery in group]
        )
        standing.update(fallback_of=stored[group[0].subscription_id or 0])
