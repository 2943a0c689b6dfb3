"""Trials against exact enumeration, and when they stop."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given, settings

from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.simulation.intervals import percentile_ranks, wilson
from standfast.engine.continuity.simulation.kernels import KernelName
from standfast.engine.continuity.simulation.sampling import STRETCH_TRIALS
from standfast.engine.continuity.simulation.trials import Stopping, simulate
from tests.engine.continuity.random_graphs import exact, graphs

BRIDGE = GateGraph(
    tuple(Leaf(name, unavailability=0.1) for name in "abcde"),
    (
        Gate("upper", Operator.AND, (0, 1)),
        Gate("lower", Operator.AND, (3, 4)),
        Gate("cross", Operator.AND, (0, 2, 4)),
        Gate("back", Operator.AND, (1, 2, 3)),
        Gate("bridge", Operator.OR, (5, 6, 7, 8)),
    ),
    {"bridge": 9, "upper": 5},
)
ONE_STRETCH = Stopping(most=STRETCH_TRIALS)


@given(graph=graphs())
@settings(deadline=None, max_examples=30, derandomize=True)
def test_the_share_of_failures_is_near_the_exact_probability(graph: GateGraph) -> None:
    result = simulate(graph, seed=3, stopping=ONE_STRETCH)
    for node, wanted in enumerate(exact(graph)):
        spread = abs(wanted * (1 - wanted) / result.trials) ** 0.5
        assert abs(result.share(node) - wanted) <= 5 * spread + 1e-9


def test_the_interval_holds_the_exact_probability_about_as_often_as_it_says() -> None:
    wanted = exact(BRIDGE)[9]
    held = 0
    for seed in range(200):
        interval = simulate(BRIDGE, seed=seed, stopping=ONE_STRETCH).estimates["bridge"].interval
        held += interval.low <= wanted <= interval.high
    assert 180 <= held <= 199


def test_the_result_does_not_depend_on_kernel_or_threads() -> None:
    stopping = Stopping(most=5 * STRETCH_TRIALS)
    first = simulate(BRIDGE, seed=1, stopping=stopping, kernel_name=KernelName.NUMPY)
    second = simulate(BRIDGE, seed=1, stopping=stopping, kernel_name=KernelName.NUMBA, threads=2)
    assert first.estimates == second.estimates
    assert (first.failures == second.failures).all()
    assert (first.kernel, second.kernel) == (KernelName.NUMPY, KernelName.NUMBA)


def test_what_is_down_now_is_given() -> None:
    result = simulate(BRIDGE, seed=1, stopping=ONE_STRETCH, given=[1.0, 1.0, None, None, None])
    assert result.estimates["upper"].probability == 1.0
    assert result.estimates["upper"].interval.high == 1.0


def test_it_stops_when_the_intervals_are_narrow_enough() -> None:
    wide = simulate(BRIDGE, seed=1, stopping=Stopping(most=10**9, half_width=0.001))
    assert wide.stopped == "precision"
    assert all(found.interval.half_width <= 0.001 for found in wide.estimates.values())
    assert wide.trials < 10**6
    narrow = simulate(BRIDGE, seed=1, stopping=Stopping(most=10**9, relative=0.01))
    assert narrow.stopped == "precision"
    assert narrow.trials > wide.trials


def test_it_stops_when_the_budget_is_spent() -> None:
    ticks = count(0.0, 1.0)
    stopping = Stopping(most=10**9, seconds=3.0, clock=lambda: next(ticks))
    result = simulate(BRIDGE, seed=1, stopping=stopping)
    assert result.stopped == "budget"
    assert result.trials == 3 * STRETCH_TRIALS


def test_it_says_how_far_it_is() -> None:
    seen: list[tuple[int, int]] = []
    simulate(
        BRIDGE,
        seed=1,
        stopping=Stopping(most=2 * STRETCH_TRIALS),
        progress=lambda done, wanted: seen.append((done, wanted)),
    )
    assert seen == [
        (STRETCH_TRIALS, 2 * STRETCH_TRIALS),
        (2 * STRETCH_TRIALS, 2 * STRETCH_TRIALS),
    ]


@pytest.mark.parametrize(
    ("unavailability", "fault"),
    [(None, "“a” has no unavailability"), (1.5, "“a” has the unavailability 1.5, not 0 to 1")],
)
def test_a_leaf_without_a_probability_is_named(unavailability: float | None, fault: str) -> None:
    graph = GateGraph((Leaf("a", unavailability=unavailability),), (), {"top": 0})
    with pytest.raises(ValueError, match=fault):
        simulate(graph, seed=1)


def test_an_interval_of_no_hits_still_says_how_likely_it_may_be() -> None:
    assert wilson(0, 1000).low == 0.0
    assert 0.003 < wilson(0, 1000).high < 0.005
    assert wilson(1000, 1000).high == 1.0
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1, 2, 1.0)


def test_the_ranks_of_a_percentile_hold_it_between_them() -> None:
    low, high = percentile_ranks(1000, 0.9)
    assert low < 900 < high
    assert percentile_ranks(3, 0.99) == (2, 2)
