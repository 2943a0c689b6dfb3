"""Quiet hours: what is not urgent waits until they end."""

from __future__ import annotations

from datetime import datetime

from standfast.engine.health.severity import Severity, at_least
from standfast.engine.routing.entries import Remark
from standfast.engine.routing.notice import Notice, Subscription


def quiet_until(
    one: Subscription, notice: Notice, moment: datetime
) -> tuple[datetime, Remark | None]:
    """When something that would be told at `moment` is told. What is critical is never held."""
    end = one.quiet.end_after(moment) if one.quiet else None
    if end is None or one.quiet is None:
        return moment, None
    if at_least(notice.severity, one.quiet.breaks_at) or notice.severity == Severity.CRITICAL:
        return moment, Remark.BREAKS_QUIET_HOURS
    return end, Remark.QUIET_HOURS
