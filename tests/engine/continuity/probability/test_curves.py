"""Downtime curves: exact beside the minimum and maximum of restoration times."""

from __future__ import annotations

import random
from math import exp, log

import pytest
from hypothesis import given, settings

from standfast.engine.continuity.diagrams.solving import solve
from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.probability.curves import Hit, downtime_curve, hits_of
from standfast.engine.continuity.probability.tails import (
    Delayed,
    Exponential,
    Fixed,
    LogNormal,
    Remaining,
    Tail,
)
from tests.engine.continuity.oracle import fails, graphs, top_of


@given(graphs(most_leaves=6))
@settings(max_examples=40)
def test_the_curve_agrees_with_fixed_times_one_by_one(graph: GateGraph) -> None:
    """With fixed times and certain hits the function is down exactly while a failing set is."""
    hits = [Hit(1.0, Fixed(float(leaf + 1))) for leaf in range(len(graph.leaves))]
    solved = solve(graph, top_of(graph), kernel="plain")
    moments = {f"{half}": half / 2 for half in range(2 * len(hits) + 3)}
    for mark in downtime_curve(solved, hits, until=10, points=2, limits=moments).marks:
        still_down = {leaf for leaf in range(len(hits)) if mark.hours < leaf + 1}
        assert mark.breached == float(fails(graph, still_down))


def test_an_alternative_shortens_and_a_need_lengthens() -> None:
    """Worked by hand: minimum and maximum of two exponential times."""
    leaves = (Leaf("a", unavailability=0.5, repair_hours=10), Leaf("b", unavailability=1.0))
    gates = (Gate("any", Operator.AND, (0, 1)), Gate("all", Operator.OR, (0, 1)))
    graph = GateGraph(leaves, gates, {"any": 2, "all": 3})
    hits = hits_of(leaves, tails={1: Exponential(5)})
    after = 4.0
    first, second = 0.5 * exp(-after / 10), exp(-after / 5)
    for top, wanted in ((2, first * second), (3, 1 - (1 - first) * (1 - second))):
        curve = downtime_curve(solve(graph, top), hits, until=200, limits={"RTO": after})
        assert curve.marks[0].breached == pytest.approx(wanted)
    both = downtime_curve(solve(graph, 2), hits, until=200, points=2001)
    assert both.expected_hours == pytest.approx(0.5 / (1 / 10 + 1 / 5), rel=1e-4)
    assert both.beyond < 1e-12


def test_simulated_restorations_agree() -> None:
    """2 of 3 must be back; a seeded simulation with the order statistic."""
    graph = GateGraph(
        tuple(Leaf(name) for name in "abc"),
        (Gate("g", Operator.ATLEAST, (0, 1, 2), threshold=2),),
        {"top": 3},
    )
    means, chance, limit, trials = (2.0, 5.0, 9.0), 0.6, 3.0, 40_000
    hits = [Hit(chance, Exponential(mean)) for mean in means]
    curve = downtime_curve(solve(graph, 3), hits, until=50, limits={"limit": limit})
    dice = random.Random(7)
    longer = 0
    for _ in range(trials):
        times = [dice.expovariate(1 / mean) if dice.random() < chance else 0.0 for mean in means]
        longer += sorted(times)[1] > limit
    assert curve.marks[0].breached == pytest.approx(longer / trials, abs=0.01)


@pytest.mark.parametrize(
    ("tail", "hours", "wanted"),
    [
        (Exponential(4), 4, exp(-1)),
        (Exponential(4), -1, 1),
        (Fixed(3), 2.9, 1),
        (Fixed(3), 3, 0),
        (LogNormal(8, 3), 8, 0.5),
        (LogNormal(8, 3), 24, 0.05),
        (LogNormal(8, 3), 0, 1),
        (Delayed(Fixed(1), 2), 2.5, 1),
        (Delayed(Fixed(1), 2), 3.5, 0),
        (Delayed(Exponential(2), 1), 0.5, 1),
        (Remaining(Fixed(5), 3), 1.9, 1),
        (Remaining(Fixed(5), 3), 2.1, 0),
        (Remaining(Fixed(5), 9), 0, 0),
        (Remaining(Exponential(2), 100), 2 * log(2), 0.5),  # it has no memory
    ],
)
def test_tails_say_how_long_a_restoration_takes(tail: Tail, hours: float, wanted: float) -> None:
    assert tail(hours) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Exponential(0),
        lambda: Fixed(-1),
        lambda: LogNormal(0, 2),
        lambda: LogNormal(1, 1),
        lambda: Delayed(Fixed(1), -1),
    ],
)
def test_impossible_times_are_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="must be"):
        make()


def test_what_is_down_now_is_surely_down_for_what_remains() -> None:
    leaves = (Leaf("a", unavailability=0.01, repair_hours=4), Leaf("b", unavailability=0.02))
    hits = hits_of(leaves, down={0: 6.0}, chances={1: 0.5})
    assert [hit.chance for hit in hits] == [1.0, 0.5]
    assert hits[0].still_down(4) == pytest.approx(exp(-1))
    assert hits[1].still_down(0) == 0  # no repair time is known


def test_a_curve_needs_a_span() -> None:
    graph = GateGraph((Leaf("a"),), (Gate("g", Operator.OR, (0,)),), {"top": 1})
    with pytest.raises(ValueError, match="at least 2 points"):
        downtime_curve(solve(graph, 1), [Hit(1, Fixed(1))], until=0)
