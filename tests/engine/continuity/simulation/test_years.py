"""Years of failures against closed forms: renewal, the machine repairmen, common shocks."""

from __future__ import annotations

import math
from itertools import count

import pytest

from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.simulation.exposure import (
    HOURS_A_YEAR,
    Crew,
    Duration,
    Exposure,
    Hit,
    Shape,
    Shock,
    Watch,
)
from standfast.engine.continuity.simulation.kernels import KernelName
from standfast.engine.continuity.simulation.years import Budget, Lived, Years, live_through

SURE = 0.9999
YEARS = Budget(years=4000)


def machines(size: int, *, frequency: float, hours: float) -> GateGraph:
    """So many equal machines; top k is down while at least k of them are."""
    leaves = tuple(Leaf(f"m{n}", frequency=frequency, repair_hours=hours) for n in range(size))
    gates = tuple(
        Gate(f"{k} down", Operator.ATLEAST, tuple(range(size)), threshold=k)
        for k in range(1, size + 1)
    )
    return GateGraph(leaves, gates, {gate.name: size + n for n, gate in enumerate(gates)})


def share_with_at_least(k: int, *, size: int, crew: int, load: float) -> float:
    """The machine-repairmen model: `load` is rate of failure over rate of repair."""
    weights = [1.0]
    for down in range(1, size + 1):
        weights.append(weights[-1] * (size - down + 1) * load / min(down, crew))
    return sum(weights[k:]) / sum(weights)


def inside(lived: Lived, hours: float) -> bool:
    return lived.downtime.mean_interval.low <= hours <= lived.downtime.mean_interval.high


@pytest.mark.parametrize("crew", [None, 1, 2])
def test_downtime_is_that_of_the_machine_repairmen(crew: int | None) -> None:
    graph = machines(4, frequency=12.0, hours=90.0)
    crews = () if crew is None else (Crew("crew", crew, frozenset(range(4))),)
    result = live_through(Exposure(graph, crews=crews), seed=2, budget=YEARS, confidence=SURE)
    for k in range(1, 5):
        share = share_with_at_least(k, size=4, crew=crew or 4, load=12.0 * 90.0 / HOURS_A_YEAR)
        assert inside(result.tops[f"{k} down"], share * HOURS_A_YEAR)


def test_waiting_for_the_only_engineer_lengthens_what_a_diagram_would_call_independent() -> None:
    graph = machines(6, frequency=6.0, hours=120.0)
    alone = Exposure(graph, crews=(Crew("engineer", 1, frozenset(range(6))),))
    budget = Budget(years=1000)
    with_queue = live_through(alone, seed=1, budget=budget).tops["3 down"].downtime.mean
    without = live_through(Exposure(graph), seed=1, budget=budget).tops["3 down"].downtime.mean
    assert with_queue > 2 * without


def storm(correlation: float, shape: Shape) -> Years:
    leaves = (Leaf("a"), Leaf("b"))
    gates = (Gate("both", Operator.AND, (0, 1)), Gate("one", Operator.OR, (0, 1)))
    graph = GateGraph(leaves, gates, {"both": 2, "one": 3})
    hits = tuple(Hit(leaf, Duration(10.0, shape)) for leaf in range(2))
    exposure = Exposure(
        graph,
        shocks=(Shock("storm", 5.0, hits, correlation),),
        watches={"both": Watch(rto=10.0, mtpd=20.0)},
    )
    return live_through(exposure, seed=3, budget=YEARS, confidence=SURE)


def test_durations_that_go_together_are_as_long_together_as_alone() -> None:
    result = storm(1.0, Shape.EXPONENTIAL)
    assert inside(result.tops["both"], 50.0)
    assert inside(result.tops["one"], 50.0)
    assert result.tops["both"].rto_breaches == pytest.approx(5.0 * math.exp(-1), rel=0.05)
    assert result.tops["both"].mtpd_breaches == pytest.approx(5.0 * math.exp(-2), rel=0.08)


def test_durations_that_are_independent_leave_half_of_it_for_both() -> None:
    result = storm(0.0, Shape.EXPONENTIAL)
    assert inside(result.tops["both"], 25.0)
    assert inside(result.tops["one"], 75.0)


@pytest.mark.parametrize("shape", Shape)
def test_every_shape_has_the_mean_that_it_is_given(shape: Shape) -> None:
    assert storm(1.0, shape).tops["one"].downtime.mean == pytest.approx(50.0, rel=0.05)


def test_a_hit_that_depends_happens_in_its_share_of_shocks() -> None:
    graph = GateGraph((Leaf("a"),), (), {"a": 0})
    hits = (Hit(0, Duration(4.0, Shape.FIXED), probability=0.25, delay=3.0),)
    exposure = Exposure(graph, shocks=(Shock("storm", 8.0, hits),))
    result = live_through(exposure, seed=3, budget=YEARS, confidence=SURE)
    assert result.tops["a"].outages == pytest.approx(2.0, rel=0.05)
    assert inside(result.tops["a"], 8.0)


def test_losses_follow_their_steps_and_the_curve_falls() -> None:
    graph = GateGraph((Leaf("a", frequency=2.0, repair_hours=5.0),), (), {"a": 0})
    exposure = Exposure(
        graph,
        durations={0: Duration(5.0, Shape.FIXED)},
        watches={"a": Watch(loss=((2.0, 10.0), (4.0, 100.0)))},
    )
    result = live_through(exposure, seed=4, budget=YEARS, confidence=SURE)
    each = 2 * 10.0 + 1 * 100.0
    assert result.loss.mean == pytest.approx(result.tops["a"].outages * each)
    losses, shares = zip(*result.curve, strict=True)
    assert list(losses) == sorted(losses)
    assert list(shares) == sorted(shares, reverse=True)
    assert losses[0] == 0.0
    assert shares[0] == pytest.approx(1 - math.exp(-2.0), abs=0.03)
    assert all(loss % each == pytest.approx(0.0) for loss in losses)
    assert result.tops["a"].triggers[0][0] == "a"


def test_percentiles_rise_and_lie_inside_their_intervals() -> None:
    result = live_through(
        Exposure(machines(3, frequency=3.0, hours=30.0)), seed=5, budget=Budget(years=500)
    )
    found = result.tops["1 down"].downtime.percentiles
    assert [one.value for one in found] == sorted(one.value for one in found)
    assert all(one.interval.low <= one.value <= one.interval.high for one in found)


def test_the_same_seed_gives_the_same_years_on_either_kernel() -> None:
    exposure = Exposure(machines(4, frequency=3.0, hours=30.0))
    budget = Budget(years=300)
    results = [
        live_through(exposure, seed=seed, budget=budget, kernel_name=name)
        for seed, name in [(1, KernelName.NUMPY), (1, KernelName.NUMBA), (2, KernelName.NUMPY)]
    ]
    assert results[0] == results[1]
    assert results[0].tops != results[2].tops


def test_it_stops_when_the_budget_is_spent_and_says_how_far_it_is() -> None:
    ticks = count(0.0, 1.0)
    seen: list[tuple[int, int]] = []
    result = live_through(
        Exposure(machines(4, frequency=200.0, hours=30.0)),
        seed=1,
        budget=Budget(years=200_000, seconds=2.0, clock=lambda: next(ticks)),
        progress=lambda done, wanted: seen.append((done, wanted)),
    )
    assert result.stopped == "budget"
    assert seen[-1] == (result.years, 200_000)
    assert result.years < 200_000


def test_a_graph_in_which_nothing_fails_is_never_down() -> None:
    result = live_through(Exposure(GateGraph((Leaf("a"),), (), {"a": 0})), seed=1)
    assert result.tops["a"].downtime.mean == 0.0
    assert result.curve == ((0.0, 0.0),)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (lambda: Duration(-1.0), "a duration of -1.0 hours"),
        (lambda: Shock("s", 1.0, (), correlation=2.0), "has the correlation 2.0"),
        (lambda: Shock("s", -1.0, ()), "happens -1.0 times"),
        (lambda: Crew("c", 0, frozenset()), "has 0 members"),
        (
            lambda: Exposure(
                machines(2, frequency=1, hours=1),
                crews=(Crew("c", 1, frozenset({0})), Crew("d", 1, frozenset({0, 1}))),
            ),
            "one crew at most",
        ),
        (
            lambda: Exposure(machines(2, frequency=1, hours=1), durations={2: Duration(1.0)}),
            "numbered 0 to 1",
        ),
        (
            lambda: Exposure(machines(2, frequency=1, hours=1), watches={"x": Watch()}),
            "no top “x”",
        ),
        (
            lambda: Exposure(GateGraph((Leaf("a"),), (Gate("n", Operator.NOT, (0,)),), {})),
            "more failures never help",
        ),
    ],
)
def test_an_impossible_exposure_is_refused(wrong: object, fault: str) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match=fault):
        wrong()
