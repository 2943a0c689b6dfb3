"""Beyond the budget: what is said is true, and it is said what is missing."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.continuity.cutsets.result import CutSets
from standfast.engine.continuity.diagrams import limited as limited_module
from standfast.engine.continuity.diagrams import solving
from standfast.engine.continuity.diagrams.budget import Budget, BudgetSpent
from standfast.engine.continuity.diagrams.diagram import Diagram
from standfast.engine.continuity.diagrams.plain import PlainKernel
from standfast.engine.continuity.diagrams.program import Program
from standfast.engine.continuity.diagrams.solving import Solved, solve
from standfast.engine.continuity.gates import GateGraph
from standfast.engine.continuity.probability.bounds import bounded
from tests.engine.continuity.oracle import graphs, minimal_sets, probability, top_of


class Exhausted(PlainKernel):
    """A kernel whose budget is spent on whole functions, and on orders above `most`."""

    most = 2
    whole_functions = False

    def build(
        self, steps: Program, *, cap: int, budget: Budget, room: int | None = None
    ) -> Diagram:
        if (room is None and not self.whole_functions) or (room or 0) > self.most:
            raise BudgetSpent("time")
        return super().build(steps, cap=cap, budget=budget, room=room)

    def minimal(self, function: Diagram, *, coherent: bool, cap: int, budget: Budget) -> Diagram:
        if coherent:
            raise BudgetSpent("memory")
        return super().minimal(function, coherent=coherent, cap=cap, budget=budget)


def solved_up_to(graph: GateGraph, order: int, *, whole_functions: bool = False) -> Solved:
    kernel = Exhausted()
    kernel.most, kernel.whole_functions = order, whole_functions
    with patch.object(solving, "PlainKernel", lambda: kernel):
        return solve(graph, top_of(graph), kernel="plain")


@given(graphs(coherent=False), st.integers(0, 3))
def test_sets_are_complete_up_to_the_order_that_is_said(graph: GateGraph, order: int) -> None:
    solved = solved_up_to(graph, order)
    found = CutSets.of(graph, solved)
    sets = {frozenset(each.leaves) for each in found.ordered()}
    wanted = minimal_sets(graph)
    assert sets <= wanted
    complete_to = found.complete_to
    if complete_to is None:
        assert sets == wanted
    else:
        assert {each for each in wanted if len(each) <= complete_to} <= sets


@given(graphs(coherent=False), st.integers(0, 3))
def test_the_probability_lies_within_its_bounds(graph: GateGraph, order: int) -> None:
    chances = [leaf.unavailability or 0.0 for leaf in graph.leaves]
    found = bounded(solved_up_to(graph, order), chances)
    assert 0.0 <= found.lower <= found.upper <= 1.0
    assert found.lower - 1e-12 <= probability(graph) <= found.upper + 1e-12


@given(graphs())
def test_when_only_the_sets_are_too_many_the_probability_stays_exact(graph: GateGraph) -> None:
    solved = solved_up_to(graph, 1, whole_functions=True)
    assert solved.exact
    chances = [leaf.unavailability or 0.0 for leaf in graph.leaves]
    assert bounded(solved, chances).exact == pytest.approx(probability(graph))


def test_a_spent_clock_ends_in_a_bound() -> None:
    graph = graphs_example()
    ticks = iter(range(10**9))
    with patch.object(limited_module, "COSTLIER", 0.0):
        solved = solve(
            graph, top_of(graph), kernel="plain", budget=Budget.of(0, lambda: next(ticks))
        )
    found = CutSets.of(graph, solved)
    assert not found.complete
    assert found.complete_to is not None


def graphs_example() -> GateGraph:
    """Three of each of many triples: too many steps for no time at all."""
    from standfast.engine.continuity.gates import Gate, Leaf, Operator

    leaves = tuple(Leaf(f"e{number}", unavailability=0.1) for number in range(120))
    gates = [
        Gate(f"g{number}", Operator.ATLEAST, tuple(range(number, number + 40)), 20)
        for number in range(80)
    ]
    gates.append(Gate("top", Operator.AND, tuple(range(120, 200))))
    return GateGraph(leaves, tuple(gates), {"top": 200})
