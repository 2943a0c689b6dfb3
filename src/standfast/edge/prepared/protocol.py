"""Answering inside uvicorn's HTTP protocol: no scope, no task, no application in between.

A subclass of uvicorn's httptools protocol that writes prepared answers as soon as the headers of a
request are read, and leaves everything else to uvicorn and the application behind. It leans on
uvicorn's internals, so its version is pinned and a test compares what it leans on. What does not
fit exactly (a body, an upgrade, an answer still under way, a client that does not read) goes the
ordinary way, where `PreparedApplication` gives the same answer with back-pressure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from standfast.edge.prepared.answer import Answer, Find, Standing, lines
from standfast.edge.prepared.heads import HeadWatch
from standfast.edge.prepared.table import Shelf, Table
from standfast.edge.prepared.words import Words

#: More than this unsent, and answers wait for the client to read.
UNSENT_LIMIT: Final = 131_072
#: A client that has read nothing for so long is let go.
STALLED_SECONDS: Final = 30.0
_METHODS: Final = frozenset({b"GET", b"HEAD"})
_TOO_LONG: Final = (
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 23\r\nconnection: close\r\n\r\n"
    b"The head is too long.\r\n"
)
_BODY: Final = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade"})


class PreparedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with `table` and `find` asked first. Made by `answering`."""

    table: ClassVar[Table]
    find: ClassVar[Find | None] = None
    words: ClassVar[Words | None] = None
    _starts: ClassVar[tuple[object, dict[int, bytes]]] = (None, {})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._inside = False  # a request whose end has not come yet
        self._answered = False  # the current request has its answer already
        self._begun = 0
        self._single: tuple[Answer, bool] | None = None
        self._busy_since_armed = False
        self._stalled: Any = None
        self._leave: Callable[[], None] | None = None
        self._head = HeadWatch(self.loop, self._head_is_late)

    # Reading

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there; it has to ask soon."""
        super().connection_made(transport)
        self._head.wait()

    def data_received(self, data: bytes) -> None:
        """Answer a request whose bytes or words were seen before; parse any other."""
        if self._stands():
            return  # nothing is asked on a connection whose answer has no end
        if self._inside or not self._is_free():
            self._parse(data)
        else:
            shelf, words = self.table.shelf, self.words
            known = shelf.whole.get(data)
            if known is None and words is not None:
                known = words.answer(data)
            if known is not None:
                self._head.end()
                self._write(*known)
                self._note_activity()
                return
            self._begun, self._single = 0, None
            self._parse(data)
            self._remember(shelf, data)
        if self._stands():
            self._forget_request()

    def _parse(self, data: bytes) -> None:
        self._head.received(len(data))
        super().data_received(data)
        if self._inside and self._head.is_too_long():
            self._refuse_head()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._inside = True
        self._begun += 1
        self._head.begin()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Answer at once when the answer is prepared."""
        self._head.end()
        if self._stands():
            self._answered = True
            return
        answer = self._prepared_answer()
        if answer is None:
            super().on_headers_complete()
            return
        self._answered = True
        if isinstance(answer, Standing):
            self._stand(answer)
            return
        keep = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        self._write(answer, keep)
        if answer.lasting or answer.again is not None:
            self._single = (answer, keep)

    def on_body(self, body: bytes) -> None:
        """A piece of the request's body."""
        self._head.progress()
        if not self._answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request has ended."""
        self._inside = False
        self._head.progress()
        if not self._answered:
            super().on_message_complete()
            return
        self._answered = False
        if self._leave is None:
            self._note_activity()

    # Answering

    def _is_free(self) -> bool:
        """No answer is under way, and the client reads what it is sent."""
        cycle: RequestResponseCycle | None = self.cycle
        return (
            (cycle is None or cycle.response_complete)
            and not self.pipeline
            and not self.flow.write_paused
            and not self.transport.is_closing()
        )

    def _prepared_answer(self) -> Answer | None:
        method = self.parser.get_method()
        if (
            method not in _METHODS
            or not self._is_free()
            or self.transport.get_write_buffer_size() > UNSENT_LIMIT
            or any(name in _BODY for name, _ in self.headers)
        ):
            return None
        kind = type(self)
        answer = kind.table.shelf.find(method, self.url, self.headers)
        if answer is None and kind.find is not None:
            answer = kind.find(method, self.url, self.headers)
        return answer

    def _write(self, answer: Answer, keep: bool) -> None:
        start = self._start(answer.status)
        if keep:
            self.transport.write(b"".join((start, answer.head, b"\r\n", answer.body)))
        else:
            end = b"connection: close\r\n\r\n"
            self.transport.write(b"".join((start, answer.head, end, answer.body)))
            self.transport.close()
        self.server_state.total_requests += 1

    def _stand(self, answer: Standing) -> None:
        """Send the beginning and hand the connection over; it ends with the connection."""
        end = b"connection: close\r\n\r\n"
        self.transport.write(b"".join((self._start(answer.status), answer.head, end, answer.body)))
        self._unset_keepalive_if_required()
        self._leave = answer.begin(self.transport)
        self.server_state.total_requests += 1

    def _stands(self) -> bool:
        return self._leave is not None

    def _forget_request(self) -> None:
        """Thousands of connections stand open; none keeps what was only needed to read it."""
        self.scope, self.headers, self.url = {}, [], b""  # type: ignore[typeddict-item]
        self.app_state = {}
        self.parser = None  # type: ignore[assignment]

    def _start(self, status: int) -> bytes:
        """The status line and uvicorn's own headers (the date), which change once a second."""
        kind, defaults = type(self), self.server_state.default_headers
        known, starts = kind._starts
        if known is not defaults:
            kind._starts = (defaults, starts := {})
        start = starts.get(status)
        if start is None:
            start = starts[status] = STATUS_LINE[status] + lines(defaults)
        return start

    def _remember(self, shelf: Shelf, data: bytes) -> None:
        """Exactly one request and nothing of a next one: the bytes alone decided the answer."""
        if self._single is None or self._begun != 1 or self._inside:
            return
        answer, keep = self._single
        if answer.again is None:
            shelf.remember(data, answer, keep)
        elif self.words is not None:
            self.words.learn(data, answer.again, keep, self.headers)

    def _refuse_head(self) -> None:
        """Say that the head is too long, if nothing else is being said; then close."""
        if self._is_free():
            self.transport.write(self._start(431) + _TOO_LONG)
        self.transport.close()

    # Time

    def _head_is_late(self) -> None:
        """Close, unless it is us who do not read: then the rest may be there already."""
        if self._is_free():
            self.transport.close()
        elif not self.transport.is_closing():
            self._head.wait()

    def _note_activity(self) -> None:
        """Keep the connection for a while; one timer serves many answers."""
        self._busy_since_armed = True
        if self.timeout_keep_alive_task is None and not self.transport.is_closing():
            self._arm()

    def _arm(self) -> None:
        self._busy_since_armed = False
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that was idle for the whole time."""
        if self._busy_since_armed and not self.transport.is_closing():
            self._arm()
            return
        super().timeout_keep_alive_handler()

    def pause_writing(self) -> None:
        """The client does not read; it may for some time."""
        super().pause_writing()
        if self._stalled is None:
            self._stalled = self.loop.call_later(STALLED_SECONDS, self._let_go)

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        self._trust_again()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        if self._leave is not None:
            self._leave()
        self._trust_again()
        self._head.end()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def _trust_again(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _let_go(self) -> None:
        self._stalled = None
        self.transport.abort()


def answering(
    table: Table, find: Find | None = None, *, words: Words | None = None
) -> type[PreparedProtocol]:
    """The protocol class for `uvicorn.Config(http=…)` that answers from a table.

    `find` is asked for what the table does not hold; it must answer at once, on the event loop.
    `words` remember the requests whose answers can be asked for again.
    """

    class Answering(PreparedProtocol):
        pass

    Answering.table = table
    Answering.find = staticmethod(find) if find is not None else None
    Answering.words = words
    return Answering
