"""What is kept of a tenant's document, and what is answered of it."""

from __future__ import annotations

import pytest

from standfast.edge.board import ready
from standfast.edge.board.ready import Kept, without_body
from standfast.edge.prepared.answer import parsed
from standfast.engine.wire.tags import entity_tag


def test_a_head_says_all_that_a_client_needs() -> None:
    head = Kept().put(7, b"{}")
    assert dict(parsed(head)) == {
        b"etag": entity_tag(b"{}"),
        b"cache-control": b"private, no-cache",
        b"x-content-type-options": b"nosniff",
        b"content-type": b"application/json; charset=utf-8",
        b"content-length": b"2",
    }


@pytest.mark.parametrize("tags", [b"%b", b"W/%b", b'"other", %b', b"*"])
def test_a_client_that_names_the_tag_gets_no_body(tags: bytes) -> None:
    tag = entity_tag(b"{}")
    named = tags % tag if b"%" in tags else tags
    answer = without_body(Kept().put(7, b"{}"), named, bare=False)
    assert answer is not None
    assert (answer.status, answer.body) == (304, b"")
    assert dict(parsed(answer.head)) == {
        b"etag": tag,
        b"cache-control": b"private, no-cache",
        b"x-content-type-options": b"nosniff",
    }


@pytest.mark.parametrize("tags", [b"", b'"other"', b"nonsense"])
def test_any_other_gets_it_unless_it_asked_for_the_head(tags: bytes) -> None:
    head = Kept().put(7, b"{}")
    assert without_body(head, tags, bare=False) is None
    bare = without_body(head, tags, bare=True)
    assert bare is not None
    assert (bare.status, bare.head, bare.body) == (200, head, b"")


def test_a_body_is_kept_for_those_that_ask_again() -> None:
    kept = Kept()
    kept.put(7, b"[1, 2]")
    assert kept.body(7) == b""
    assert kept.keep(7, [b"[1", b", 2]"]) == b"[1, 2]"
    assert (kept.body(7), kept.body(8)) == (b"[1, 2]", b"")
    kept.clear()
    assert (kept.heads, kept.body(7)) == ({}, b"")


def test_it_never_keeps_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "MOST_BYTES", 10)
    monkeypatch.setattr(ready, "MOST_HEADS", 2)
    kept = Kept()
    for tenant in range(3):
        kept.put(tenant, b"abcd")
        kept.keep(tenant, [b"abcd"])
    assert list(kept.heads) == [2]
    assert [kept.body(tenant) for tenant in range(3)] == [b"", b"", b"abcd"]
