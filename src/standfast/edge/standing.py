"""Event streams without a task each: the hub writes to the connections themselves.

A stream is a transport, a ticket and nothing else. Publishing writes each client's frames at once;
a client that does not read is dropped when a little is waiting for it, and comes back with its
Last-Event-ID. Where another server than ours runs, `streams` serves the same as plain ASGI.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs

from standfast.edge.hub import EventHub
from standfast.edge.prepared.answer import Answer, Headers, Standing, header, lines
from standfast.edge.prepared.application import plain
from standfast.edge.streams import (
    HEADERS,
    HEARTBEAT_SECONDS,
    RENEW,
    RESET,
    frames_for,
    greeting,
    made_before,
)
from standfast.engine.streaming.event import Event
from standfast.engine.streaming.ticket import BadTicket, ExpiredTicket, Ticket, read_ticket

#: Bytes that may wait for a client in this process, and about as many in the kernel.
MOST_UNSENT: Final = 32_768
PATH: Final = b"/events"
STILL_HERE: Final = b": still here\n\n"
_TICK: Final = 0.5


class Stream:
    """One open stream."""

    __slots__ = ("closed", "ticket", "transport")

    def __init__(self, transport: asyncio.Transport, ticket: Ticket) -> None:
        self.transport = transport
        self.ticket = ticket
        self.closed = False

    def write(self, text: bytes) -> bool:
        """Send, unless too much waits already: then the client is dropped."""
        if self.transport.get_write_buffer_size() > MOST_UNSENT:
            self.transport.abort()
            return False
        self.transport.write(text)
        return True


class StandingStreams:
    """All open streams of a process. Everything happens on the event loop's thread."""

    def __init__(
        self,
        hub: EventHub,
        *,
        key: bytes,
        heartbeat: float = HEARTBEAT_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._hub = hub
        self._key = key
        self._heartbeat = heartbeat
        self._clock = clock
        self._streams: set[Stream] = set()
        self._beats: deque[tuple[float, Stream]] = deque()
        self._ticking = False
        self.dropped = 0
        hub.on_publish(self.tell)

    def __len__(self) -> int:
        return len(self._streams)

    def find(self, method: bytes, target: bytes, headers: Headers) -> Answer | None:
        """The beginning of a stream for the bearer of a ticket; None for any other request."""
        path, _, query = target.partition(b"?")
        if path != PATH or method != b"GET":
            return None
        text = parse_qs(query.decode("latin-1")).get("ticket", [""])[0]
        try:
            ticket = read_ticket(text, self._key, now=self._clock())
        except ExpiredTicket:
            return Answer(200, lines(HEADERS) + b"content-length: %d\r\n" % len(RENEW), RENEW)
        except BadTicket as bad:
            return plain(403, str(bad).encode())
        first = greeting(self._hub) + self._missed(ticket, header(headers, b"last-event-id"))
        return Standing(
            200, lines(HEADERS), first, begin=lambda transport: self._join(transport, ticket)
        )

    def tell(self, events: list[Event]) -> None:
        """Write events to all whom they concern."""
        for stream in list(self._streams):
            if (text := frames_for(stream.ticket, events)) and not stream.write(text):
                self.dropped += 1

    def _missed(self, ticket: Ticket, last_id: bytes) -> bytes:
        """What a client has not seen, or that it must fetch its page anew."""
        if not (last_id.isdigit() and len(last_id) < 19):
            return made_before(ticket, self._hub)
        place = self._hub.position_after(int(last_id))
        events = self._hub.since(place) if place is not None else None
        return RESET if events is None else frames_for(ticket, events)

    def _join(self, transport: asyncio.Transport, ticket: Ticket) -> Callable[[], None]:
        kernel = transport.get_extra_info("socket")
        if kernel is not None:
            with suppress(OSError):
                kernel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_UNSENT)
        stream = Stream(transport, ticket)
        self._streams.add(stream)
        loop = asyncio.get_running_loop()
        self._beats.append((loop.time() + self._heartbeat, stream))
        if not self._ticking:
            self._ticking = True
            loop.call_later(min(_TICK, self._heartbeat), self._tick, loop)
        return lambda: self._leave(stream)

    def _leave(self, stream: Stream) -> None:
        stream.closed = True
        self._streams.discard(stream)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        """Show each stream that it still lives, one heartbeat after the last; end expired ones."""
        now, clock = loop.time(), self._clock()
        while self._beats and self._beats[0][0] <= now:
            _, stream = self._beats.popleft()
            if stream.closed:
                continue
            if stream.ticket.expires <= clock:
                stream.transport.close()
            elif stream.write(STILL_HERE):
                self._beats.append((now + self._heartbeat, stream))
            else:
                self.dropped += 1
        self._ticking = bool(self._beats)
        if self._ticking:
            loop.call_later(min(_TICK, self._heartbeat), self._tick, loop)
