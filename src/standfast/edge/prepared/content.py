"""One prepared body with its compressed forms and everything that a request may ask about it."""

from __future__ import annotations

import gzip as gzip_format
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

import brotli

from standfast.edge.prepared.answer import Answer, Headers, header, lines
from standfast.edge.prepared.negotiation import chosen, is_since, names_tag
from standfast.engine.wire.tags import entity_tag

#: Below this, a compressed body saves nothing that a packet would notice.
WORTH_COMPRESSING: Final = 256
#: Kept, but asked about each time: a change is seen at once, and most answers are 304.
ASK_EACH_TIME: Final = "public, no-cache"
#: Reading from any page, and seeing the validators there.
CORS: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, last-modified"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """The body in one coding: what is sent in full, without body, and when it is known."""

    tag: bytes
    full: Answer
    bare: Answer
    known: Answer


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What is at one path. Make it with `prepare`."""

    forms: Mapping[bytes, Form]
    modified: datetime | None
    cors: bool

    def answer(self, method: bytes, headers: Headers) -> Answer:
        """The answer to a GET or HEAD with these headers."""
        form = self.forms[chosen(header(headers, b"accept-encoding"), self.forms)]
        if self._is_known(form, headers):
            return form.known
        return form.bare if method == b"HEAD" else form.full

    def _is_known(self, form: Form, headers: Headers) -> bool:
        if tags := header(headers, b"if-none-match"):
            return names_tag(tags, form.tag)
        if self.modified is None:
            return False
        since = header(headers, b"if-modified-since")
        return bool(since) and is_since(since, self.modified)


def prepare(
    body: bytes,
    *,
    content_type: str,
    cache_control: str = ASK_EACH_TIME,
    modified: datetime | None = None,
    cors: bool = False,
    compressed: Mapping[str, bytes] | None = None,
    more: Headers = (),
    tag: str = "",
) -> Prepared:
    """Prepare one body.

    `compressed` holds ready forms (“br”, “gzip”); None makes them here, an empty mapping leaves
    them out. `modified` becomes Last-Modified; `more` are further headers, names in lower case;
    `tag` is the entity tag without quotes, the hash of the body when it is left out.
    """
    bodies = {b"identity": body}
    ready = _compressed(body) if compressed is None else compressed
    for coding, form in ready.items():
        if len(form) < len(body):
            bodies[coding.encode()] = form
    shared: list[tuple[bytes, bytes]] = [(b"cache-control", cache_control.encode("latin-1"))]
    if len(bodies) > 1:
        shared.append((b"vary", b"accept-encoding"))
    if modified is not None:
        shared.append((b"last-modified", format_datetime(modified.astimezone(UTC), True).encode()))
    shared += [*(CORS if cors else ()), *more]
    name = tag or entity_tag(body)[1:-1].decode()
    forms = {
        coding: _form(coding, form, name, content_type, shared) for coding, form in bodies.items()
    }
    return Prepared(forms, modified, cors)


def _compressed(body: bytes) -> dict[str, bytes]:
    if len(body) < WORTH_COMPRESSING:
        return {}
    return {
        "br": brotli.compress(body, quality=5),
        "gzip": gzip_format.compress(body, compresslevel=6, mtime=0),
    }


def _form(
    coding: bytes, body: bytes, name: str, content_type: str, shared: list[tuple[bytes, bytes]]
) -> Form:
    # A strong tag names bytes, so each coding has its own.
    suffix = "" if coding == b"identity" else f"-{coding.decode()}"
    tag = f'"{name}{suffix}"'.encode()
    known = lines([(b"etag", tag), *shared])
    full = lines(
        [
            (b"content-type", content_type.encode("latin-1")),
            (b"content-length", b"%d" % len(body)),
            *([(b"content-encoding", coding)] if suffix else []),
        ]
    )
    return Form(
        tag=tag,
        full=Answer(200, full + known, body, lasting=True),
        bare=Answer(200, full + known, lasting=True),
        known=Answer(304, known, lasting=True),
    )
