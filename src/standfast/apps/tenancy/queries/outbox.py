"""How far the outbox is behind: events that nobody has handled yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from standfast.apps.tenancy.models import OutboxEvent


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many events wait, and for how long the oldest has."""

    count: int
    oldest: timedelta


def backlog(*, now: datetime) -> Backlog:
    """What waits to be handled."""
    waiting = OutboxEvent.objects.filter(handled_at__isnull=True).aggregate(
        count=Count("id"), first=Min("created_at")
    )
    oldest = now - waiting["first"] if waiting["first"] else timedelta()
    return Backlog(waiting["count"], oldest)
