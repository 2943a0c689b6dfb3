"""One worker writes a target at a time: a claim that runs out when its holder dies."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from standfast.apps.publishing.models import Target

LEASE = timedelta(minutes=3)


def claim(target: Target, *, worker: str, now: datetime) -> bool:
    """Try to be the one that writes the target for a while; `target` is read anew then."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now) | Q(claimed_by=worker)
    claimed = Target.objects.filter(free, pk=target.pk).update(
        claimed_by=worker, claimed_until=now + LEASE
    )
    if claimed:
        target.refresh_from_db()
    return bool(claimed)


def release(target: Target, *, worker: str) -> None:
    """Let others write it."""
    Target.objects.filter(pk=target.pk, claimed_by=worker).update(claimed_by="", claimed_until=None)
