"""Lines of services in tenants' dashboards: status, open issues and the bar of days."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from standfast.edge.board.issues import Mark
from standfast.engine.health.days import AS_BAR, CALM, Span, touched
from standfast.engine.health.status import Status, rank, roll_up
from standfast.engine.wire.statuspage.facts import Component

BAR_DAYS: Final = 30
#: Lines that are kept, some 1.5 kB each.
MOST_LINES: Final = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A service: its column in the arrays, its text for lists, its component per language."""

    column: int
    key: bytes
    name: bytes
    components: Mapping[str, Component]


class Lines(dict[int, bytes]):
    """One service's lines with the same open issues, by the mask of its past days; each is written
    when it is first asked for.
    """

    def __init__(self, store: LineStore, line: Line, here: Sequence[Mark]) -> None:
        super().__init__()
        self.column = line.column
        self._store = store
        self._line = line
        self._here = here

    def __missing__(self, past: int) -> bytes:
        self._store.make_room()
        written = self[past] = self._store.written(self._line, self._here, past)
        return written


class LineStore:
    """Lines of one day, kept while worlds come and go. Used on the event loop alone."""

    def __init__(self, today: date, lines: Mapping[int, Line]) -> None:
        self.today = today
        self._lines = lines
        self._day_texts = _day_texts(today)
        self._columns: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._kept: dict[tuple[int, tuple[Mark, ...]], Lines] = {}
        self._count = 0
        by_column = sorted(lines.values(), key=lambda line: line.column)
        self._calm = [self._lines_of(line, ()) for line in by_column]

    def of(self, open_here: Mapping[int, tuple[Mark, ...]]) -> list[Lines]:
        """The lines of all services by column, where these have open issues, newest first."""
        found = self._calm.copy()
        for service, here in open_here.items():
            line = self._lines[service]
            found[line.column] = self._lines_of(line, here)
        return found

    def columns_of(self, services: tuple[int, ...]) -> tuple[int, ...]:
        """The columns of some services in the arrays of days."""
        found = self._columns.get(services)
        if found is None:
            found = self._columns[services] = tuple([self._lines[each].column for each in services])
        return found

    def _lines_of(self, line: Line, here: tuple[Mark, ...]) -> Lines:
        key = (line.column, here)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_LINES:  # of issues that are long over, mostly
                self._kept = {(lines.column, ()): lines for lines in self._calm}
            found = self._kept[key] = Lines(self, line, here)
        return found

    def make_room(self) -> None:
        """Count one more line; throw all away when there are too many."""
        self._count += 1
        if self._count > MOST_LINES:
            for lines in self._kept.values():
                lines.clear()
            self._count = 1

    def written(self, line: Line, here: Sequence[Mark], past: int) -> bytes:
        """One line as JSON."""
        worst = self._worst(here, past)
        days = [self._day_texts[place][status] for place, status in enumerate(worst)]
        return b'{"key": %b, "name": %b, "status": %b, "open_issues": [%b], "days": [%b]}' % (
            *(line.key, line.name, _json(roll_up(each.status for each in here).value)),
            *(b", ".join([each.reference for each in here]), b", ".join(days)),
        )

    def _worst(self, here: Sequence[Mark], past: int) -> list[str]:
        worst = [CALM] * BAR_DAYS
        for shift, classification in ((0, "incident"), (32, "advisory")):
            mask = past >> shift
            for place in range(BAR_DAYS):
                if mask >> place & 1:
                    _worsen(worst, place, AS_BAR[classification])
        for issue in here:
            # Of an open issue its classification does not show.
            span = Span("incident", issue.status, issue.start, None)
            for place in touched(span, today=self.today, days=BAR_DAYS):
                _worsen(worst, place, issue.status)
        return worst


def _worsen(worst: list[str], place: int, status: str) -> None:
    if rank(status) > rank(worst[place]):
        worst[place] = status


def _day_texts(today: date) -> list[dict[str, bytes]]:
    """Every day of a bar with every status, as JSON."""
    first = today - timedelta(days=BAR_DAYS - 1)
    days = ((first + timedelta(days=place)).isoformat() for place in range(BAR_DAYS))
    return [
        {status.value: _json({"day": day, "status": status.value}) for status in Status}
        for day in days
    ]


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
