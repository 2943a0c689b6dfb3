"""The same answers as plain ASGI: the fallback of the fast protocol, and for any other server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

from standfast.edge.prepared.answer import Answer, Find, Headers, lines, parsed
from standfast.edge.prepared.table import Table

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_TEXT: Final = (b"content-type", b"text/plain; charset=utf-8")
_PREFLIGHT: Final = Answer(
    204,
    lines(
        [
            (b"access-control-allow-origin", b"*"),
            (b"access-control-allow-methods", b"GET, HEAD"),
            (b"access-control-allow-headers", b"*"),
            (b"access-control-max-age", b"86400"),
        ]
    ),
)


class PreparedApplication:
    """Answers from a table, then asks `find`, then hands over to `behind` (404 when it is None)."""

    def __init__(
        self, table: Table, behind: Application | None = None, *, find: Find | None = None
    ) -> None:
        self._table = table
        self._behind = behind
        self._find = find

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(scope) if scope["type"] == "http" else None
        if answer is not None:
            await send_answer(answer, send)
        elif self._behind is not None:
            await self._behind(scope, receive, send)
        elif scope["type"] == "http":
            await send_answer(self._refusal(scope), send)
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    def _answer(self, scope: Scope) -> Answer | None:
        method, headers = scope["method"].encode(), scope["headers"]
        target = target_of(scope)
        found = self._table.find(method, target, headers)
        if found is None and self._find is not None and method in {b"GET", b"HEAD"}:
            found = self._find(method, target, headers)
        if found is None and method == b"OPTIONS" and self._is_open(target, headers):
            found = _PREFLIGHT
        return found

    def _is_open(self, target: bytes, headers: Headers) -> bool:
        prepared = self._table.shelf.paths.get(target.partition(b"?")[0])
        return prepared is not None and prepared.cors

    def _refusal(self, scope: Scope) -> Answer:
        path = target_of(scope).partition(b"?")[0]
        if path in self._table.shelf.paths:
            return plain(405, b"Use GET or HEAD.\n", (b"allow", b"GET, HEAD"))
        return plain(404, b"There is nothing here.\n")


def plain(status: int, text: bytes, *more: tuple[bytes, bytes]) -> Answer:
    """A short answer in words."""
    length = (b"content-length", b"%d" % len(text))
    return Answer(status, lines([_TEXT, length, *more]), text)


def target_of(scope: Scope) -> bytes:
    """Path and query as they were sent."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    return path + b"?" + query if query else path


async def send_answer(answer: Answer, send: Send) -> None:
    """One answer as ASGI messages; `answer.body` is empty already for HEAD."""
    headers = parsed(answer.head)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
