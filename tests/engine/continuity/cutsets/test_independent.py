"""Another library's families of sets agree: every gate joined and minimised in turn."""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from typing import Any

from graphillion import setset
from hypothesis import given, settings

from standfast.engine.continuity.cutsets.result import CutSets
from standfast.engine.continuity.diagrams.solving import solve
from standfast.engine.continuity.gates import Gate, GateGraph, Operator
from tests.engine.continuity.oracle import graphs, top_of


def alternatives(gate: Gate) -> list[tuple[int, ...]]:
    """The selections of children that make a coherent gate fail."""
    children = gate.children
    if gate.operator is Operator.OR:
        return [(child,) for child in children]
    if gate.operator is Operator.AND:
        return [children]
    weights = gate.weights or (1,) * len(children)
    places = range(len(children))
    return [
        tuple(children[place] for place in chosen)
        for size in range(1, len(children) + 1)
        for chosen in combinations(places, size)
        if sum(weights[place] for place in chosen) >= gate.threshold
    ]


def joined(graph: GateGraph) -> Any:
    setset.set_universe(list(range(1, len(graph.leaves) + 1)))
    families: list[Any] = [setset([{leaf + 1}]) for leaf in range(len(graph.leaves))]
    for gate in graph.gates:
        ways = [
            reduce(lambda one, other: one.join(other), (families[child] for child in chosen))
            for chosen in alternatives(gate)
        ]
        families.append(reduce(lambda one, other: one | other, ways).minimal())
    return families[top_of(graph)]


@given(graphs(most_leaves=14, most_gates=14))
@settings(max_examples=60)
def test_joining_and_minimising_gate_by_gate_gives_the_same_sets(graph: GateGraph) -> None:
    theirs = {frozenset(leaf - 1 for leaf in each) for each in joined(graph)}
    found = CutSets.of(graph, solve(graph, top_of(graph), kernel="plain"))
    assert found.count == len(theirs)
    assert {frozenset(each.leaves) for each in found.ordered()} == theirs
