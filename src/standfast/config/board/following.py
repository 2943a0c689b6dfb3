"""Following the database: one look says what happened, and keeps the board up to date."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from standfast.apps.catalog.queries.used import names_mark
from standfast.apps.incidents.queries.board import current_board
from standfast.apps.incidents.queries.stream import News, StreamItem, rows_beyond, stream_items
from standfast.apps.messagecenter.queries.stream import MaintenanceItem, maintenance_items
from standfast.apps.tenancy.services.tokens import note_use
from standfast.config.board.callers import Callers
from standfast.config.board.reading import Reader
from standfast.edge.board.board import Board
from standfast.edge.board.world import World

#: Renamed services have no event; so often (seconds) their names are compared.
NAMES_EVERY = 0.5
#: A token's use is noted at most so often (seconds).
NOTE_EVERY = 60.0
NOTE_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found: news, what open pages should hear, a world when it is another now."""

    news: list[News]
    items: list[StreamItem | MaintenanceItem]
    world: World | None
    renamed: bool = False


class Follower:
    """Reads in one thread; the board is told on its own by whoever calls `look`."""

    def __init__(self, board: Board, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._board = board
        self._clock = clock
        self._reader = Reader(board.marks)
        self._callers = Callers(board.tokens)
        self._names: object = None
        self._named = float("-inf")
        self._seats: object = None
        self._today: object = None
        self._noted: dict[int, float] = {}
        self._to_note: dict[int, None] = {}

    def begin(self) -> None:
        """Read all that there is; call it after the outbox has been looked at first."""
        self._callers.read_all()
        self._reader.read_works()

    def look(self, seen: set[int], *, now: datetime) -> Look:
        """What happened since, and the world after it."""
        news = rows_beyond(seen)
        changed = self._callers.follow(news)
        renamed = self._follow_names()
        if any(each.kind.startswith("maintenance.") for each in news):
            self._reader.read_works()
            changed = True
        issues = current_board(now)
        if news:
            issues.refresh(now, at_once=True)
        if renamed:
            issues.read_names()
        seats = issues.seats()
        world = None
        if changed or renamed or seats is not self._seats or self._today != now.date():
            world = self._reader.world(seats, self._callers.tenants, now=now)
            self._seats, self._today = seats, now.date()
        items: list[StreamItem | MaintenanceItem] = [
            *stream_items(news),
            *maintenance_items(news),
        ]
        items.sort(key=lambda item: item.event_id)
        return Look(news, items, world, renamed)

    def note_uses(self, tokens: set[int], *, now: datetime) -> None:
        """Note which tokens asked, each at most once a minute, a few at a time: in a storm there
        are many, and looking must not wait for it.
        """
        at = self._clock()
        due = (token for token in tokens if at - self._noted.get(token, -NOTE_EVERY) >= NOTE_EVERY)
        self._to_note.update(dict.fromkeys(due))
        part = list(islice(self._to_note, NOTE_AT_ONCE))
        if part:
            note_use(token_ids=part, now=now)
            self._noted.update(dict.fromkeys(part, at))
            for token in part:
                del self._to_note[token]

    def _follow_names(self) -> bool:
        at = self._clock()
        if at - self._named < NAMES_EVERY:
            return False
        self._named = at
        names = names_mark()
        if names == self._names:
            return False
        self._names = names
        self._reader.read_services()
        self._reader.read_works()
        self._callers.read_services()
        return True
