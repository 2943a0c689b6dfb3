"""Feeding the hub: one thread looks for new outbox events and renders them for open pages."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import structlog
from django.db import close_old_connections

from standfast.apps.incidents.queries.stream import OVERLAP, events_beyond, newest_event_id
from standfast.edge.hub import EventHub
from standfast.engine.streaming.event import Event
from standfast.web.streams import as_event

LOOK_EVERY_SECONDS = 0.15
LOG = structlog.get_logger(__name__)


class Feeder:
    """Moves new events from the database to the hub while it runs."""

    def __init__(self, hub: EventHub) -> None:
        self._hub = hub
        # One thread, so one database connection, whatever the number of streams.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="events")
        self._seen: set[int] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, on the running event loop."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End, and wait until the thread has."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                self._hub.publish(await loop.run_in_executor(self._thread, self._look))
                await asyncio.sleep(LOOK_EVERY_SECONDS)
            except asyncio.CancelledError:
                raise
            except Exception:
                LOG.exception("events.look_failed")
                await asyncio.sleep(2)

    def _look(self) -> list[Event]:
        close_old_connections()
        if self._seen is None:
            newest = newest_event_id()
            self._seen = set(range(max(0, newest - OVERLAP), newest + 1))
            return []
        return [as_event(item) for item in events_beyond(self._seen)]
