from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from standfast.edge.hub import EventHub
from standfast.edge.streams import EventStreams
from standfast.engine.streaming.event import Event, frame
from standfast.engine.streaming.ticket import Ticket, write_ticket

KEY = b"k" * 32


def event(number: int, tenant: int) -> Event:
    frames = {"en": frame(number, "issue", "hello"), "zh-hant": frame(number, "issue", "你好")}
    return Event(number, frozenset({tenant}), provider=1, public=False, frames=frames)


def address(tenant: int, language: str = "en", lasts: float = 60) -> bytes:
    ticket = Ticket((tenant,), None, None, language, int(time.time() + lasts))
    return b"ticket=" + write_ticket(ticket, KEY).encode()


class Page:
    """An open page: collects what the stream sends until it leaves."""

    def __init__(self, streams: EventStreams, query: bytes, last_id: bytes | None = None) -> None:
        headers = [(b"last-event-id", last_id)] if last_id is not None else []
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/events",
            "query_string": query,
            "headers": headers,
        }
        self.status = 0
        self.text = ""
        self._left = asyncio.Event()
        self._news = asyncio.Event()
        self.task = asyncio.create_task(streams(self.scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()
        self._news.set()

    async def sees(self, text: str) -> None:
        async with asyncio.timeout(60):
            while text not in self.text:
                self._news.clear()
                await self._news.wait()

    async def leave(self) -> None:
        self._left.set()
        async with asyncio.timeout(60):
            await self.task


def run(story: Callable[[EventHub, EventStreams], Awaitable[None]], heartbeat: float = 20) -> None:
    hub = EventHub(ring=5)
    asyncio.run(_story(story, hub, EventStreams(hub, key=KEY, heartbeat=heartbeat)))


async def _story(story: Any, hub: EventHub, streams: EventStreams) -> None:
    await story(hub, streams)


def test_an_event_reaches_the_pages_of_its_tenants_in_their_language_and_nobody_else() -> None:
    async def story(hub: EventHub, streams: EventStreams) -> None:
        english, chinese = Page(streams, address(1)), Page(streams, address(1, "zh-hant"))
        outsider = Page(streams, address(2))
        for page in (english, chinese, outsider):
            await page.sees("connected")
        hub.publish([event(5, tenant=1)])
        await english.sees("data: hello")
        await chinese.sees("data: 你好")
        hub.publish([event(6, tenant=2)])
        await outsider.sees("id: 6")
        assert "id: 5" not in outsider.text
        for page in (english, chinese, outsider):
            await page.leave()

    run(story)


def test_a_page_resumes_by_its_last_event_and_is_reset_when_that_is_lost() -> None:
    async def story(hub: EventHub, streams: EventStreams) -> None:
        hub.publish([event(1, 1), event(2, 1)])
        resumed = Page(streams, address(1), last_id=b"1")
        await resumed.sees("id: 2\nevent: issue")
        assert "id: 1\n" not in resumed.text
        lost = Page(streams, address(1), last_id=b"77")
        await lost.sees("event: reset")
        hostile = Page(streams, address(1), last_id=b"9" * 500)
        await hostile.sees("event: reset")
        first = Page(streams, address(1))
        await first.sees("id: 2\n: connected\n\nevent: reset")
        other = Page(streams, address(3))
        await other.sees("connected")
        hub.publish([event(3, 3)])
        await other.sees("event: issue")
        assert "reset" not in other.text
        for page in (resumed, lost, hostile, first, other):
            await page.leave()

    run(story)


def test_a_quiet_stream_sends_a_heartbeat() -> None:
    async def story(hub: EventHub, streams: EventStreams) -> None:
        page = Page(streams, address(1))
        await page.sees("still here")
        await page.leave()

    run(story, heartbeat=0.02)


def test_a_bad_ticket_is_refused() -> None:
    async def story(hub: EventHub, streams: EventStreams) -> None:
        for query in (b"", b"ticket=forged.sig", address(1, lasts=-5)[:-1] + b"x"):
            page = Page(streams, query)
            async with asyncio.timeout(60):
                await page.task
            assert page.status == 403

    run(story)


def test_an_old_ticket_lets_its_page_fetch_itself_anew() -> None:
    async def story(hub: EventHub, streams: EventStreams) -> None:
        page = Page(streams, address(1, lasts=-5))
        async with asyncio.timeout(60):
            await page.task
        assert page.status == 200
        assert "event: renew" in page.text

    run(story)
