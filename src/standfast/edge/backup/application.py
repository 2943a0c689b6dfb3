"""What is not in the table: health, sites below the root, folders without their slash."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from standfast.bundle.errors import BundleError
from standfast.edge.backup.following import Follower
from standfast.edge.backup.places import PLACE, Places
from standfast.edge.prepared.answer import Answer, lines
from standfast.edge.prepared.application import (
    PreparedApplication,
    Receive,
    Scope,
    Send,
    plain,
    send_answer,
    target_of,
)
from standfast.edge.prepared.table import Table

HEALTH: Final = "/healthz"
READERS: Final = 4
WAITING: Final = 64


class Behind:
    """Answers what the table does not hold."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._places = Places(follower)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="places")
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send_answer(await self._answer(scope), send)

    async def _answer(self, scope: Scope) -> Answer:
        path = target_of(scope).partition(b"?")[0].decode("latin-1")
        if scope["method"] not in {"GET", "HEAD"}:
            return plain(405, b"Use GET or HEAD.\n", (b"allow", b"GET, HEAD"))
        if path == HEALTH:
            return self._health(scope["method"])
        if PLACE.match(path):
            return await self._place(scope, path)
        site = self._follower.state.site
        if site is not None and site.has(f"{path}/"):
            return plain(308, b"", (b"location", f"{path}/".encode()))
        if site is None:
            return plain(503, b"There is no bundle to serve yet.\n", (b"retry-after", b"5"))
        return plain(404, b"There is nothing here. The first page is at /.\n")

    async def _place(self, scope: Scope, path: str) -> Answer:
        if self._waiting >= WAITING:
            return plain(503, b"Too many at once; try again.\n", (b"retry-after", b"2"))
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            found = await loop.run_in_executor(self._readers, self._places.find, path)
        except BundleError:
            return plain(
                503, b"These pages cannot be read at the moment.\n", (b"retry-after", b"5")
            )
        finally:
            self._waiting -= 1
        if found is None:
            return plain(404, b"There is nothing here.\n")
        return found.answer(scope["method"].encode(), scope["headers"])

    def _health(self, method: str) -> Answer:
        health = self._follower.health()
        status = 200 if self._follower.state.site else 503
        body = json.dumps(health, ensure_ascii=False).encode() + b"\n"
        head = lines(
            [
                (b"content-type", b"application/json; charset=utf-8"),
                (b"content-length", b"%d" % len(body)),
                (b"cache-control", b"no-store"),
                (b"access-control-allow-origin", b"*"),
            ]
        )
        return Answer(status, head, b"" if method == "HEAD" else body)


def make_application(follower: Follower, table: Table) -> PreparedApplication:
    """The whole application: the table first, then what is behind it."""
    return PreparedApplication(table, Behind(follower), find=follower.find)
