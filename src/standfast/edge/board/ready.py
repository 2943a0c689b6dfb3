"""One tenant's document with the answers that can be made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from standfast.edge.prepared.answer import Answer
from standfast.edge.prepared.negotiation import names_tag
from standfast.engine.wire.tags import entity_tag

_KNOWN: Final = (
    b"etag: %b\r\ncache-control: private, no-cache\r\nx-content-type-options: nosniff\r\n"
)
_FULL: Final = _KNOWN + b"content-type: application/json; charset=utf-8\r\ncontent-length: %d\r\n"


#: Bytes that a document takes beside its pieces, about.
_FRAME: Final = 800


class Ready:
    """A document in pieces. Most are shared with other tenants, so whole ones are not kept.

    `own` are the bytes of pieces that are not shared; `weight` is what it takes to keep this.
    """

    __slots__ = ("_body", "_head", "_pieces", "tag", "weight")

    def __init__(self, pieces: Sequence[bytes], *, own: int = 0) -> None:
        body = b"".join(pieces)
        self.tag = entity_tag(body)
        self._head = _FULL % (self.tag, len(body))
        self._pieces = pieces
        self._body = body  # only until it is asked for the first time, which is at once
        self.weight = _FRAME + own

    def answer(self, tags: bytes, *, bare: bool) -> Answer:
        """For a client that names these tags; `bare` for HEAD."""
        body, self._body = self._body, b""
        if tags and names_tag(tags, self.tag):
            return Answer(304, _KNOWN % self.tag)
        if bare:
            return Answer(200, self._head)
        return Answer(200, self._head, body or b"".join(self._pieces))
