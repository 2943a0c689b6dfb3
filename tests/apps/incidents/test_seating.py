"""Finding a tenant's seats: bundles and memory must not change the answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.queries.seating import BUNDLE, Seat, Seating, bundled
from tests.factories import NOW

TENANTS = 6
numbers = st.sets(st.integers(0, TENANTS - 1))


def seat(key: int, tenants: set[int], released: set[int], ended: int | None) -> Seat:
    """A seat of an issue that ended so many days ago (None: it is open)."""
    return Seat(
        issue_id=key,
        audience_id=key,
        is_open=ended is None,
        ended_at=None if ended is None else NOW - timedelta(days=ended),
        tenants=BitMap(tenants),
        released=BitMap(released - tenants),
        issue=Issue(pk=key),
    )


def plainly(seats: dict[int, Seat], tenant: int, since: datetime) -> tuple[set[int], set[int]]:
    """Open issues and history of a tenant, by looking at every seat."""
    now_open = {key for key, each in seats.items() if each.is_open and tenant in each.tenants}
    history = set()
    for key, each in seats.items():
        recent = each.ended_at is not None and each.ended_at >= since
        if tenant in each.released and (each.is_open or recent):
            history.add(key)
        if tenant in each.tenants and not each.is_open and recent:
            history.add(key)
    return now_open, history


@given(
    rows=st.lists(st.tuples(numbers, numbers, st.none() | st.integers(0, 40)), max_size=3 * BUNDLE),
    changed=st.tuples(numbers, numbers, st.none() | st.integers(0, 40)),
    days=st.sampled_from([7, 30]),
)
def test_it_finds_what_looking_at_every_seat_finds(
    rows: list[tuple[set[int], set[int], int | None]],
    changed: tuple[set[int], set[int], int | None],
    days: int,
) -> None:
    since = NOW - timedelta(days=days)
    seats = {key: seat(key, *row) for key, row in enumerate(rows)}
    before = Seating(seats)
    after_seats = {**seats, 0: seat(0, *changed)}
    after = Seating(after_seats, before)
    for seating, expected in ((before, seats), (after, after_seats), (after, after_seats)):
        for tenant in range(TENANTS):
            mine = seating.of(tenant)
            found = {each.issue_id for each in mine.open}, set(mine.history(since))
            assert found == plainly(expected, tenant, since)


def test_a_row_read_again_replaces_the_one_before() -> None:
    old, new = seat(1, {1}, set(), 2), seat(1, {1}, set(), 2)
    after = Seating({1: new}, Seating({1: old}))
    assert after.of(1).over == [new]


def test_every_seat_is_in_one_bundle_with_all_its_tenants() -> None:
    seats = [seat(key, {key % TENANTS}, set(), 1) for key in range(2 * BUNDLE + 1)]
    bundles = bundled(seats)
    assert sorted(len(each) for _tenants, each in bundles) == [1, BUNDLE, BUNDLE]
    assert {each.issue_id for _tenants, some in bundles for each in some} == set(range(65))
    assert all(each.tenants <= tenants for tenants, some in bundles for each in some)
