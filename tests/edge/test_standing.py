"""Streams written by the hub itself, over real connections."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from standfast.edge.hub import EventHub
from standfast.edge.standing import MOST_UNSENT, StandingStreams
from standfast.engine.streaming.event import Event, frame
from standfast.engine.streaming.ticket import Ticket, write_ticket
from tests.edge.prepared.serving import Site, run, site

KEY = b"k" * 32


def event(number: int, tenant: int = 1, size: int = 5) -> Event:
    frames = {
        "en": frame(number, "issue", "h" * size),
        "zh-hant": frame(number, "issue", "你好"),
    }
    return Event(number, frozenset({tenant}), provider=1, public=False, frames=frames)


def address(tenant: int = 1, language: str = "en", expires: int | None = None) -> str:
    ticket = Ticket((tenant,), None, None, language, expires or int(time.time()) + 60)
    return f"/events?ticket={write_ticket(ticket, KEY)}"


class Page:
    """An open page."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.text = ""

    async def sees(self, text: str) -> None:
        async with asyncio.timeout(60):
            while text not in self.text:
                found = await self._reader.read(65_536)
                assert found, f"the stream ended: {self.text}"
                self.text += found.decode()

    async def ends(self) -> None:
        async with asyncio.timeout(60):
            while found := await self._reader.read(65_536):
                self.text += found.decode()

    async def leave(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


class Streams:
    """A server of streams, and pages that open them."""

    def __init__(self, hub: EventHub, streams: StandingStreams, here: Site) -> None:
        self.hub, self.streams, self.here = hub, streams, here
        self._pages: list[Page] = []

    async def page(self, target: str, last_id: str = "") -> Page:
        page = Page(*await asyncio.open_connection("127.0.0.1", self.here.port))
        more = f"last-event-id: {last_id}\r\n" if last_id else ""
        page._writer.write(f"GET {target} HTTP/1.1\r\nhost: x\r\n{more}\r\n".encode())
        self._pages.append(page)
        return page

    async def opened(self, target: str, last_id: str = "") -> Page:
        page = await self.page(target, last_id)
        await page.sees(": connected")
        return page

    async def gone(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len(self.streams) != count:
                await asyncio.sleep(0.005)

    async def close(self) -> None:
        for page in self._pages:
            page._writer.close()


@asynccontextmanager
async def serving(
    heartbeat: float = 20, clock: Callable[[], float] = time.time
) -> AsyncIterator[Streams]:
    hub = EventHub(ring=5)
    streams = StandingStreams(hub, key=KEY, heartbeat=heartbeat, clock=clock)
    async with site(find=streams.find) as here:
        found = Streams(hub, streams, here)
        try:
            yield found
        finally:
            await found.close()


def tell(story: Callable[[Streams], Awaitable[None]], **options: object) -> None:
    async def told() -> None:
        async with serving(**options) as streams:  # type: ignore[arg-type]
            await story(streams)

    run(told)


def test_events_reach_their_pages_in_their_language_and_nobody_else() -> None:
    async def story(all_of: Streams) -> None:
        english, chinese = (
            await all_of.opened(address()),
            await all_of.opened(address(1, "zh-hant")),
        )
        outsider = await all_of.opened(address(2))
        all_of.hub.publish([event(5)])
        await english.sees("data: hhhhh")
        await chinese.sees("data: 你好")
        all_of.hub.publish([event(6, tenant=2)])
        await outsider.sees("id: 6")
        assert "id: 5" not in outsider.text
        assert "connection: close" in english.text
        assert "text/event-stream" in english.text

    tell(story)


def test_a_page_resumes_by_its_last_event_and_is_reset_when_that_is_lost() -> None:
    async def story(all_of: Streams) -> None:
        all_of.hub.publish([event(1), event(2)])
        resumed = await all_of.opened(address(), last_id="1")
        await resumed.sees("id: 2\nevent: issue")
        assert "id: 1\n" not in resumed.text
        await (await all_of.opened(address(), last_id="77")).sees("event: reset")
        await (await all_of.opened(address(), last_id="9" * 500)).sees("event: reset")

    tell(story)


def test_a_page_that_may_lack_what_happened_while_it_opened_fetches_itself_anew() -> None:
    async def story(all_of: Streams) -> None:
        early = await all_of.opened(address())
        await early.sees("id: 0\n: connected")
        all_of.hub.publish([event(1), event(2, tenant=2)])
        late = await all_of.opened(address())
        await late.sees("id: 2\n: connected\n\nevent: reset")
        other = await all_of.opened(address(tenant=3))
        all_of.hub.publish([event(3, tenant=3)])
        await other.sees("event: issue")
        assert "reset" not in other.text + early.text

    tell(story)


def test_a_page_whose_ticket_is_over_fetches_itself_anew() -> None:
    async def story(all_of: Streams) -> None:
        page = await all_of.page(address(expires=5))
        await page.sees("event: renew")
        assert page.text.startswith("HTTP/1.1 200")
        assert "retry: 10000" in page.text
        assert len(all_of.streams) == 0

    tell(story)


def test_a_client_that_leaves_is_forgotten() -> None:
    async def story(all_of: Streams) -> None:
        page = await all_of.opened(address())
        await all_of.opened(address())
        assert len(all_of.streams) == 2
        await page.leave()
        await all_of.gone(1)
        all_of.hub.publish([event(1)])

    tell(story)


def test_a_client_that_does_not_read_is_dropped_and_holds_up_nobody() -> None:
    async def story(all_of: Streams) -> None:
        stalled = socket.socket()
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.connect(("127.0.0.1", all_of.here.port))
        stalled.sendall(f"GET {address()} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        reading = await all_of.opened(address())
        await all_of.gone(2)
        most = 0
        for number in range(1, 400):
            all_of.hub.publish([event(number, size=4_000)])
            held = [
                each.transport.get_write_buffer_size() for each in all_of.here.state.connections
            ]
            most = max(most, *held)
            await reading.sees(f"id: {number}\n")
            reading.text = ""
            if all_of.streams.dropped:
                break
        assert all_of.streams.dropped == 1
        assert most < 2 * MOST_UNSENT
        assert number * 4_000 < 1_000_000  # what the kernel took for it is little, too
        await all_of.gone(1)
        stalled.close()

    tell(story)


def test_a_quiet_stream_shows_that_it_lives_and_ends_with_its_ticket() -> None:
    now = [1_000.0]

    async def story(all_of: Streams) -> None:
        page = await all_of.opened(address(expires=1_100))
        await page.sees("still here")
        now[0] = 1_100
        await page.ends()
        await all_of.gone(0)

    tell(story, heartbeat=0.02, clock=lambda: now[0])


def test_a_bad_ticket_is_refused_and_what_follows_on_a_stream_is_ignored() -> None:
    async def story(all_of: Streams) -> None:
        for bad in ("/events", "/events?ticket=forged.sig", address(expires=5)[:-1] + "x"):
            page = await all_of.page(bad)
            await page.sees("HTTP/1.1 403")
        page = await all_of.opened(address())
        page._writer.write(b"GET /small HTTP/1.1\r\nhost: x\r\n\r\n")
        all_of.hub.publish([event(1)])
        await page.sees("id: 1")
        assert "small" not in page.text

    tell(story)


def test_other_requests_than_get_are_the_application_s_affair() -> None:
    streams = StandingStreams(EventHub(), key=KEY)
    assert streams.find(b"HEAD", address().encode(), []) is None
    assert streams.find(b"GET", b"/eventsx", []) is None


def test_a_stopping_server_ends_its_streams() -> None:
    async def story(all_of: Streams) -> None:
        page = await all_of.opened(address())
        for connection in list(all_of.here.state.connections):
            connection.shutdown()
        await page.ends()
        await all_of.gone(0)

    tell(story)


def test_an_open_stream_keeps_little() -> None:
    async def story(all_of: Streams) -> None:
        await all_of.opened(address())
        connection: Any = next(iter(all_of.here.state.connections))
        assert connection.parser is None
        assert not connection.headers
        assert connection.cycle is None

    tell(story)
