"""The front: prepared answers, the board and event streams without Django, all else by its WSGI.

Django's asynchronous form serves a tenth of the requests of its synchronous form (see
docs/decisions), so Django stays synchronous behind a bridge.
"""

from __future__ import annotations

import secrets
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from standfast.config.wsgi import application as django_application  # sets Django up first

# isort: split
from django.conf import settings

from standfast.apps.tenancy.allowance import TOKEN_LIMIT, TOKEN_SECONDS, TOKENS
from standfast.config.board.pages import PublicPages, visitors
from standfast.config.board.refusals import refusal
from standfast.config.streams import Feeder
from standfast.edge.board.board import Board
from standfast.edge.board.tokens import BEGINNING
from standfast.edge.hub import EventHub
from standfast.edge.prepared.answer import Answer, Headers
from standfast.edge.prepared.application import Application, PreparedApplication
from standfast.edge.prepared.protocol import PreparedProtocol, answering
from standfast.edge.prepared.table import Table
from standfast.edge.prepared.words import Words
from standfast.edge.standing import StandingStreams
from standfast.edge.streams import EventStreams, Receive, Scope, Send
from standfast.web.streams import stream_key


class Front:
    """One port for pages, APIs and event streams. `protocol` is the class that uvicorn may use."""

    def __init__(self) -> None:
        self.table = Table()
        self.board = Board(
            base=settings.BASE_URL, secret=secrets.token_hex(16), admit=_admit, refuse=refusal
        )
        self._words = Words(BEGINNING)
        self._visitors = visitors(self.table)
        self._hub = EventHub()
        pages: Any = django_application
        self._feeder = Feeder(self._hub, self.board, PublicPages(pages, self.table, self._visitors))
        self._streams = EventStreams(self._hub, key=stream_key())
        self._standing = StandingStreams(self._hub, key=stream_key())
        bridge = cast(Application, WSGIMiddleware(pages, workers=settings.WEB_THREADS))
        self._prepared = PreparedApplication(self.table, bridge, find=self.find)

    @property
    def protocol(self) -> type[PreparedProtocol]:
        """uvicorn's protocol that answers from here before the application is asked."""
        return answering(self.table, self._find_first, words=self._words)

    def _find_first(self, method: bytes, target: bytes, headers: Headers) -> Answer | None:
        return self._standing.find(method, target, headers) or self.find(method, target, headers)

    def find(self, method: bytes, target: bytes, headers: Headers) -> Answer | None:
        """What is answered without the database, though not the same for everybody."""
        return self.board.find(method, target, headers) or self._visitors.find(
            method, target, headers
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/events":
            await self._streams(scope, receive, send)
        elif scope["type"] == "http":
            await self._prepared(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._feeder.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._feeder.stop()
        await send({"type": "lifespan.shutdown.complete"})


def _admit(token: int, now: float) -> float | None:
    return TOKENS.take(token, most=TOKEN_LIMIT, seconds=TOKEN_SECONDS, now=now)


application = Front()
