"""Open event streams: publish to the last client, memory a client, clients that do not read.

The server is one process: uvicorn with our protocol, which hands connections to the hub. The same
streams as plain ASGI beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.system import served
from standfast.cli.listening import free_port

KEY = b"bench" * 8
EVENT_BYTES = 1_500
TARGET_MS, TARGET_KB = 250, 15
STALLED = 50


def serve(port: int, kind: str) -> None:
    """The server: `GET /publish` publishes one event to everybody."""
    import uvicorn

    from standfast.edge.hub import EventHub
    from standfast.edge.prepared.answer import Answer, Headers
    from standfast.edge.prepared.application import PreparedApplication, plain
    from standfast.edge.prepared.protocol import answering
    from standfast.edge.prepared.table import Table
    from standfast.edge.standing import StandingStreams
    from standfast.edge.streams import EventStreams
    from standfast.engine.streaming.event import Event, frame

    _allow_many_files()
    hub, table, count = EventHub(), Table(), 0
    standing = StandingStreams(hub, key=KEY)
    streams = EventStreams(hub, key=KEY)

    def find(method: bytes, target: bytes, headers: Headers) -> Answer | None:
        nonlocal count
        if target == b"/publish":
            count += 1
            frames = {"en": frame(count, "issue", "x" * EVENT_BYTES)}
            hub.publish([Event(count, frozenset({1}), provider=1, public=False, frames=frames)])
            return plain(200, b"published\n")
        return standing.find(method, target, headers) if kind == "protocol" else None

    async def behind(scope, receive, send):  # type: ignore[no-untyped-def]
        await streams(scope, receive, send)

    uvicorn.run(
        PreparedApplication(table, behind, find=find),
        http=answering(table, find),
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        backlog=8_192,
        timeout_graceful_shutdown=1,
    )


def _allow_many_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65_536, most), most))


class Client(asyncio.Protocol):
    """Counts events, and remembers when the last byte of the newest came."""

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.opened = False
        self.events = 0
        self.at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.opened = self.opened or b": connected" in data
        self.events += data.count(b"event: issue")
        self.at = time.monotonic()


async def measure(port: int, pid: int, clients: int, rounds: int) -> dict[str, float]:
    """Open all streams, publish some events, then again beside stalled clients."""
    from standfast.engine.streaming.ticket import Ticket, write_ticket

    ticket = write_ticket(Ticket((1,), None, None, "en", int(time.time()) + 3_600), KEY)
    request = f"GET /events?ticket={ticket} HTTP/1.1\r\nhost: x\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    before = _resident_kb(pid)
    began = time.monotonic()
    found: list[Client] = []
    for start in range(0, clients, 200):
        batch = [
            loop.create_connection(lambda: Client(request), "127.0.0.1", port)
            for _ in range(min(200, clients - start))
        ]
        for _, client in await asyncio.gather(*batch):
            found.append(client)
    while not all(client.opened for client in found):
        await asyncio.sleep(0.01)
    connected = time.monotonic() - began
    kilobytes = (_resident_kb(pid) - before) / clients
    last = [await _publish(port, found, number) for number in range(1, rounds + 1)]
    with _stalled(port, request):
        after = _resident_kb(pid)
        beside = [
            await _publish(port, found, number) for number in range(rounds + 1, 2 * rounds + 61)
        ]
        growth = _resident_kb(pid) - after
    return {
        "connected": connected,
        "kilobytes": kilobytes,
        "median": median(last) * 1_000,
        "worst": max(last) * 1_000,
        "beside": median(beside) * 1_000,
        "beside_worst": max(beside) * 1_000,
        "growth": growth / STALLED,
    }


async def _publish(port: int, found: list[Client], number: int) -> float:
    """Seconds from asking to publish until the last client has the event."""
    began = time.monotonic()
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /publish HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    while any(client.events < number for client in found):
        await asyncio.sleep(0.001)
    writer.close()
    return max(client.at for client in found) - began


@contextmanager
def _stalled(port: int, request: bytes) -> Iterator[None]:
    """Clients that open a stream and never read it."""
    clients = []
    for _ in range(STALLED):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.connect(("127.0.0.1", port))
        client.sendall(request)
        clients.append(client)
    try:
        yield
    finally:
        for client in clients:
            client.close()


def _resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise RuntimeError("no memory figure in /proc")


def main() -> int:
    """Print the table; exit code 1 when a target is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clients", type=int, default=5_000)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--serve", nargs=2)
    chosen = options.parse_args()
    if chosen.serve:
        serve(int(chosen.serve[0]), chosen.serve[1])
        return 0
    import uvloop

    _allow_many_files()
    rows = {}
    for kind in ("protocol", "asgi"):
        port = free_port()
        with served(["bench.streams", "--serve", str(port), kind], port) as process:
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(process.pid, {0})
            rows[kind] = uvloop.run(measure(port, process.pid, chosen.clients, chosen.rounds))
    print(f"{chosen.clients:,} open streams, events of {EVENT_BYTES:,} bytes.\n")
    print(
        "| server | connect all s | kB a client | last client ms (worst)"
        f" | beside {STALLED} stalled ms (worst) | growth kB a stalled client |"
    )
    print("|---|--:|--:|--:|--:|--:|")
    for kind, row in rows.items():
        print(
            f"| {kind} | {row['connected']:.1f} | {row['kilobytes']:.1f}"
            f" | {row['median']:.0f} ({row['worst']:.0f})"
            f" | {row['beside']:.0f} ({row['beside_worst']:.0f}) | {row['growth']:.0f} |"
        )
    ours = rows["protocol"]
    print(f"\nTargets for the protocol: {TARGET_MS} ms, {TARGET_KB} kB.")
    return int(ours["median"] > TARGET_MS or ours["kilobytes"] > TARGET_KB)


if __name__ == "__main__":
    sys.exit(main())
