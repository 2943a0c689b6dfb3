"""What a client accepts and what it has: Accept-Encoding, If-None-Match, If-Modified-Since."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

#: Best first, among those that a client likes alike.
CODINGS: Final = (b"br", b"gzip", b"identity")
LONGEST_REMEMBERED: Final = 256


@lru_cache(maxsize=512)
def liked(accept_encoding: bytes) -> tuple[bytes, ...]:
    """The codings that may be sent, the one liked best first (RFC 9110, 12.5.3).

    Identity comes last unless the client prefers it by name; it is left out when refused.
    """
    weights: dict[bytes, float] = {}
    for item in accept_encoding.lower().split(b","):
        name, *parameters = (part.strip() for part in item.split(b";"))
        if name:
            weights[b"gzip" if name == b"x-gzip" else name] = _weight(parameters)
    others = weights.get(b"*")
    found = {}
    for coding in CODINGS:
        weight = weights.get(coding, others)
        if coding == b"identity" and weight is None:
            weight = 0.0001  # acceptable, but nobody asked for it
        if weight:
            found[coding] = weight
    return tuple(sorted(found, key=lambda coding: -found[coding]))


def _weight(parameters: list[bytes]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition(b"=")
        if name.strip() == b"q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def chosen(accept_encoding: bytes, offered: Collection[bytes]) -> bytes:
    """The coding to send out of those offered; identity when nothing fits better."""
    if not accept_encoding:
        return b"identity"
    # What is long is not remembered: clients choose it, and it would fill the memory.
    found = liked if len(accept_encoding) <= LONGEST_REMEMBERED else liked.__wrapped__
    for coding in found(accept_encoding):
        if coding in offered:
            return coding
    return b"identity"


def names_tag(if_none_match: bytes, tag: bytes) -> bool:
    """Whether If-None-Match names this entity tag (compared weakly, as it must be)."""
    if if_none_match == tag:  # by far the most common form
        return True
    for item in if_none_match.split(b","):
        each = item.strip()
        if each == b"*" or each.removeprefix(b"W/") == tag:
            return True
    return False


def is_since(if_modified_since: bytes, modified: datetime) -> bool:
    """Whether nothing was modified since the time that the client names; False for nonsense."""
    try:
        since = parsedate_to_datetime(if_modified_since.decode("latin-1"))
    except (ValueError, OverflowError):
        return False
    if since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return modified.replace(microsecond=0) <= since
