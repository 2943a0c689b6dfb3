"""Gate graphs to try, and slow answers that are right because they try every combination."""

from __future__ import annotations

from itertools import combinations, product
from math import prod
from typing import Any

from hypothesis import strategies as st

from standfast.engine.continuity.gates import Area, Gate, GateGraph, Leaf, Operator

COHERENT = (Operator.AND, Operator.OR, Operator.ATLEAST)
CHANCES = (0.01, 0.1, 0.3, 0.5)


@st.composite
def graphs(
    draw: st.DrawFn, *, coherent: bool = True, most_leaves: int = 8, most_gates: int = 9
) -> GateGraph:
    """A random gate graph whose last node is the top, with areas and unavailabilities."""
    count = draw(st.integers(1, most_leaves))
    leaves = tuple(
        Leaf(
            f"e{number}", draw(st.sampled_from(Area)), draw(st.sampled_from([0.01, 0.1, 0.3, 0.5]))
        )
        for number in range(count)
    )
    operators = COHERENT if coherent else tuple(Operator)
    gates = [
        _gate(draw, number, draw(st.sampled_from(operators)))
        for number in range(count, count + draw(st.integers(1, most_gates)))
    ]
    return GateGraph(leaves, tuple(gates), {"top": count + len(gates) - 1})


def _gate(draw: st.DrawFn, number: int, operator: Operator) -> Gate:
    size = 1 if operator is Operator.NOT else draw(st.integers(1, 4))
    # The nodes made last are drawn more often, so that graphs grow deep.
    children = tuple(
        number - 1 - min(draw(st.integers(0, number - 1)), draw(st.integers(0, number - 1)))
        for _ in range(size)
    )
    if operator is not Operator.ATLEAST:
        return Gate(f"g{number}", operator, children)
    weights: tuple[int, ...] = ()
    if draw(st.booleans()):
        weights = tuple(draw(st.integers(0 if place else 1, 5)) for place in range(size))
    most = sum(weights) if weights else size
    return Gate(f"g{number}", operator, children, draw(st.integers(1, most)), weights)


def top_of(graph: GateGraph) -> int:
    return graph.tops["top"]


def fails(graph: GateGraph, failed: Any) -> bool:
    """Whether the top fails when exactly these leaves have failed."""
    states = graph.failed([number in failed for number in range(len(graph.leaves))])
    return states[top_of(graph)]


def failing_sets(graph: GateGraph) -> list[frozenset[int]]:
    """Every set of failed leaves with which the top fails, smaller ones first."""
    numbers = range(len(graph.leaves))
    return [
        frozenset(chosen)
        for size in range(len(graph.leaves) + 1)
        for chosen in combinations(numbers, size)
        if fails(graph, chosen)
    ]


def minimal_sets(graph: GateGraph) -> set[frozenset[int]]:
    """The failing sets that contain no smaller failing set."""
    found: set[frozenset[int]] = set()
    for failing in failing_sets(graph):
        if not any(smaller <= failing for smaller in found):
            found.add(failing)
    return found


def probability(graph: GateGraph, chances: list[float] | None = None) -> float:
    """The probability that the top fails, all combinations added up."""
    given = chances or [leaf.unavailability or 0.0 for leaf in graph.leaves]
    return sum(
        prod(chance if down else 1 - chance for chance, down in zip(given, states, strict=True))
        for states in product([False, True], repeat=len(given))
        if graph.failed(states)[top_of(graph)]
    )
