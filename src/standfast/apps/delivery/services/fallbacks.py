"""The next channel, when the one before failed for good, was ended, or did not get through in time.

A delivery that stands by waits for its `fallback_of`; several of one person form a chain. It is
spared once the one before has arrived, or its recipient was seen to know.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from standfast.apps.delivery.models import Delivery
from standfast.channels.registry import CHANNELS

# For a channel that there is no more.
USUAL_PATIENCE = timedelta(minutes=5)
SIZE = 500


def start_fallbacks(*, now: datetime, size: int = SIZE) -> int:
    """Spare what nobody needs, start what is needed. Returns how many were started."""
    standing = Delivery.objects.filter(state="standby")
    if not standing.exists():
        return 0
    arrived = Q(fallback_of__state__in=["sent", "merged", "spared"])
    known = Q(fallback_of__confirmed_at__isnull=False)
    ids = list(standing.filter(arrived | known).values_list("id", flat=True)[: size * 10])
    standing.filter(pk__in=ids).update(state="spared")
    started = _start(standing.filter(_ended()), "failed", now, size)
    for channel, patience in _patience(standing).items():
        late = standing.filter(
            fallback_of__channel=channel, fallback_of__state__in=["pending", "claimed"]
        ).annotate(since=Coalesce("fallback_of__released_at", "notice__planned_at"))
        started += _start(late.filter(since__lte=now - patience), "late", now, size)
    return started


def _ended() -> Q:
    """The one before has failed, was cancelled (its subscription paused), or is gone."""
    return Q(fallback_of__state__in=["failed", "cancelled"]) | Q(fallback_of__isnull=True)


def _patience(standing: QuerySet[Delivery]) -> dict[str, timedelta]:
    channels = standing.order_by().values_list("fallback_of__channel", flat=True).distinct()
    return {
        channel: CHANNELS[channel].patience if channel in CHANNELS else USUAL_PATIENCE
        for channel in channels
        if channel
    }


def _start(rows: QuerySet[Delivery], why: str, now: datetime, size: int) -> int:
    count = 0
    for pk, because in list(rows.order_by("id").values_list("id", "because")[:size]):
        # By state again: another worker may have started it meanwhile.
        count += Delivery.objects.filter(pk=pk, state="standby").update(
            state="pending",
            next_attempt_at=now,
            released_at=now,
            because={**because, "started": why},
        )
    return count
