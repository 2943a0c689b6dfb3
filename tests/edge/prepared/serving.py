"""A real server on a loopback port, with the fast protocol or with uvicorn's own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from standfast.edge.prepared.application import PreparedApplication
from standfast.edge.prepared.content import prepare
from standfast.edge.prepared.protocol import PreparedProtocol, answering
from standfast.edge.prepared.table import Table
from standfast.edge.prepared.words import Words

SMALL = prepare(b"small\n", content_type="text/plain")
LARGE = prepare(b"0123456789abcdef" * 1280, content_type="application/json", cors=True)


def shelf() -> Table:
    return Table({"/small": SMALL, "/large": LARGE})


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """The application behind: says what it was asked, body included; `/slow` takes its time."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if scope["path"] == "/slow":
        await asyncio.sleep(0.05)
    text = f"{scope['method']} {scope['path']} ".encode() + body
    length = [(b"content-length", b"%d" % len(text))]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": text})


@dataclass
class Site:
    """A running server."""

    port: int
    state: ServerState
    kind: type[HttpToolsProtocol]
    table: Table
    taken: Callable[[], int]  # bytes that the server has read, on all connections

    async def say(self, *chunks: bytes, end: bool = True) -> bytes:
        """Send the chunks one by one and return all that comes back until the server closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        before = sent = self.taken()
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
            sent += len(chunk)
            # So that it arrives as a piece of its own, and nothing at a connection that is closed.
            if len(chunks) > 1 and not await self._takes(sent, before):
                break
        if end:
            writer.write(b"GET /small HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        async with asyncio.timeout(60):
            found = await reader.read()
        writer.close()
        return found

    async def _takes(self, sent: int, before: int) -> bool:
        """Wait until so many bytes were read, and tell whether the connection is still open."""
        async with asyncio.timeout(60):
            while self.taken() < sent and (self.taken() == before or self.state.connections):
                await asyncio.sleep(0.001)
        await asyncio.sleep(0.005)  # a quick application answers, and a connection closes
        return bool(self.state.connections)


@asynccontextmanager
async def site(
    *,
    fast: bool = True,
    keep_alive: float = 60,
    find: Any = None,
    table: Table | None = None,
    words: Words | None = None,
) -> AsyncIterator[Site]:
    table = table or shelf()
    plain: type[HttpToolsProtocol] = (
        answering(table, find, words=words) if fast else HttpToolsProtocol
    )
    taken = 0

    class Counting(plain):  # type: ignore[misc, valid-type]
        def data_received(self, data: bytes) -> None:
            nonlocal taken
            taken += len(data)
            super().data_received(data)

    kind: type[HttpToolsProtocol] = Counting
    app: Any = PreparedApplication(table, echo, find=find)
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none")
    config.load()
    config.timeout_keep_alive = keep_alive  # type: ignore[assignment]
    state = ServerState()
    state.default_headers = [(b"date", b"Thu, 26 Nov 2026 00:00:00 GMT")]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: kind(config=config, server_state=state, app_state={}, _loop=loop),
        sock=_listening(),
    )
    try:
        yield Site(server.sockets[0].getsockname()[1], state, kind, table, lambda: taken)
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


def _listening() -> socket.socket:
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    return found


def run(story: Callable[[], Awaitable[None]]) -> None:
    """On uvloop, as in service."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(story())  # type: ignore[arg-type]


__all__ = ["LARGE", "SMALL", "PreparedProtocol", "Site", "echo", "run", "shelf", "site"]
