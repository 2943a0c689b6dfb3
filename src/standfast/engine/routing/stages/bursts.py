"""Bursts: updates of one issue in quick succession become one message."""

from __future__ import annotations

from datetime import datetime

from standfast.engine.health.severity import Severity
from standfast.engine.routing.circumstances import Circumstances
from standfast.engine.routing.entries import Remark
from standfast.engine.routing.notice import Event, Notice, Subscription, Wish


def burst_until(
    one: Subscription, notice: Notice, circumstances: Circumstances
) -> tuple[datetime, Remark | None]:
    """When it is told: an update of normal severity waits until a window after the last message.

    The first message, the resolution, and what somebody follows never wait.
    """
    waits = (
        one.last_told is not None
        and notice.event is Event.UPDATED
        and notice.severity == Severity.NORMAL
        and one.wish is not Wish.FOLLOW
    )
    if not waits or one.last_told is None:
        return circumstances.now, None
    free = one.last_told + circumstances.burst_window
    return (free, Remark.BURST) if free > circumstances.now else (circumstances.now, None)
