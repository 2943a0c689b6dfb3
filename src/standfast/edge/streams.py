"""Event streams as a raw ASGI application: `GET /events?ticket=…`, resumable by Last-Event-ID."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from standfast.edge.hub import EventHub
from standfast.engine.streaming.event import Event
from standfast.engine.streaming.ticket import BadTicket, ExpiredTicket, Ticket, read_ticket

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT_SECONDS = 20.0
RESET = b"event: reset\ndata: \n\n"
# All that an old page hears: fetch yourself anew, your ticket is over. It asks again if it cannot.
RENEW = b"retry: 10000\nevent: renew\ndata: \n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx must not collect events
]


class EventStreams:
    """Serves the hub's events to bearers of tickets."""

    def __init__(self, hub: EventHub, *, key: bytes, heartbeat: float = HEARTBEAT_SECONDS) -> None:
        self.hub = hub
        self._key = key
        self._heartbeat = heartbeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        try:
            ticket = read_ticket(query.get("ticket", [""])[0], self._key, now=time.time())
        except ExpiredTicket:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": RENEW})
            return
        except BadTicket as bad:
            await _refuse(send, 403, str(bad))
            return
        if scope["method"] != "GET":
            await _refuse(send, 405, "Use GET.")
            return
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await self._stream(ticket, _last_event_id(scope), receive, send)

    async def _stream(
        self, ticket: Ticket, last_id: int | None, receive: Receive, send: Send
    ) -> None:
        position = self.hub.position
        first = greeting(self.hub)
        if last_id is None:
            first += made_before(ticket, self.hub)
        else:
            seen = self.hub.position_after(last_id)
            first += b"" if seen is not None else RESET
            position = seen if seen is not None else position
        await _write(send, first)
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            while not gone.done() and time.time() < ticket.expires:
                waiting = self.hub.next_event()
                chunk, position = self._due(ticket, position)
                if chunk:
                    await _write(send, chunk)
                    continue
                done, _ = await asyncio.wait(
                    {gone, waiting},
                    timeout=self._heartbeat,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if not done:
                    await _write(send, b": still here\n\n")
        finally:
            gone.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _due(self, ticket: Ticket, position: int) -> tuple[bytes, int]:
        events = self.hub.since(position)
        if events is None:
            return RESET, self.hub.position
        return frames_for(ticket, events), position + len(events)


def frames_for(ticket: Ticket, events: list[Event]) -> bytes:
    """The text of those of the events that the bearer may see, in its language."""
    return b"".join(
        event.frames.get(ticket.language) or event.frames["en"]
        for event in events
        if event.is_for(ticket)
    )


def greeting(hub: EventHub) -> bytes:
    """How a stream begins: with an id, so that a client that hears nothing else can say it, too."""
    return b"retry: 2000\nid: %d\n: connected\n\n" % hub.newest


def made_before(ticket: Ticket, hub: EventHub) -> bytes:
    """That a page must be fetched anew whose first stream this is, if it may lack an event."""
    return RESET if any(event.is_for(ticket) for event in hub.of_late()) else b""


def _last_event_id(scope: Scope) -> int | None:
    for name, value in scope.get("headers", []):
        if name == b"last-event-id" and value.isdigit() and len(value) < 19:
            return int(value)
    return None


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _refuse(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
