"""The bars of days in tenants' dashboards, as JSON: joined from thirds, which many bars share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, TypeAlias

from standfast.edge.board.issues import Mark
from standfast.engine.health.days import AS_BAR, Span, worst_by_day
from standfast.engine.health.status import Status, rank

BAR_DAYS: Final = 30
#: Thirds that are kept, some 500 bytes each.
MOST_THIRDS: Final = 20_000
_DAYS: Final = 10
_BITS: Final = (1 << _DAYS) - 1
_INCIDENT, _ADVISORY = AS_BAR["incident"], AS_BAR["advisory"]
#: The worst status of open issues on each day of a third.
Third: TypeAlias = tuple[str, ...]


class Bars:
    """Bars that end with one day."""

    def __init__(self, today: date) -> None:
        self._today = today
        first = today - timedelta(days=BAR_DAYS - 1)
        self._days = [(first + timedelta(days=place)).isoformat() for place in range(BAR_DAYS)]
        self._kept: dict[tuple[int, Third, int, int], bytes] = {}

    def open_days(self, issues: Sequence[Mark]) -> tuple[Third, ...]:
        """What open issues show on each day, by thirds, oldest first."""
        # Of an open issue its classification does not show.
        spans = [Span("incident", each.status, each.start, None) for each in issues]
        worst = worst_by_day(spans, today=self._today, days=BAR_DAYS)
        return tuple(tuple(worst[at : at + _DAYS]) for at in range(0, BAR_DAYS, _DAYS))

    def text(self, open_days: Sequence[Third], past: int) -> bytes:
        """A bar: what open issues show, and the days of a mask (`World.past`)."""
        thirds = []
        for number, third in enumerate(open_days):
            at = number * _DAYS
            key = (number, third, past >> at & _BITS, past >> 32 + at & _BITS)
            thirds.append(self._kept.get(key) or self._keep(key))
        return b", ".join(thirds)

    def _keep(self, key: tuple[int, Third, int, int]) -> bytes:
        if len(self._kept) >= MOST_THIRDS:
            self._kept.clear()
        text = self._kept[key] = self._written(*key)
        return text

    def _written(self, number: int, third: Third, incidents: int, advisories: int) -> bytes:
        days = []
        for place, open_status in enumerate(third):
            found = [open_status]
            if incidents >> place & 1:
                found.append(_INCIDENT)
            if advisories >> place & 1:
                found.append(_ADVISORY)
            day, status = self._days[number * _DAYS + place], max(found, key=rank)
            days.append(json.dumps({"day": day, "status": Status(status).value}))
        return ", ".join(days).encode()
