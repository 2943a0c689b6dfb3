"""What is kept of a document that tenants ask for, and the answers that are made of it.

Whole bodies are not kept, and nothing here is looked through by the garbage collector: a hundred
thousand tenants may ask within seconds of a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from standfast.edge.prepared.answer import Answer
from standfast.edge.prepared.negotiation import names_tag
from standfast.engine.wire.tags import entity_tag

#: Tenants whose heads are kept, some 350 bytes each.
MOST_HEADS: Final = 200_000
#: Bytes that are kept of bodies.
MOST_BYTES: Final = 64_000_000
#: What a body takes that shares its pieces, about.
_SHARED: Final = 1_000
_KNOWN: Final = (
    b"etag: %b\r\ncache-control: private, no-cache\r\nx-content-type-options: nosniff\r\n"
)
_FULL: Final = _KNOWN + b"content-type: application/json; charset=utf-8\r\ncontent-length: %d\r\n"
_TAG: Final = entity_tag(b"")  # all are of one length
_TAG_AT: Final = slice(len(b"etag: "), len(b"etag: ") + len(_TAG))
_KNOWN_AT: Final = slice(len(_KNOWN % _TAG))


class Kept:
    """Of one document, since anything changed: heads by the tenant's number, and the pieces of
    bodies that were asked for again. Most clients name the tag from their second time on.
    """

    def __init__(self) -> None:
        self.heads: dict[int, bytes] = {}
        self._bodies: dict[int, Sequence[bytes]] = {}
        self._weight = 0

    def clear(self) -> None:
        """Forget all."""
        self.heads.clear()
        self._forget_bodies()

    def put(self, tenant: int, body: bytes) -> bytes:
        """Note a body that was just made; returns its head."""
        if len(self.heads) >= MOST_HEADS:
            self.heads.clear()
        head = self.heads[tenant] = _FULL % (entity_tag(body), len(body))
        return head

    def body(self, tenant: int) -> bytes:
        """A body that was kept, or nothing."""
        return b"".join(self._bodies.get(tenant, ()))

    def keep(self, tenant: int, pieces: Sequence[bytes]) -> bytes:
        """Keep a body; returns it as a whole."""
        weight = _SHARED if len(pieces) > 1 else len(pieces[0])
        if self._weight + weight > MOST_BYTES:
            self._forget_bodies()
        self._bodies[tenant] = pieces
        self._weight += weight
        return b"".join(pieces)

    def _forget_bodies(self) -> None:
        self._bodies.clear()
        self._weight = 0


def without_body(head: bytes, tags: bytes, *, bare: bool) -> Answer | None:
    """For a client that names the tag, or asks with HEAD (`bare`); None for any other."""
    if tags and names_tag(tags, head[_TAG_AT]):
        return Answer(304, head[_KNOWN_AT])
    return Answer(200, head) if bare else None
