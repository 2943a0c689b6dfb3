"""The worst of each day: what a service's bar of thirty days shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from standfast.engine.health.status import Status, is_resolved, rank

#: What a day's bar shows for an issue that is over: how bad it was, not how it ended.
AS_BAR: Final = {"incident": "serviceDegradation", "advisory": "investigating"}
CALM: Final = "serviceOperational"


@dataclass(frozen=True, slots=True)
class Span:
    """When an issue went on (UTC), and how it is now."""

    classification: str
    status: str
    start: datetime
    end: datetime | None


def worst_by_day(spans: Iterable[Span], *, today: date, days: int) -> list[str]:
    """The worst status of each of the last so many days, oldest first."""
    ranks = [rank(CALM)] * days
    worst = [CALM] * days
    for span in spans:
        if span.status == Status.FALSE_POSITIVE:
            continue
        shown = shown_as(span)
        for day in touched(span, today=today, days=days):
            if rank(shown) > ranks[day] or worst[day] == CALM:
                worst[day], ranks[day] = shown, rank(shown)
    return worst


def shown_as(span: Span) -> str:
    """The status that a bar shows for an issue."""
    return AS_BAR[span.classification] if is_resolved(span.status) else span.status


def touched(span: Span, *, today: date, days: int) -> range:
    """The places of the days that an issue touched, 0 being the oldest of the last so many."""
    first = today - timedelta(days=days - 1)
    last = min(span.end.date() if span.end else today, today)
    return range(max((span.start.date() - first).days, 0), (last - first).days + 1)
