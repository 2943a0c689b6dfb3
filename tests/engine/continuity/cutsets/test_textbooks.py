"""Cases from textbooks, worked by hand (docs/algorithms/cut-sets.md)."""

from __future__ import annotations

import pytest

from standfast.engine.continuity.cutsets.stopping import Stopping, stopping
from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from tests.engine.continuity.golden import sample


def sets(found: Stopping) -> set[frozenset[str]]:
    return {frozenset(each.names) for each in found.cut_sets.ordered()}


def of(*names: str) -> set[frozenset[str]]:
    return {frozenset(each.split()) for each in names}


def theatre() -> GateGraph:
    leaves = (
        Leaf("mains", unavailability=0.03),
        Leaf("generator", unavailability=0.02),
        Leaf("relay", unavailability=0.05),
    )
    gates = (Gate("backup", Operator.OR, (1, 2)), Gate("theatre", Operator.AND, (0, 3)))
    return GateGraph(leaves, gates, {"theatre": 4})


def test_the_operating_theatre_goes_dark_in_two_ways() -> None:
    found = stopping(theatre(), 4)
    assert sets(found) == of("mains generator", "mains relay")
    assert found.probability.exact == pytest.approx(0.03 * (1 - 0.98 * 0.95))


def test_the_bridge_has_four_minimal_sets() -> None:
    """Two lines with a cross-link: a b, c d, a e d, c e b."""
    leaves = tuple(Leaf(name, unavailability=0.1) for name in "abcde")
    gates = (
        Gate("ab", Operator.AND, (0, 1)),
        Gate("cd", Operator.AND, (2, 3)),
        Gate("aed", Operator.AND, (0, 4, 3)),
        Gate("ceb", Operator.AND, (2, 4, 1)),
        Gate("top", Operator.OR, (5, 6, 7, 8)),
    )
    found = stopping(GateGraph(leaves, gates, {"top": 9}), 9)
    assert found.cut_sets.by_order == (0, 0, 2, 2)
    assert found.probability.exact == pytest.approx(2e-2 + 2e-3 - 5e-4 + 2e-5)


def test_the_lift_door_fails_for_any_of_twelve_reasons() -> None:
    graph = sample("openpsa-lift")
    found = stopping(graph, graph.tops["LiftDoor"])
    wanted = (
        "CP_1 DMS_1 DMS_2 DM_1 DOD_1 DOD_2 DPD_1 D_1 LMD_1 LMD_2 LPD_1 PS_1".split()  # noqa: SIM905
    )
    assert sets(found) == of(*wanted)
    assert found.probability.exact == pytest.approx(1 - (1 - 1e-6) ** 12)


def test_the_second_motor_burns_out_when_the_relay_sticks_or_the_test_signal_stays() -> None:
    """The timers are set (house events), so K5 alone is enough; else T2 with one more cause."""
    graph = sample("openpsa-three_motor")
    found = stopping(graph, graph.tops["E1"])
    timers = [
        f"T2 {one} {two} {three}"
        for one in ("KT1inc", "T2inc")
        for two in ("KT2inc", "T3inc")
        for three in ("KT3inc", "T4inc")
    ]
    assert sets(found) == of("K5", "K1 T2", "S1 T2", "T1inc T2", *timers)


def test_the_gas_detector_fails_with_its_computer_or_two_of_three_sensors() -> None:
    graph = sample("openpsa-gas_leak")
    found = stopping(graph, graph.tops["Gas-detection-system.root"])
    assert found.cut_sets.by_order == (0, 1, 3)
    two_of_three = 3 * 0.05**2 - 2 * 0.05**3
    assert found.probability.exact == pytest.approx(1 - 0.95 * (1 - two_of_three))
