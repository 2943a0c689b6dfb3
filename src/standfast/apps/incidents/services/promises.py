"""Watching the promises: a warning before one lapses, an escalation when it has."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from standfast.apps.incidents.models import Promise
from standfast.apps.tenancy.services.outbox import announce


def check_promises(*, now: datetime) -> int:
    """Announce each promise that is due soon or overdue, once. Returns how many were announced.

    Safe to run in several workers: a conditional update decides who announces.
    """
    open_ones = Promise.objects.filter(answered_at__isnull=True, issue__stage="published")
    soon = now + timedelta(minutes=settings.STANDFAST_DUE_SOON_MINUTES)
    warned = open_ones.filter(warned_at__isnull=True, due_at__gt=now, due_at__lte=soon)
    lapsed = open_ones.filter(escalated_at__isnull=True, due_at__lt=now)
    count = sum(_announce(each, "warned_at", "promise.due_soon", now) for each in warned)
    return count + sum(_announce(each, "escalated_at", "promise.overdue", now) for each in lapsed)


@transaction.atomic
def _announce(promise: Promise, mark: str, kind: str, now: datetime) -> int:
    still = Promise.objects.filter(
        pk=promise.pk, answered_at__isnull=True, **{f"{mark}__isnull": True}
    )
    if not still.update(**{mark: now}):
        return 0
    announce(kind=kind, now=now, issue_id=promise.issue_id, promise_id=promise.pk)
    return 1
