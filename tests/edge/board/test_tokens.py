from __future__ import annotations

import hashlib

from standfast.edge.board.tokens import Bearer, TokenTable


def table(*, ends: float | None = None) -> TokenTable:
    made = TokenTable()
    digest = hashlib.sha256(b"secret").hexdigest()
    made.put(token=7, prefix="abc", digest=digest, tenant=3, ends=ends)
    return made


def test_the_bearer_of_a_known_token_is_its_tenant() -> None:
    assert table().bearer(b"sft_abc_secret", now=0) == Bearer(7, 3, 0)


def test_whoever_remembers_a_bearer_sees_that_something_changed() -> None:
    known = table()
    before = known.version
    known.drop(7)
    assert known.version != before


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


def test_only_a_hash_of_the_secret_is_kept() -> None:
    assert b"secret" not in repr(vars(table())).encode()
