"""Exact probabilities and importance, beside an oracle that adds up every combination."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.continuity.diagrams.solving import solve
from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.probability.bounds import bounded
from standfast.engine.continuity.probability.exact import derivatives, top_probability
from standfast.engine.continuity.probability.importance import importances
from standfast.engine.continuity.probability.yearly import steady_unavailability, yearly
from tests.engine.continuity.oracle import graphs, minimal_sets, probability, top_of


def chances_of(graph: GateGraph) -> list[float]:
    return [leaf.unavailability or 0.0 for leaf in graph.leaves]


@given(graphs(coherent=False))
def test_the_probability_and_its_derivatives_are_exact(graph: GateGraph) -> None:
    solved, chances = solve(graph, top_of(graph), kernel="plain"), chances_of(graph)
    total, slopes = derivatives(solved, chances)
    assert total == pytest.approx(probability(graph), abs=1e-12)
    assert top_probability(solved, chances) == total
    assert bounded(solved, chances).exact == total
    for leaf, slope in enumerate(slopes):
        up, down = ([*chances[:leaf], end, *chances[leaf + 1 :]] for end in (0.0, 1.0))
        wanted = probability(graph, down) - probability(graph, up)
        assert slope == pytest.approx(wanted, abs=1e-12)


@given(graphs())
def test_measures_of_importance_mean_what_they_say(graph: GateGraph) -> None:
    solved, chances = solve(graph, top_of(graph), kernel="plain"), chances_of(graph)
    total = probability(graph)
    sets = minimal_sets(graph)

    def sum_of(chosen: set[frozenset[int]]) -> float:
        worths = []
        for each in chosen:
            worth = 1.0
            for leaf in each:
                worth *= chances[leaf]
            worths.append(worth)
        return sum(worths)

    if total == 0:
        return
    for each in importances(solved, chances, [leaf.name for leaf in graph.leaves]):
        up, down = (
            probability(graph, [*chances[: each.leaf], end, *chances[each.leaf + 1 :]])
            for end in (0.0, 1.0)
        )
        assert each.birnbaum == pytest.approx(down - up)
        assert each.criticality == pytest.approx((down - up) * each.probability / total)
        assert each.achievement == pytest.approx(down / total)
        assert each.reduction == (pytest.approx(total / up) if up > 1e-12 else inf)
        with_leaf = {one for one in sets if each.leaf in one}
        assert each.fussell_vesely == pytest.approx(sum_of(with_leaf) / sum_of(sets))


@given(graphs(coherent=False), st.sets(st.integers(0, 7)))
def test_leaves_of_unknown_probability_widen_the_range(graph: GateGraph, unknown: set[int]) -> None:
    solved = solve(graph, top_of(graph), kernel="plain")
    chances: list[float | None] = list(chances_of(graph))
    for leaf in unknown & set(range(len(chances))):
        chances[leaf] = None
    found = bounded(solved, chances)
    for end in (0.0, 1.0):
        tried = [end if chance is None else chance for chance in chances]
        assert found.lower - 1e-12 <= probability(graph, tried) <= found.upper + 1e-12


def test_a_function_that_never_fails_has_nothing_that_matters() -> None:
    graph = GateGraph((Leaf("a", unavailability=0.0),), (Gate("g", Operator.OR, (0,)),), {"top": 1})
    with pytest.raises(ValueError, match="never down"):
        importances(solve(graph, 1), [0.0], ["a"])


def test_a_year_of_two_lines_worked_by_hand() -> None:
    """Each line fails 4 times a year for 10 hours; both together stop the work."""
    line = Leaf("line", frequency=4.0, repair_hours=10.0)
    chance = steady_unavailability(line)
    assert chance is not None
    assert chance == pytest.approx(10 / (2191.5 + 10))
    graph = GateGraph((line, line), (Gate("g", Operator.AND, (0, 1)),), {"top": 2})
    found = yearly(solve(graph, 2), graph.leaves)
    assert found.unavailability.exact == pytest.approx(chance**2)
    assert found.stops == pytest.approx(2 * 4 * chance)
    assert found.mean_hours_a_stop == pytest.approx(chance * 8766 / 8)
    assert found.hours.lower == pytest.approx(chance**2 * 8766)


def test_a_leaf_without_figures_leaves_the_year_open() -> None:
    graph = GateGraph((Leaf("a"),), (Gate("g", Operator.OR, (0,)),), {"top": 1})
    found = yearly(solve(graph, 1), graph.leaves)
    assert (found.unavailability.lower, found.unavailability.upper) == (0, 1)
    assert found.stops is None
    assert found.mean_hours_a_stop is None
