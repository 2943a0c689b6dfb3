"""One answer: a status, header lines and a body, as they go over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

#: Names in lower case, as ASGI and uvicorn give them.
Headers: TypeAlias = Sequence[tuple[bytes, bytes]]


@dataclass(slots=True, eq=False)  # not frozen, which would make each three times as slow to make
class Answer:
    """Never changed once made. `head` holds whole lines (`name: value` and CRLF), without the empty
    line that ends them.

    `lasting` answers depend on nothing but the bytes of the request and what the table holds now,
    so the same bytes may be given the same answer without looking at them again. Where who asks
    decides, `again` answers whoever asks in the same words.
    """

    status: int
    head: bytes
    body: bytes = b""
    lasting: bool = False
    again: Again | None = None


#: Called with the token and the value of If-None-Match (empty for none) of a request in words that
#: were answered before; None when it has to be looked at anew.
Again: TypeAlias = Callable[[bytes, bytes], Answer | None]
#: Called with the connection after the beginning was sent; returns what to call when it is lost.
Begin: TypeAlias = Callable[[asyncio.Transport], Callable[[], None]]


@dataclass(slots=True, eq=False)
class Standing(Answer):
    """An answer without an end: `body` is its beginning, `begin` takes the connection over."""

    begin: Begin = field(kw_only=True)


#: Asked for method, target (path and query as sent) and headers; None: the application answers.
Find: TypeAlias = Callable[[bytes, bytes, Headers], Answer | None]


def lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Headers as lines."""
    return b"".join(b"%b: %b\r\n" % each for each in headers)


def parsed(head: bytes) -> list[tuple[bytes, bytes]]:
    """The lines of a head as ASGI wants them."""
    pairs = (line.partition(b": ") for line in head.split(b"\r\n") if line)
    return [(name, value) for name, _, value in pairs]


def header(headers: Headers, name: bytes) -> bytes:
    """All values of a header as one list, empty when it is missing."""
    return b", ".join(value for found, value in headers if found == name)
