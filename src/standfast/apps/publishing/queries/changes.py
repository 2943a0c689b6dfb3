"""What has happened since a target was written: outbox events that its content does not hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from standfast.apps.tenancy.models import OutboxEvent

# A transaction that took a lower id may commit later: so many ids are looked at again.
OVERLAP = 200
# The event by which somebody asks for a write at once.
WANTED = "backup.wanted"


def newest_events() -> list[int]:
    """The ids of the newest events, for keeping beside what is written after reading them."""
    newest = OutboxEvent.objects.aggregate(last=Max("id"))["last"] or 0
    rows = OutboxEvent.objects.filter(pk__gt=newest - OVERLAP)
    return list(rows.order_by("id").values_list("id", flat=True))


def has_news(covered: Collection[int]) -> bool:
    """Whether there is an event that is not among those covered."""
    since = max(covered, default=0) - OVERLAP
    rows = OutboxEvent.objects.filter(pk__gt=since).values_list("id", flat=True)
    known = set(covered)
    return any(event_id not in known for event_id in rows.iterator())


def is_wanted(since: datetime | None) -> bool:
    """Whether somebody has asked for a write since the last try."""
    rows = OutboxEvent.objects.filter(kind=WANTED)
    return (rows.filter(created_at__gt=since) if since else rows).exists()
