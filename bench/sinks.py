"""Receivers on loopback that only count: a webhook sink and a mail sink, in a process of its own.

They speak just enough HTTP and SMTP, so that what is measured is the sender. Each keeps the
idempotency keys that it saw: `python -m bench.sinks PORT PORT` prints, when its input ends, how
many arrived and how many of them were repeats.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import Counter

import uvloop

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_HOOK_KEY = re.compile(rb"webhook-id: *([^\r]+)", re.IGNORECASE)
_MAIL_KEY = re.compile(rb"Message-ID: *([^\r]+)", re.IGNORECASE)
_OK = b"HTTP/1.1 204 No Content\r\n\r\n"
seen: dict[str, Counter[bytes]] = {"webhook": Counter(), "email": Counter()}


class Hooks(asyncio.Protocol):
    """Answers 204 to every POST."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            length = int(found[1]) if (found := _LENGTH.search(head)) else 0
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            key = _HOOK_KEY.search(head)
            seen["webhook"][key[1] if key else b""] += 1
            self.transport.write(_OK)


class Mails(asyncio.Protocol):
    """Takes every mail; knows PIPELINING."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.buffer, self.reading = b"", False
        self.transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            end = b"\r\n.\r\n" if self.reading else b"\r\n"
            piece, found, rest = self.buffer.partition(end)
            if not found:
                return
            self.buffer = rest
            if self.reading:
                self.reading = False
                key = _MAIL_KEY.search(piece)
                seen["email"][key[1] if key else b""] += 1
                self.transport.write(b"250 2.0.0 taken\r\n")
            else:
                self._command(piece.upper())

    def _command(self, line: bytes) -> None:
        if line.startswith(b"EHLO"):
            self.transport.write(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
        elif line == b"DATA":
            self.reading = True
            self.transport.write(b"354 go on\r\n")
        elif line == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 2.1.0 fine\r\n")


async def serve(hooks: int, mails: int) -> None:
    """Serve until the input ends, then print what came."""
    loop = asyncio.get_running_loop()
    await loop.create_server(Hooks, "127.0.0.1", hooks)
    await loop.create_server(Mails, "127.0.0.1", mails)
    print("ready", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if line.strip() == "count":
            print(json.dumps(counts()), flush=True)


def counts() -> dict[str, dict[str, int]]:
    """How many arrived, and how many different ones."""
    return {kind: {"arrived": keys.total(), "different": len(keys)} for kind, keys in seen.items()}


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2])))
