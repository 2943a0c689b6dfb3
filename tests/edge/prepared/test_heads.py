"""Clients that begin a request and do not end its head: they cost little, and not for long."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

import pytest

from standfast.edge.prepared import heads
from standfast.edge.prepared.heads import HeadWatch
from tests.edge.prepared.serving import Site, run, site

BEGUN = b"GET /small HTTP/1.1\r\nhost: x\r\n"
CHUNKED = b"POST /x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (BEGUN + b"x: ", b"a" * 10_000),
        (BEGUN, b"x: aaaaaaaa\r\n" * 1_000),
        (b"GET /", b"a" * 10_000),
        (BEGUN + b"\r\n" + BEGUN + b"x: ", b"a" * 10_000),
        (CHUNKED + b"1\r\na\r\n0\r\nx: ", b"a" * 10_000),
        (CHUNKED + b"1;", b"a" * 10_000),
    ],
    ids=["value", "many", "address", "second request", "behind a body", "beside a piece"],
)
def test_a_head_without_an_end_is_refused_before_it_fills_the_memory(
    begun: bytes, more: bytes
) -> None:
    async def story() -> None:
        async with site() as here:
            reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
            writer.write(begun)
            sent = 0
            try:
                while sent < 4_000_000 and not reader.at_eof():
                    writer.write(more)
                    await writer.drain()
                    await asyncio.sleep(0)
                    sent += len(more)
            except ConnectionError:
                pass
            assert sent < 4_000_000
            assert not here.state.connections

    run(story)


def test_it_is_told_why() -> None:
    async def story() -> None:
        async with site() as here:
            found = await here.say(BEGUN + b"x: ", b"a" * heads.LONGEST_HEAD, end=False)
            assert found.startswith(b"HTTP/1.1 431 ")
            assert found.endswith(b"\r\n\r\nThe head is too long.\r\n")
            assert b"content-length: 23\r\n" in found

    run(story)


def test_a_long_head_that_ends_and_a_long_body_are_read() -> None:
    async def story() -> None:
        async with site() as here:
            long = BEGUN + b"x: " + b"a" * 50_000 + b"\r\n\r\n"
            assert (await here.say(*[long] * 3)).count(b"small\n") == 4
            body = b"b" * 1_000_000
            head = b"POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body)
            assert body in await here.say(head, body)
            pieces = b"".join(b"%x\r\n%b\r\n" % (len(body), body) for _ in range(2))
            assert body * 2 in await here.say(CHUNKED, pieces, b"0\r\n\r\n")

    run(story)


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"GE"],
        [BEGUN],
        [b"\r\n"] * 20,
        [BEGUN, *[b"x: y\r\n"] * 20],
        [BEGUN + b"\r\n", BEGUN],
        [BEGUN + b"\r\n", BEGUN + b"\r\n", BEGUN],
    ],
    ids=["nothing", "a word", "half", "line ends", "drop by drop", "second", "third"],
)
def test_a_connection_that_asks_nothing_is_closed(
    pieces: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.15)

    async def story() -> None:
        async with site(keep_alive=60) as here:
            began = time.monotonic()
            reader, writer = await asyncio.open_connection("127.0.0.1", here.port)

            async def talk() -> None:
                for piece in pieces:
                    writer.write(piece)
                    await asyncio.sleep(0.03)

            talking = asyncio.create_task(talk())
            async with asyncio.timeout(30):
                with suppress(ConnectionError):  # for what it says after the end
                    await reader.read()
            assert time.monotonic() - began > 0.1
            talking.cancel()
            writer.close()

    run(story)


def test_a_slow_answer_and_an_idle_connection_are_not_cut_by_it() -> None:
    """The time is up by hand: a short one would be up while a busy machine stands still."""

    def head_of(here: Site) -> HeadWatch:
        connection: Any = next(iter(here.state.connections))
        watch: HeadWatch = connection._head
        return watch

    async def story() -> None:
        async with site() as here:
            slow = b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n"
            reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
            writer.write(slow + BEGUN)
            async with asyncio.timeout(60):
                while not here.state.tasks:
                    await asyncio.sleep(0.001)
            head_of(here)._end()  # its time ends before the answer to the first has begun
            assert (await reader.readuntil(b"GET /slow ")).startswith(b"HTTP/1.1 200 ")
            writer.close()
            async with asyncio.timeout(60):
                while here.state.connections:
                    await asyncio.sleep(0.001)
            await here.say(BEGUN + b"\r\n", BEGUN + b"\r\n")
            assert BEGUN + b"\r\n" in here.table.shelf.whole
            reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
            for _ in range(2):  # both by their bytes, which were seen before
                writer.write(BEGUN + b"\r\n")
                await reader.readuntil(b"small\n")
                assert head_of(here)._timer is None, "nothing ends it"
            writer.close()

    run(story)
