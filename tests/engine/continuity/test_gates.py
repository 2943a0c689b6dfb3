"""The gate graph: what it refuses, and what its gates mean."""

from __future__ import annotations

import pytest

from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator

LEAVES = tuple(Leaf(name) for name in "abc")


def graph(*gates: Gate) -> GateGraph:
    return GateGraph(LEAVES, gates, {"top": len(LEAVES) + len(gates) - 1})


@pytest.mark.parametrize(
    ("gate", "fault"),
    [
        (Gate("g", Operator.OR, ()), "has no children"),
        (Gate("g", Operator.OR, (3,)), "refers to itself or to a later node"),
        (Gate("g", Operator.NOT, (0, 1)), "negates 2 nodes"),
        (Gate("g", Operator.ATLEAST, (0, 1), threshold=3), "asks for 3 of 2"),
        (Gate("g", Operator.ATLEAST, (0, 1), threshold=0), "asks for 0 of 2"),
        (Gate("g", Operator.ATLEAST, (0, 1), threshold=1, weights=(2,)), "one weight"),
    ],
)
def test_an_impossible_gate_is_refused_by_name(gate: Gate, fault: str) -> None:
    with pytest.raises(ValueError, match=f"“g” {fault}|“g” needs {fault}"):
        graph(gate)


def test_a_top_must_exist() -> None:
    with pytest.raises(ValueError, match="top “top” is node 7"):
        GateGraph(LEAVES, (), {"top": 7})


@pytest.mark.parametrize(
    ("gate", "down", "fails"),
    [
        (Gate("g", Operator.AND, (0, 1, 2)), "ab", False),
        (Gate("g", Operator.AND, (0, 1, 2)), "abc", True),
        (Gate("g", Operator.OR, (0, 1, 2)), "c", True),
        (Gate("g", Operator.OR, (0, 1)), "c", False),
        (Gate("g", Operator.NOT, (0,)), "", True),
        (Gate("g", Operator.XOR, (0, 1)), "ab", False),
        (Gate("g", Operator.ATLEAST, (0, 1, 2), threshold=2), "ac", True),
        (Gate("g", Operator.ATLEAST, (0, 1, 2), threshold=2), "a", False),
        (Gate("g", Operator.ATLEAST, (0, 1, 2), threshold=5, weights=(4, 1, 1)), "ab", True),
        (Gate("g", Operator.ATLEAST, (0, 1, 2), threshold=5, weights=(4, 1, 1)), "bc", False),
    ],
)
def test_a_gate_fails_when_enough_of_its_children_have(gate: Gate, down: str, fails: bool) -> None:
    states = graph(gate).failed([leaf.name in down for leaf in LEAVES])
    assert states[-1] is fails


def test_what_a_node_depends_on_is_found_once_each() -> None:
    inner = Gate("inner", Operator.AND, (0, 1))
    outer = Gate("outer", Operator.OR, (3, 0, 2))
    found = graph(inner, outer)
    assert sorted(found.below(4)) == [0, 1, 2, 3, 4]
    assert sorted(found.below(3)) == [0, 1, 3]
    assert [found.name(node) for node in (0, 3, 4)] == ["a", "inner", "outer"]
    assert found.is_coherent
    assert not graph(Gate("g", Operator.NOT, (0,))).is_coherent
