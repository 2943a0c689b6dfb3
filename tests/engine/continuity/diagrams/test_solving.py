"""Which kernel answers: plain first, the compiled one when it is worth it and can be had."""

from __future__ import annotations

import sys
from unittest.mock import patch

import pytest

from standfast.engine.continuity.cutsets.result import CutSets
from standfast.engine.continuity.diagrams import solving
from standfast.engine.continuity.diagrams.race import Pace
from standfast.engine.continuity.diagrams.solving import solve
from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator

COMPILED = "standfast.engine.continuity.diagrams.compiled"
IMPATIENT = Pace(first=8, last=8, tiny=0, narrow=8)


def graph() -> GateGraph:
    """Overlapping thresholds, which no module takes apart."""
    leaves = tuple(Leaf(f"e{number}") for number in range(12))
    gates = [
        Gate(f"g{number}", Operator.ATLEAST, tuple(range(number, number + 6)), 3)
        for number in range(6)
    ]
    gates.append(Gate("top", Operator.AND, tuple(range(12, 18))))
    return GateGraph(leaves, tuple(gates), {"top": 18})


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "is_compiled", lambda: False)
    monkeypatch.setattr(solving, "SHORT", IMPATIENT)


@pytest.mark.usefixtures("cold")
def test_what_is_too_large_for_plain_python_goes_to_the_compiled_kernel() -> None:
    solved = solve(graph(), 18)
    assert solved.kernel == "compiled"
    plain = solve(graph(), 18, kernel="plain")
    by_order = [CutSets.of(graph(), each).by_order for each in (solved, plain)]
    assert by_order[0] == by_order[1]


@pytest.mark.usefixtures("cold")
def test_where_the_compiled_kernel_cannot_be_loaded_plain_python_goes_on() -> None:
    with patch.dict(sys.modules, {COMPILED: None}):
        solved = solve(graph(), 18)
    assert solved.kernel == "plain"
    assert CutSets.of(graph(), solved).complete


def test_a_small_model_never_asks_for_it() -> None:
    with patch.object(solving, "is_compiled", lambda: False):
        assert solve(graph(), 12).kernel == "plain"
