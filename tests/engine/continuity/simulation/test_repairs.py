"""Repair crews and rosters: hand-made queues, and the clock of hours on duty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.continuity.gates import GateGraph, Leaf
from standfast.engine.continuity.simulation.arrivals import Arrivals, without_overlaps
from standfast.engine.continuity.simulation.exposure import Crew, Exposure, Roster
from standfast.engine.continuity.simulation.repairs import DutyClock, outages

LEAVES = tuple(Leaf(name) for name in "abcd")
GRAPH = GateGraph(LEAVES, (), {"a": 0})
OFFICE_HOURS = Roster(((8.0, 18.0), (32.0, 42.0)))
Row = tuple[int, int, float, float]


def came(*rows: Row, shock: int = -1) -> Arrivals:
    stretch, leaf, begin, work = zip(*rows, strict=True)
    return Arrivals(
        np.array(stretch, dtype=np.int64),
        np.array(leaf, dtype=np.int64),
        np.array(begin, dtype=np.float64),
        np.array(work, dtype=np.float64),
        np.full(len(rows), shock),
    )


def spans(exposure: Exposure, arrivals: Arrivals) -> list[tuple[int, int, float, float]]:
    found = outages(exposure, arrivals, 2)
    return sorted(zip(*(part.tolist() for part in found), strict=True))


def crew(size: int, roster: Roster | None = None) -> Exposure:
    return Exposure(GRAPH, crews=(Crew("crew", size, frozenset({0, 1, 2}), roster),))


def test_one_member_mends_one_thing_after_the_other_in_the_order_of_arrival() -> None:
    arrivals = came((0, 1, 2.0, 5.0), (0, 0, 1.0, 4.0), (0, 2, 3.0, 1.0), (1, 2, 3.0, 1.0))
    assert spans(crew(1), arrivals) == [
        (0, 0, 1.0, 5.0),
        (0, 1, 2.0, 10.0),
        (0, 2, 3.0, 11.0),
        (1, 2, 3.0, 4.0),
    ]


def test_the_next_free_member_takes_what_waits() -> None:
    arrivals = came((0, 0, 1.0, 9.0), (0, 1, 2.0, 2.0), (0, 2, 3.0, 4.0))
    assert spans(crew(2), arrivals) == [(0, 0, 1.0, 10.0), (0, 1, 2.0, 4.0), (0, 2, 3.0, 8.0)]


def test_what_waits_for_the_crew_cannot_fail_again() -> None:
    arrivals = came((0, 0, 1.0, 9.0), (0, 1, 2.0, 2.0), (0, 1, 5.0, 7.0), (0, 1, 12.5, 1.0))
    assert spans(crew(1), arrivals) == [(0, 0, 1.0, 10.0), (0, 1, 2.0, 12.0), (0, 1, 12.5, 13.5)]


def test_leaves_without_a_crew_are_mended_at_once() -> None:
    arrivals = came((0, 3, 1.0, 4.0), (0, 0, 1.0, 4.0))
    assert spans(crew(1), arrivals) == [(0, 0, 1.0, 5.0), (0, 3, 1.0, 5.0)]


def test_work_rests_while_the_crew_is_off_duty() -> None:
    arrivals = came((0, 0, 17.0, 3.0), (0, 1, 20.0, 4.0))
    # One hour is left on the first day, two are done on the second, then the other's four.
    assert spans(crew(1, OFFICE_HOURS), arrivals) == [(0, 0, 17.0, 34.0), (0, 1, 20.0, 38.0)]


def test_work_that_is_done_as_the_shift_ends_is_done_then_and_not_next_week() -> None:
    arrivals = came((0, 0, 32.0, 10.0), (0, 1, 41.0, 1.0))
    assert spans(crew(1, OFFICE_HOURS), arrivals) == [(0, 0, 32.0, 42.0), (0, 1, 41.0, 168.0 + 9.0)]


def test_a_leaf_does_not_fail_by_itself_while_it_is_down() -> None:
    arrivals = came(
        (0, 0, 1.0, 5.0), (0, 0, 2.0, 9.0), (0, 0, 6.5, 2.0), (0, 0, 7.0, 1.0), (1, 0, 2.0, 1.0)
    )
    kept = without_overlaps(arrivals)
    assert list(zip(kept.stretch.tolist(), kept.begin.tolist(), strict=True)) == [
        (0, 1.0),
        (0, 6.5),
        (1, 2.0),
    ]


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 60), st.integers(0, 9)),
        min_size=1,
        max_size=40,
        unique_by=lambda row: row[:3],
    )
)
def test_dropping_overlaps_is_walking_along_each_leaf(
    rows: list[tuple[int, int, int, int]],
) -> None:
    kept = without_overlaps(came(*[(s, leaf, float(b), float(w)) for s, leaf, b, w in rows]))
    wanted, until = [], dict.fromkeys([(s, leaf) for s, leaf, _, _ in rows], -1)
    for stretch, leaf, begin, work in sorted(rows):
        if begin >= until[stretch, leaf]:
            wanted.append((stretch, leaf, float(begin)))
            until[stretch, leaf] = begin + work
    assert (
        list(zip(kept.stretch.tolist(), kept.leaf.tolist(), kept.begin.tolist(), strict=True))
        == wanted
    )


def test_shocks_add_to_what_is_down_already() -> None:
    arrivals = Arrivals(
        *(np.concatenate(pair) for pair in zip(
            came((0, 0, 1.0, 5.0)), came((0, 0, 2.0, 9.0), shock=0), strict=True
        ))
    )  # fmt: skip
    assert spans(Exposure(GRAPH), arrivals) == [(0, 0, 1.0, 6.0), (0, 0, 2.0, 11.0)]


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    edges = draw(st.lists(st.integers(0, 168), min_size=2, max_size=8, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    return Roster(tuple(zip(map(float, edges[::2]), map(float, edges[1::2]), strict=True)))


@given(roster=rosters(), hour=st.integers(-400, 400))
def test_hours_on_duty_are_those_inside_the_spans(roster: Roster, hour: int) -> None:
    clock = DutyClock(roster)

    def on_duty(at: int) -> bool:
        return any(begin <= at % 168 < end for begin, end in roster.spans)

    counted = sum(map(on_duty, range(hour))) if hour >= 0 else -sum(map(on_duty, range(hour, 0)))
    assert clock.duty(np.array([float(hour)]))[0] == pytest.approx(counted)


@given(roster=rosters(), hours=st.floats(-1000, 1000))
def test_the_calendar_gives_the_first_moment_with_so_many_hours_on_duty(
    roster: Roster, hours: float
) -> None:
    clock = DutyClock(roster)
    moment = clock.calendar(np.array([hours]))
    assert clock.duty(moment)[0] == pytest.approx(hours, abs=1e-6)
    assert clock.duty(moment - 0.01)[0] < hours


@pytest.mark.parametrize(
    "spans", [(), ((5.0, 4.0),), ((0.0, 200.0),), ((8.0, 12.0), (10.0, 14.0)), ((3.0, 3.0),)]
)
def test_an_impossible_roster_is_refused(spans: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="a roster has"):
        Roster(spans)
