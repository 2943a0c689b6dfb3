"""Lines of services in tenants' dashboards: status, open issues and the bar of days."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from standfast.edge.board.bars import Bars
from standfast.edge.board.issues import Mark
from standfast.engine.health.status import roll_up
from standfast.engine.wire.statuspage.facts import Component

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
        self._open_days = store.bars.open_days(here)
        status = json.dumps(roll_up(each.status for each in here).value).encode()
        references = b", ".join([each.reference for each in here])
        self._opening = b'{"key": %b, "name": %b, "status": %b, "open_issues": [%b], "days": [' % (
            line.key,
            line.name,
            status,
            references,
        )

    def __missing__(self, past: int) -> bytes:
        self._store.make_room()
        days = self._store.bars.text(self._open_days, past)
        written = self[past] = self._opening + days + b"]}"
        return written


class LineStore:
    """Lines of one day, kept while worlds come and go. Used on the event loop alone."""

    def __init__(self, today: date, lines: Mapping[int, Line]) -> None:
        self.today = today
        self._lines = lines
        self.bars = Bars(today)
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
