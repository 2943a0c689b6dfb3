from __future__ import annotations

import hashlib

import pytest

from standfast.edge.board import tokens
from standfast.edge.board.tokens import Bearer, TokenTable


def table(*, ends: float | None = None) -> TokenTable:
    made = TokenTable()
    digest = hashlib.sha256(b"secret").hexdigest()
    made.put(token=7, prefix="abc", digest=digest, tenant=3, ends=ends)
    return made


def test_the_bearer_of_a_known_token_is_its_tenant() -> None:
    assert table().bearer(b"sft_abc_secret", now=0) == Bearer(7, 3, 0)


def test_a_token_that_was_seen_is_asked_about_anew_once_it_is_dropped_or_changed() -> None:
    known = table()
    assert known.bearer(b"sft_abc_secret", now=0) == Bearer(7, 3, 0)
    known.put(
        token=7,
        prefix="abc",
        digest=hashlib.sha256(b"secret").hexdigest(),
        tenant=4,
        ends=None,
    )
    assert known.bearer(b"sft_abc_secret", now=0) == Bearer(7, 4, 0)
    known.drop(7)
    assert known.bearer(b"sft_abc_secret", now=0) is None


def test_a_token_that_was_seen_still_expires() -> None:
    known = table(ends=100)
    assert known.bearer(b"sft_abc_secret", now=99) is not None
    assert known.bearer(b"sft_abc_secret", now=100) is None


def test_what_was_read_while_a_token_was_dropped_is_not_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = table()
    found = known._found

    def dropped_meanwhile(text: bytes) -> Bearer | None:
        bearer = found(text)
        known.drop(7)
        return bearer

    monkeypatch.setattr(known, "_found", dropped_meanwhile)
    known.bearer(b"sft_abc_secret", now=0)
    monkeypatch.undo()
    assert known.bearer(b"sft_abc_secret", now=0) is None


def test_no_more_tokens_are_remembered_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST_SEEN", 2)
    known = TokenTable()
    for each in range(5):
        digest = hashlib.sha256(b"secret").hexdigest()
        known.put(token=each, prefix=f"p{each}", digest=digest, tenant=each, ends=None)
    for each in range(5):
        assert known.bearer(b"sft_p%d_secret" % each, now=0) == Bearer(each, each, 0)
        assert len(known._seen) <= 2


def test_every_other_text_is_nobody_s() -> None:
    for text in (b"", b"sft", b"sft_abc", b"sft_abc_", b"sft_abc_Secret", b"sft_x_secret"):
        assert table().bearer(text, now=0) is None
    assert table().bearer(b"xyz_abc_secret", now=0) is None


def test_an_expired_token_is_nobody_s_any_more() -> None:
    assert table(ends=100.9).bearer(b"sft_abc_secret", now=99) is not None
    assert table(ends=100.9).bearer(b"sft_abc_secret", now=100) is None


def test_a_dropped_token_is_gone_and_dropping_it_again_does_no_harm() -> None:
    made = table()
    made.drop(7)
    made.drop(7)
    assert made.bearer(b"sft_abc_secret", now=0) is None
    assert len(made) == 0


def test_only_a_hash_of_a_secret_is_kept_before_anybody_asks_with_it() -> None:
    assert b"secret" not in repr(vars(table())).encode()
