from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from standfast.edge.board.arrays import DENSE, Ended, Slots, history, users_of
from standfast.edge.board.bars import BAR_DAYS
from standfast.engine.health.days import Span, worst_by_day

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
audiences = st.dictionaries(st.integers(1, 90), st.frozensets(st.integers(0, 40)), max_size=80)


@given(st.lists(audiences, min_size=1, max_size=4))
def test_each_tenant_s_bits_are_its_open_issues_after_any_changes(
    steps: list[dict[int, frozenset[int]]],
) -> None:
    slots, tenants = Slots(), 30
    for step in steps:
        wanted = {issue: BitMap(members) for issue, members in step.items()}
        rows = slots.follow(wanted, tenants=tenants)
        for tenant in range(tenants):
            bits = np.flatnonzero(np.unpackbits(rows[tenant], bitorder="little"))
            has = {issue for issue in wanted if slots.place_of(issue) in bits}
            assert has == {issue for issue, members in step.items() if tenant in members}
            assert len(bits) == len(has)


def test_a_world_that_is_being_read_is_never_changed() -> None:
    slots = Slots()
    first = slots.follow({1: BitMap([0, 1])}, tenants=3)
    before = first.copy()
    slots.follow({2: BitMap([2])}, tenants=5)
    assert (first == before).all()


@given(
    st.dictionaries(st.integers(0, 60 * DENSE), st.integers(0, 70_000), max_size=60),
    st.sampled_from([1, DENSE, 3 * DENSE]),
)
def test_a_tenant_s_people_are_found_in_small_and_in_large_audiences(
    people: dict[int, int], spread: int
) -> None:
    spread_out = {number * spread: users for number, users in people.items()}
    users = np.array([spread_out[each] for each in sorted(spread_out)], np.int64)
    found = users_of(BitMap(spread_out), users)
    assert {number: found(number) for number in spread_out} == spread_out


spans = st.builds(
    lambda kind, status, start, hours: Span(
        kind, status, NOW - timedelta(hours=start), NOW - timedelta(hours=start - hours)
    ),
    st.sampled_from(["incident", "advisory"]),
    st.sampled_from(["serviceRestored", "falsePositive", "postIncidentReviewPublished"]),
    st.integers(0, 1000),
    st.integers(0, 200),
)


@given(st.lists(spans, max_size=12))
def test_masks_tell_the_same_days_as_the_list_of_issues(found: list[Span]) -> None:
    ended = [Ended(span, 0, NOW, BitMap([1])) for span in found]
    past, _, unsure = history(ended, today=NOW.date(), tenants=2, columns=1)
    mask = int(past[1, 0])
    worst = worst_by_day(found, today=NOW.date(), days=BAR_DAYS)
    for place, status in enumerate(worst):
        expected = "serviceOperational"
        if mask >> (32 + place) & 1:
            expected = "investigating"
        if mask >> place & 1:
            expected = "serviceDegradation"
        assert status == expected
    assert int(past[0, 0]) == 0
    assert not unsure


def test_a_history_that_masks_cannot_tell_is_in_doubt() -> None:
    odd = Ended(Span("incident", "investigating", NOW, NOW), 0, NOW, BitMap([1]))
    assert 1 in history([odd], today=NOW.date(), tenants=2, columns=1)[2]
