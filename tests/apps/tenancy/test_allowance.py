from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from standfast.apps.tenancy.allowance import Allowance


def test_so_many_fit_into_a_minute_and_the_next_is_told_how_long_to_wait() -> None:
    allowance = Allowance()
    assert [allowance.take("a", most=3, seconds=60, now=30) for _ in range(3)] == [None] * 3
    assert allowance.take("a", most=3, seconds=60, now=40) == 20
    assert allowance.take("b", most=3, seconds=60, now=40) is None


def test_what_was_asked_in_the_minute_before_counts_as_far_as_it_reaches() -> None:
    allowance = Allowance()
    for _ in range(4):
        allowance.take("a", most=4, seconds=60, now=59)
    wait = allowance.take("a", most=4, seconds=60, now=61)
    assert wait is not None
    assert allowance.take("a", most=4, seconds=60, now=61 + wait + 0.1) is None


@given(st.lists(st.floats(0, 40), max_size=300))
def test_never_more_than_twice_as_many_in_any_minute_and_a_calm_caller_is_never_refused(
    pauses: list[float],
) -> None:
    allowance, now, admitted = Allowance(), 0.0, []
    for pause in pauses:
        now += pause
        if allowance.take("a", most=5, seconds=60, now=now) is None:
            admitted.append(now)
    for at in admitted:
        assert sum(at <= other < at + 60 for other in admitted) <= 10
    calm = Allowance()
    assert all(calm.take("b", most=5, seconds=60, now=20.0 * step) is None for step in range(50))
