from __future__ import annotations

from datetime import UTC, datetime

import pytest

from standfast.edge.prepared.negotiation import chosen, is_since, liked, names_tag

ALL = (b"identity", b"br", b"gzip")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (b"", b"identity"),
        (b"gzip, deflate, br, zstd", b"br"),
        (b"gzip", b"gzip"),
        (b"x-gzip", b"gzip"),
        (b"GZIP;Q=1", b"gzip"),
        (b"br;q=0.2, gzip;q=0.8", b"gzip"),
        (b"br;q=0", b"identity"),
        (b"*", b"br"),
        (b"*;q=0, gzip", b"gzip"),
        (b"identity;q=1, br;q=0.5", b"identity"),
        (b"br;q=nonsense", b"identity"),
        (b",,;;q=1,", b"identity"),
        (b"zstd", b"identity"),
        (b"identity;q=0", b"identity"),
    ],
)
def test_the_coding_that_the_client_likes_best_is_sent(accepted: bytes, coding: bytes) -> None:
    assert chosen(accepted, ALL) == coding


def test_a_coding_that_is_not_offered_is_never_chosen() -> None:
    assert chosen(b"br, gzip", {b"identity", b"gzip"}) == b"gzip"
    assert chosen(b"br", {b"identity"}) == b"identity"


@pytest.mark.parametrize(
    ("named", "known"),
    [
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", "a"', True),
        (b"*", True),
        (b'"b"', False),
        (b"a", False),
        (b'"a-br"', False),
    ],
)
def test_entity_tags_are_compared_weakly_and_whole(named: bytes, known: bool) -> None:
    assert names_tag(named, b'"a"') is known


def test_dates_are_compared_to_the_second_and_nonsense_is_ignored() -> None:
    modified = datetime(2026, 11, 25, 12, 0, 0, 500_000, tzinfo=UTC)
    assert is_since(b"Wed, 25 Nov 2026 12:00:00 GMT", modified)
    assert not is_since(b"Wed, 25 Nov 2026 11:59:59 GMT", modified)
    assert is_since(b"Wed, 25 Nov 2026 13:00:00 -0000", modified)
    assert not is_since(b"yesterday", modified)
    assert not is_since(b"\xff\xff", modified)
    assert not is_since(b"Wed, 25 Nov 2026 13:00:00 +9999999999999999999999", modified)
    assert not is_since(b"Mon, 01 Jan 0001 00:00:00 +2359", modified)


def test_what_clients_say_at_length_is_understood_and_not_remembered() -> None:
    liked.cache_clear()
    for number in range(20):
        assert chosen(b"gzip, " + b"x" * 1_000 + b"%d" % number, ALL) == b"gzip"
    assert liked.cache_info().currsize == 0
    assert chosen(b"gzip", ALL) == b"gzip"
    assert liked.cache_info().currsize == 1
