"""The hub: events of the last minutes in one ring that all streams of a process read.

A stream keeps only its place in the ring, so a client that stalls costs nothing and holds up
nobody; one that falls further behind than the ring is told to fetch its page anew.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import takewhile

from standfast.engine.streaming.event import Event

RING = 1_000
#: What happens between the making of a page and the opening of its stream is in neither; so much
#: may lie between them, in seconds.
OPENING_SECONDS = 10.0


class EventHub:
    """Call `publish` and everything else on the event loop's thread."""

    def __init__(self, ring: int = RING, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ring: deque[Event] = deque(maxlen=ring)
        self._times: deque[float] = deque(maxlen=ring)
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
        self._times.extend([self._clock()] * len(events))
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

    @property
    def newest(self) -> int:
        """The id of the newest event; 0 before the first."""
        return self._ring[-1].id if self._ring else 0

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

    def of_late(self) -> Iterator[Event]:
        """Events that a page may have missed that opens its first stream now, newest first."""
        since = self._clock() - OPENING_SECONDS
        newest = zip(reversed(self._ring), reversed(self._times), strict=True)
        return (event for event, _ in takewhile(lambda each: each[1] > since, newest))
