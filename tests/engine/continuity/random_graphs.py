"""Random small gate graphs, and their exact answers by trying every combination of failures."""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator

COHERENT = (Operator.AND, Operator.OR, Operator.ATLEAST)


@st.composite
def graphs(
    draw: st.DrawFn,
    *,
    most_leaves: int = 7,
    most_gates: int = 6,
    operators: tuple[Operator, ...] = tuple(Operator),
) -> GateGraph:
    """Draw a graph whose last gate is the top, and a gate in the middle another."""
    leaf_count = draw(st.integers(1, most_leaves))
    unavailable = st.sampled_from([0.0, 0.001, 0.01, 0.05, 0.1, 0.3, 0.5, 0.9, 0.99, 1.0])
    leaves = tuple(
        Leaf(f"l{place}", unavailability=draw(unavailable)) for place in range(leaf_count)
    )
    gates = [
        draw(_gate(f"g{place}", leaf_count + place, operators))
        for place in range(draw(st.integers(1, most_gates)))
    ]
    last = leaf_count + len(gates) - 1
    middle = leaf_count + (len(gates) - 1) // 2
    return GateGraph(leaves, tuple(gates), {"top": last, "middle": middle})


@st.composite
def _gate(draw: st.DrawFn, name: str, below: int, operators: tuple[Operator, ...]) -> Gate:
    operator = draw(st.sampled_from(operators))
    if operator is Operator.NOT:
        return Gate(name, operator, (draw(st.integers(0, below - 1)),))
    children = tuple(draw(st.lists(st.integers(0, below - 1), min_size=1, max_size=5, unique=True)))
    if operator is not Operator.ATLEAST:
        return Gate(name, operator, children)
    weights: tuple[int, ...] = ()
    if draw(st.booleans()):
        size = len(children)
        weights = tuple(draw(st.lists(st.integers(0, 9), min_size=size, max_size=size)))
        if not sum(weights):
            weights = ()
    most = sum(weights) if weights else len(children)
    return Gate(name, operator, children, draw(st.integers(1, most)), weights)


def every_state(graph: GateGraph) -> list[tuple[bool, ...]]:
    """Return all combinations of leaves that have failed or not."""
    return list(product([False, True], repeat=len(graph.leaves)))


def chance(graph: GateGraph, state: tuple[bool, ...]) -> float:
    """Return the probability of exactly this combination."""
    result = 1.0
    for leaf, failed in zip(graph.leaves, state, strict=True):
        assert leaf.unavailability is not None
        result *= leaf.unavailability if failed else 1.0 - leaf.unavailability
    return result


def exact(graph: GateGraph) -> list[float]:
    """Return the probability of every node, by enumeration."""
    total = [0.0] * len(graph)
    for state in every_state(graph):
        weight = chance(graph, state)
        for node, failed in enumerate(graph.failed(state)):
            total[node] += weight * failed
    return total
