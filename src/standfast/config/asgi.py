"""The front: event streams as raw ASGI, everything else by Django's WSGI in a thread pool.

Django's asynchronous form serves a tenth of the requests of its synchronous form (see
docs/decisions), so Django stays synchronous behind a bridge.
"""

from __future__ import annotations

from typing import Any

from a2wsgi import WSGIMiddleware

from standfast.config.wsgi import application as django_application  # sets Django up first

# isort: split
from django.conf import settings

from standfast.config.streams import Feeder
from standfast.edge.hub import EventHub
from standfast.edge.streams import EventStreams, Receive, Scope, Send
from standfast.web.streams import stream_key


class Front:
    """One port for pages, APIs and event streams."""

    def __init__(self) -> None:
        self._hub = EventHub()
        self._feeder = Feeder(self._hub)
        self._streams = EventStreams(self._hub, key=stream_key())
        pages: Any = django_application
        self._pages: Any = WSGIMiddleware(pages, workers=settings.WEB_THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/events":
            await self._streams(scope, receive, send)
        elif scope["type"] == "http":
            await self._pages(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._feeder.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._feeder.stop()
        await send({"type": "lifespan.shutdown.complete"})


application = Front()
