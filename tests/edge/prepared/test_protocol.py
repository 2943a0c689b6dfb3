from __future__ import annotations

import asyncio
import hashlib
import inspect
import socket
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http import flow_control, httptools_impl

from standfast.edge.prepared import protocol
from standfast.edge.prepared.answer import Answer, lines
from standfast.edge.prepared.content import prepare
from tests.edge.prepared.serving import LARGE, Site, run, site

LEANT_ON = (
    "ea814cf42e50628d"  # what test_uvicorn_is_the_one_that_the_protocol_was_written_for expects
)


def get(path: str, *more: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "host: x", *more, "", ""]).encode()


BODY = LARGE.forms[b"identity"].full.body
TAG = LARGE.forms[b"identity"].tag.decode()
BR_TAG = LARGE.forms[b"br"].tag.decode()
STORIES: dict[str, list[bytes]] = {
    "one": [get("/small")],
    "large": [get("/large")],
    "brotli": [get("/large", "accept-encoding: gzip, br")],
    "gzip": [get("/large", "Accept-Encoding: gzip")],
    "query": [get("/small?a=b")],
    "known": [get("/large", f"if-none-match: {TAG}")],
    "known in Brotli": [get("/large", "accept-encoding: br", f"if-none-match: {BR_TAG}")],
    "head": [get("/large", method="HEAD")],
    "again": [get("/large"), get("/large"), get("/large")],
    "pipelined": [get("/small") + get("/large") + get("/small", method="HEAD")],
    "pipelined with the application": [get("/small") + get("/slow") + get("/large") + get("/x")],
    "application first": [get("/slow") + get("/small") + get("/large")],
    "in pieces": [get("/large")[:1], get("/large")[1:9], get("/large")[9:]],
    "piece at the end": [get("/small") + b"GE", b"T /large HTTP/1.1\r\nhost: x\r\n\r\n"],
    "line end between": [get("/small") + b"\r\n", get("/small") + b"\r\n"],
    "body": [get("/small", "content-length: 3") + b"abc"],
    "body in pieces": [get("/small", "content-length: 3"), b"a", b"bc"],
    "chunked body": [get("/x", "transfer-encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n"],
    "post": [get("/small", "content-length: 1", method="POST") + b"a"],
    "options": [get("/large", method="OPTIONS"), get("/small", method="OPTIONS")],
    "unknown": [get("/nothing")],
    "expectation": [get("/small", "expect: 100-continue")],
    "upgrade": [get("/small", "connection: upgrade", "upgrade: h2c")],
    "percent": [get("/sm%61ll")],
    "whole address": [get("http://x/small")],
}
CLOSING: dict[str, list[bytes]] = {
    "close": [get("/small", "connection: close")],
    "HTTP 1.0": [get("/large", version="1.0")],
    "close, then more": [get("/small", "connection: close") + get("/large")],
    "malformed": [b"GET /small\r\n\r\n"],
    "no HTTP": [b"\x16\x03\x01\x02\x00\x01\x00"],
    "two lengths": [get("/small", "content-length: 1", "content-length: 2") + b"ab"],
}


@pytest.mark.parametrize("story", [*STORIES, *CLOSING])
def test_the_fast_protocol_answers_with_the_very_bytes_of_the_plain_one(story: str) -> None:
    async def both() -> None:
        chunks = STORIES.get(story) or CLOSING[story]
        # What is asked after an upgrade is read by nobody: that ends because it is idle.
        end, keep = story in STORIES, 0.3 if story == "upgrade" else 60
        async with site(keep_alive=keep) as fast, site(fast=False, keep_alive=keep) as plain:
            found = await fast.say(*chunks, end=end)
            assert found == await plain.say(*chunks, end=end)
            assert found.startswith(b"HTTP/1.1 ")

    run(both)


def test_what_came_before_nonsense_is_still_answered() -> None:
    async def story() -> None:
        async with site() as here:
            found = await here.say(get("/small") + b"NONSENSE\r\n\r\n", end=False)
            assert found.index(b"small\n") < found.index(b"HTTP/1.1 400")

    run(story)


def test_answers_come_from_the_protocol_and_not_from_the_application() -> None:
    async def story() -> None:
        async with site() as here:
            await here.say(get("/small") + get("/large"), get("/large", method="HEAD"))
            assert here.state.total_requests == 4
            assert not here.state.tasks

    run(story)


def test_the_same_request_is_answered_by_its_bytes_until_something_changes() -> None:
    async def story() -> None:
        async with site() as here:
            await here.say(get("/large"), get("/large"))
            assert get("/large") in here.table.shelf.whole
            here.table.change({"/large": prepare(b"news\n", content_type="text/plain")})
            assert b"news" in await here.say(get("/large"), get("/large"))

    run(story)


def test_a_change_on_an_open_connection_is_seen_by_the_next_request() -> None:
    async def story() -> None:
        async with site() as here:
            reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
            for text in (b"one", b"two", b"six"):
                here.table.change({"/now": prepare(text, content_type="text/plain")})
                writer.write(get("/now"))
                assert (await reader.readuntil(text)).endswith(b"\r\n\r\n" + text)
            writer.close()

    run(story)


def test_what_somebody_finds_is_asked_each_time() -> None:
    asked: list[bytes] = []

    def find(method: bytes, target: bytes, headers: object) -> Answer | None:
        asked.append(target)
        body = b"asked %d\n" % len(asked)
        head = lines([(b"content-length", b"%d" % len(body))])
        return Answer(200, head, body) if target == b"/mine" else None

    async def story() -> None:
        async with site(find=find) as here:
            found = await here.say(get("/mine"), get("/mine"))
            assert b"asked 1\n" in found
            assert b"asked 2\n" in found

    run(story)


def _slow_reader(port: int) -> socket.socket:
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect(("127.0.0.1", port))
    slow.setblocking(False)
    return slow


async def _unsent(here: Site) -> int:
    """The most that the server holds for a client, after it has taken in all it wants to."""
    most, steady = 0, 0
    while steady < 20:
        await asyncio.sleep(0.002)
        sizes = [each.transport.get_write_buffer_size() for each in here.state.connections]
        held = max(sizes, default=0)
        most, steady = max(most, held), steady + 1 if sizes and held <= most else 0
    return most


@pytest.mark.parametrize("at_once", [True, False])
def test_a_client_that_asks_and_does_not_read_costs_little_and_then_gets_everything(
    at_once: bool,
) -> None:
    async def story() -> None:
        count, loop = 400, asyncio.get_running_loop()
        async with site() as here:
            slow = _slow_reader(here.port)
            one = get("/large")
            pieces = [one * count] if at_once else [one] * count

            async def ask() -> None:
                for piece in pieces:
                    await loop.sock_sendall(slow, piece)
                    await asyncio.sleep(0)

            asking = asyncio.create_task(ask())
            assert await _unsent(here) < 1_000_000  # of the 8 MB that were asked for
            others = await here.say(get("/small"))
            assert others.count(b"small") == 2
            answer = (await here.say(one)).partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + BODY
            found = bytearray()
            async with asyncio.timeout(60):
                while len(found) < count * len(answer):
                    found += await loop.sock_recv(slow, 262_144)
                await asking
            assert found == answer * count
            slow.close()

    run(story)


def test_a_client_that_never_reads_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "STALLED_SECONDS", 0.05)

    async def story() -> None:
        async with site() as here:
            slow = _slow_reader(here.port)
            await asyncio.get_running_loop().sock_sendall(slow, get("/large") * 300)
            async with asyncio.timeout(60):
                while not here.state.connections:
                    await asyncio.sleep(0.005)
                while here.state.connections:
                    await asyncio.sleep(0.005)
            slow.close()

    run(story)


def test_an_idle_connection_is_closed_and_a_busy_one_is_kept() -> None:
    async def story() -> None:
        async with site() as here:
            reader, writer = await asyncio.open_connection("127.0.0.1", here.port)

            async def ask() -> Any:
                writer.write(get("/small"))
                await reader.readuntil(b"small\n")
                return next(iter(here.state.connections))

            # The time is up by hand: a clock would run out while a busy machine stands still.
            connection = await ask()
            for seconds in (60, 60, 0.05):
                await ask()
                connection.timeout_keep_alive_task.cancel()
                connection.timeout_keep_alive = seconds
                connection.timeout_keep_alive_handler()
                assert not connection.transport.is_closing()
            async with asyncio.timeout(60):
                assert await reader.read() == b""
            writer.close()

    run(story)


def test_a_stopping_server_finishes_its_answers_and_closes_idle_connections() -> None:
    async def story() -> None:
        async with site() as here:
            reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
            writer.write(get("/large"))
            await reader.readuntil(b"cdef")
            busy_reader, busy = await asyncio.open_connection("127.0.0.1", here.port)
            busy.write(get("/slow"))
            async with asyncio.timeout(60):
                while not here.state.tasks:
                    await asyncio.sleep(0.001)
            for connection in list(here.state.connections):
                connection.shutdown()
            async with asyncio.timeout(60):
                rest, answer = await reader.read(), await busy_reader.read()
            assert len(rest) == len(BODY) - 16
            assert answer.endswith(b"GET /slow ")
            writer.close()
            busy.close()

    run(story)


def test_uvicorn_is_the_one_that_the_protocol_was_written_for() -> None:
    text = inspect.getsource(httptools_impl) + inspect.getsource(flow_control)
    digest = hashlib.sha256(text.encode()).hexdigest()[: len(LEANT_ON)]
    assert digest == LEANT_ON, (
        f"uvicorn {uvicorn.__version__} has another HTTP protocol than the one that"
        " standfast.edge.prepared.protocol was written for. Read its httptools_impl.py and"
        f" flow_control.py against our subclass, then write {digest} here."
    )
