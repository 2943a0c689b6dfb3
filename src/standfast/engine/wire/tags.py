"""Strong entity tags (RFC 9110, 8.8.3): the same bytes have the same tag, whoever answers."""

from __future__ import annotations

from xxhash import xxh3_128_hexdigest


def entity_tag(body: bytes) -> bytes:
    """The tag of a body, in quotes.

    XXH3 with 128 bits, thirty times as fast as SHA-256: a tag tells two states of one document from
    each other, and nobody who could make them alike gains by it.
    """
    return b'"%b"' % xxh3_128_hexdigest(body).encode()
