"""Downtime, failures and losses of a diagram, against enumeration, closed forms, simulation."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings

from standfast.engine.continuity.diagrams.solving import solve
from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.mitigation.exact import (
    HOURS_A_YEAR,
    Wait,
    downtime,
    failures_a_year,
)
from standfast.engine.continuity.simulation.exposure import Duration, Exposure, Shape, Watch
from standfast.engine.continuity.simulation.years import Budget, live_through
from tests.engine.continuity.random_graphs import COHERENT, chance, every_state, exact, graphs


def with_rates(graph: GateGraph) -> GateGraph:
    leaves = tuple(
        replace(leaf, frequency=float(place + 1), repair_hours=10.0)
        for place, leaf in enumerate(graph.leaves)
    )
    return replace(graph, leaves=leaves)


@given(graph=graphs(operators=COHERENT, most_leaves=6))
@settings(deadline=None, max_examples=60)
def test_share_down_and_failures_are_those_of_enumeration(graph: GateGraph) -> None:
    graph = with_rates(graph)
    waits = [Wait.EXPONENTIAL] * len(graph.leaves)
    for node in graph.tops.values():
        found = downtime(graph.leaves, solve(graph, node), waits=waits)
        assert found.unavailability == pytest.approx(exact(graph)[node])
        failures = 0.0
        for state in every_state(graph):
            for place, leaf in enumerate(graph.leaves):
                if state[place]:
                    continue
                after = (*state[:place], True, *state[place + 1 :])
                if graph.failed(after)[node] and not graph.failed(state)[node]:
                    failures += chance(graph, state) * float(leaf.frequency or 0.0)
        assert found.failures == pytest.approx(failures)


def test_a_loss_curve_of_one_element_is_its_closed_form() -> None:
    mean, rate = 6.0, 3.0
    share = Leaf("a", unavailability=0.01, frequency=rate, repair_hours=mean)
    graph = GateGraph((share,), (), {"a": 0})
    steps = ((1.0, 100.0), (5.0, 700.0), (20.0, 50.0))
    found = downtime(graph.leaves, solve(graph, 0), waits=[Wait.EXPONENTIAL], steps=steps)
    each = sum(
        per_hour * mean * (math.exp(-begin / mean) - math.exp(-end / mean))
        for (begin, per_hour), end in zip(steps, (5.0, 20.0, math.inf), strict=True)
    )
    outages = 0.01 * HOURS_A_YEAR / mean
    assert found.loss == pytest.approx(outages * each)


def test_losses_are_those_of_simulated_years() -> None:
    hours = (30.0, 8.0, 50.0, 12.0)
    rates = (4.0, 3.0, 2.0, 5.0)
    leaves = tuple(
        Leaf(
            name,
            frequency=rate,
            repair_hours=mean,
            unavailability=rate * mean / HOURS_A_YEAR / (1 + rate * mean / HOURS_A_YEAR),
        )
        for name, rate, mean in zip("abcd", rates, hours, strict=True)
    )
    gates = (
        Gate("pair", Operator.AND, (0, 2)),
        Gate("top", Operator.OR, (4, 1, 3)),
    )
    graph = GateGraph(leaves, gates, {"top": 5})
    waits = [Wait.EXPONENTIAL] * 3 + [Wait.FIXED]
    steps = ((0.0, 100.0), (6.0, 1000.0), (24.0, 5000.0))
    found = downtime(graph.leaves, solve(graph, 5), waits=waits, steps=steps)
    exposure = Exposure(
        graph,
        durations={3: Duration(12.0, Shape.FIXED)},
        watches={"top": Watch(loss=steps)},
    )
    lived = live_through(exposure, seed=8, budget=Budget(years=20_000)).tops["top"]
    assert lived.downtime.mean == pytest.approx(found.hours, rel=0.02)
    assert lived.outages == pytest.approx(found.failures, rel=0.02)
    # Failures that come while it is down already lengthen outages a little beyond the formula.
    assert lived.loss.mean == pytest.approx(found.loss, rel=0.05)


@pytest.mark.parametrize(
    ("leaf", "failures"),
    [
        (Leaf("a"), 0.0),
        (Leaf("a", unavailability=0.5, frequency=2.0), 1.0),
        (Leaf("a", unavailability=0.5, repair_hours=HOURS_A_YEAR), 0.5),
        (Leaf("a", unavailability=0.001), 0.001 * HOURS_A_YEAR / 4.0),
        (Leaf("a", unavailability=1.0), 0.0),
    ],
)
def test_how_often_a_leaf_fails_follows_from_what_is_known(leaf: Leaf, failures: float) -> None:
    assert failures_a_year(leaf) == pytest.approx(failures)
