"""The hub: events of the last minutes in one ring that all streams of a process read.

A stream keeps only its place in the ring, so a client that stalls costs nothing and holds up
nobody; one that falls further behind than the ring is told to fetch its page anew.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from standfast.engine.streaming.event import Event

RING = 1_000


class EventHub:
    """Call `publish` and everything else on the event loop's thread."""

    def __init__(self, ring: int = RING) -> None:
        self._ring: deque[Event] = deque(maxlen=ring)
        self._published = 0
        self._next: asyncio.Future[None] | None = None
        self._tell: list[Callable[[list[Event]], None]] = []

    def on_publish(self, tell: Callable[[list[Event]], None]) -> None:
        """Call this with all that is published from now on."""
        self._tell.append(tell)

    def publish(self, events: list[Event]) -> None:
        """Add events and wake every stream."""
        if not events:
            return
        self._ring.extend(events)
        self._published += len(events)
        if self._next is not None and not self._next.done():
            self._next.set_result(None)
        self._next = None
        for tell in self._tell:
            tell(events)

    def next_event(self) -> asyncio.Future[None]:
        """Done when something was published after this call; shared, so never cancel it."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        return self._next

    @property
    def position(self) -> int:
        """The place behind the newest event."""
        return self._published

    def position_after(self, event_id: int) -> int | None:
        """The place behind an event that a client saw last; None when the ring has lost it."""
        for back, event in enumerate(reversed(self._ring)):
            if event.id == event_id:
                return self._published - back
        return None

    def since(self, position: int) -> list[Event] | None:
        """Events from a place on, oldest first; None when the ring has lost some of them."""
        count = self._published - position
        if count > len(self._ring):
            return None
        return list(self._ring)[len(self._ring) - count :] if count else []
