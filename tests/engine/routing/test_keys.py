from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.routing.keys import idempotency_key

ids = st.integers(1, 10**12)


@given(ids, ids, ids, ids)
def test_keys_differ_exactly_when_deliveries_differ(a: int, b: int, c: int, d: int) -> None:
    keys = {idempotency_key(a, b, "email"), idempotency_key(c, d, "email")}

    assert (len(keys) == 1) == ((a, b) == (c, d))
    assert idempotency_key(a, b, "email") != idempotency_key(a, b, "webhook")


@pytest.mark.parametrize(
    ("post", "channel"), [("1-2", "email"), (1, "e mail"), ("", "email"), ("x" * 80, "email")]
)
def test_a_key_that_could_be_mistaken_is_refused(post: int | str, channel: str) -> None:
    with pytest.raises(ValueError, match="key"):
        idempotency_key(post, 1, channel)
