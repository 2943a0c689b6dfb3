"""From what happened to who is told of it: one outbox event, one notice, its deliveries.

Everything that an event leads to is written in one transaction with the mark that it is handled,
so a killed worker leaves either nothing or all of it; handling it again makes nothing twice.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from standfast.apps.delivery.services.planners import PLANNERS
from standfast.apps.tenancy.models import OutboxEvent

logger = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=10)


def plan_waiting(*, now: datetime, limit: int = 50) -> int:
    """Handle up to `limit` open outbox events, oldest first. Returns how many were handled.

    An event that cannot be handled is logged and tried again a little later; the others go on.
    """
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    waiting = OutboxEvent.objects.filter(free, handled_at__isnull=True).order_by("id")
    handled = 0
    for event_id in list(waiting.values_list("id", flat=True)[:limit]):
        try:
            handled += plan_event(event_id=event_id, now=now)
        except Exception:
            logger.exception("outbox event %s cannot be handled; trying again", event_id)
            OutboxEvent.objects.filter(pk=event_id).update(claimed_until=now + RETRY_AFTER)
    return handled


@transaction.atomic
def plan_event(*, event_id: int, now: datetime) -> bool:
    """Handle one event, unless another worker has or does. Returns whether this call did."""
    rows = OutboxEvent.objects.select_for_update(skip_locked=True)
    event = rows.filter(pk=event_id, handled_at__isnull=True).first()
    if event is None:
        return False
    planner = PLANNERS.get(event.kind)
    if planner is not None:
        planner(event, now)
    OutboxEvent.objects.filter(pk=event.pk).update(handled_at=now, claimed_until=None)
    return True
