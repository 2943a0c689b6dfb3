"""The next channel, when the one before failed for good, was ended, or did not get through in time.

A delivery that stands by waits for its `fallback_of`; several of one person form a chain. It is
spared once the one before has arrived, or its recipient was seen to know. What becomes of it when
its turn comes is decided in `turns`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from standfast.apps.delivery.models import Delivery
from standfast.apps.delivery.services.turns import start
from standfast.channels.registry import CHANNELS

# For a channel that there is no more.
USUAL_PATIENCE = timedelta(minutes=5)
SIZE = 500


def start_fallbacks(*, now: datetime, size: int = SIZE) -> int:
    """Spare what nobody needs, start what is needed. Returns for how many the turn has come."""
    standing = Delivery.objects.filter(state="standby")
    _spare(Delivery.objects.filter(state="held", fallback_of__isnull=False), size)
    if not standing.exists():
        return 0
    _close_gaps(standing)
    _spare(standing, size)
    started = start(standing.filter(_ended()).order_by("id")[:size], "failed", now=now)
    for channel, patience in _patience(standing).items():
        late = standing.filter(
            fallback_of__channel=channel, fallback_of__state__in=["pending", "claimed"]
        ).annotate(since=Coalesce("fallback_of__released_at", "fallback_of__notice__planned_at"))
        due = late.filter(since__lte=now - patience)
        started += start(due.order_by("id")[:size], "late", now=now)
    return started


def _spare(waiting: QuerySet[Delivery], size: int) -> None:
    """What stands by, or was started and held: neither is needed when the one before arrived."""
    arrived = Q(fallback_of__state__in=["sent", "merged", "spared"])
    known = Q(fallback_of__confirmed_at__isnull=False)
    ids = list(waiting.filter(arrived | known).order_by().values_list("id", flat=True)[: size * 10])
    if ids:
        waiting.filter(pk__in=ids).update(state="spared", held_until=None)


def _close_gaps(standing: QuerySet[Delivery]) -> None:
    """Where one in the middle was cancelled, the next stands by for the one before that."""
    before = Delivery.objects.filter(pk=OuterRef("fallback_of")).values("fallback_of")
    gaps = standing.filter(
        fallback_of__state="cancelled", fallback_of__fallback_of__isnull=False
    ).values_list("id", flat=True)
    if ids := list(gaps):
        standing.filter(pk__in=ids).update(fallback_of=Subquery(before))


def _ended() -> Q:
    """The one before has failed, is gone, or was the first and cancelled (paused, say)."""
    first = Q(fallback_of__state="cancelled", fallback_of__fallback_of__isnull=True)
    return Q(fallback_of__state="failed") | Q(fallback_of__isnull=True) | first


def _patience(standing: QuerySet[Delivery]) -> dict[str, timedelta]:
    channels = standing.order_by().values_list("fallback_of__channel", flat=True).distinct()
    return {
        channel: CHANNELS[channel].patience if channel in CHANNELS else USUAL_PATIENCE
        for channel in channels
        if channel
    }
