"""Feeding the front: one thread looks for what happened and keeps board and open pages up to date,
another makes public pages anew, so that neither waits for the other.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import structlog
from django.db import close_old_connections, connections
from django.utils import timezone

from standfast.apps.incidents.queries.stream import OVERLAP, newest_event_id
from standfast.config.board.following import Follower, Look
from standfast.config.board.pages import PublicPages
from standfast.edge.board.board import Board
from standfast.edge.hub import EventHub
from standfast.engine.streaming.event import Event
from standfast.web.streams import as_event

LOOK_EVERY_SECONDS = 0.15
#: Pages say “5 minutes ago”, so they are made anew now and then, whether anything happened or not.
PAGES_EVERY_SECONDS = 20.0
LOG = structlog.get_logger(__name__)


class Feeder:
    """Moves what is new from the database to the hub, the board and the table of pages."""

    def __init__(self, hub: EventHub, board: Board, pages: PublicPages) -> None:
        self._hub = hub
        self._board = board
        self._pages = pages
        self._follower = Follower(board)
        # One thread each, so one database connection each, whatever the number of readers.
        self._looking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="events")
        self._making = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages")
        self._seen: set[int] | None = None
        self._stale = False
        self._made_at = 0.0
        self._wanted = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin, on the running event loop."""
        self._make_anew()
        self._pages.on_wish(self._wanted.set)
        self._tasks = [
            asyncio.create_task(self._again_and_again(self._follow)),
            asyncio.create_task(self._again_and_again(self._make_pages)),
        ]

    async def stop(self) -> None:
        """End, and wait until the threads have."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        loop = asyncio.get_running_loop()
        for thread in (self._looking, self._making):
            await loop.run_in_executor(thread, connections.close_all)
            thread.shutdown()

    async def _again_and_again(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            try:
                await step()
            except Exception:
                LOG.exception("events.look_failed")
                await asyncio.sleep(2)

    async def _follow(self) -> None:
        loop = asyncio.get_running_loop()
        used, self._board.used = self._board.used, set()
        began = time.monotonic()
        look, events = await loop.run_in_executor(self._looking, self._look, used)
        # What the board says is at least as new as what pages hear, so a page that asks again
        # because it heard something finds it.
        self._board.look(look.world, now=began)
        self._hub.publish(events)
        if look.news or look.renamed:
            self._make_anew()
        await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _make_pages(self) -> None:
        # Not asyncio.wait_for: on Python 3.11 it loses a cancellation that comes together with what
        # it waits for, and then nothing would ever end this task.
        with suppress(TimeoutError):
            async with asyncio.timeout(PAGES_EVERY_SECONDS):
                await self._wanted.wait()
        self._wanted.clear()
        loop = asyncio.get_running_loop()
        due = self._stale or loop.time() - self._made_at > PAGES_EVERY_SECONDS
        if due:
            self._stale, self._made_at = False, loop.time()
        await loop.run_in_executor(self._making, self._make, due)
        await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _look(self, used: set[int]) -> tuple[Look, list[Event]]:
        close_old_connections()
        if self._seen is None:
            newest = newest_event_id()
            seen = set(range(max(0, newest - OVERLAP), newest + 1))
            self._follower.begin()
            self._seen = seen
        now = timezone.now()
        look = self._follower.look(self._seen, now=now)
        self._follower.note_uses(used, now=now)
        return look, [as_event(item) for item in look.items]

    def _make_anew(self) -> None:
        self._stale = True
        self._wanted.set()

    def _make(self, everything: bool) -> None:
        close_old_connections()
        if everything:
            self._pages.prepare_documents()
            self._pages.prepare_pages()
        else:
            self._pages.prepare_wishes()
