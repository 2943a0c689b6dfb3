"""All minimal cut sets, beside an oracle that tries every combination."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.continuity.cutsets.counting import REGIONS
from standfast.engine.continuity.cutsets.result import CutSets
from standfast.engine.continuity.diagrams.solving import solve
from standfast.engine.continuity.gates import Area, Gate, GateGraph, Leaf, Operator
from tests.engine.continuity.oracle import graphs, minimal_sets, top_of


def cut_sets(graph: GateGraph) -> CutSets:
    return CutSets.of(graph, solve(graph, top_of(graph), kernel="plain"))


def listed(found: CutSets) -> set[frozenset[int]]:
    sets = [frozenset(cut_set.leaves) for cut_set in found.ordered()]
    assert len(sets) == len(set(sets)) == found.count
    return set(sets)


@given(graphs())
def test_the_sets_are_exactly_the_smallest_that_stop_the_top(graph: GateGraph) -> None:
    found = cut_sets(graph)
    assert found.coherent
    assert listed(found) == minimal_sets(graph)


@given(graphs(coherent=False))
def test_with_negation_they_are_the_minimal_positive_parts(graph: GateGraph) -> None:
    assert listed(cut_sets(graph)) == minimal_sets(graph)


@given(graphs(coherent=False))
def test_counts_by_order_region_and_leaf_agree_with_the_list(graph: GateGraph) -> None:
    found = cut_sets(graph)
    sets = minimal_sets(graph)
    assert found.count == len(sets)
    longest = max((len(each) for each in sets), default=-1)
    assert found.by_order == tuple(
        sum(len(each) == order for each in sets) for order in range(longest + 1)
    )
    areas = [{graph.leaves[leaf].area for leaf in each} - {Area.NONE} for each in sets]
    assert found.by_region == {region: areas.count(set(region)) for region in REGIONS}
    assert found.by_leaf == tuple(
        sum(leaf in each for each in sets) for leaf in range(len(graph.leaves))
    )


@given(graphs(coherent=False), st.integers(0, 4))
def test_listing_goes_by_order_and_stops_where_asked(graph: GateGraph, limit: int) -> None:
    found = [cut_set.leaves for cut_set in cut_sets(graph).ordered(up_to=limit)]
    assert [len(each) for each in found] == sorted(len(each) for each in found)
    assert {frozenset(each) for each in found} == {
        each for each in minimal_sets(graph) if len(each) <= limit
    }


@given(graphs(coherent=False))
def test_the_most_probable_come_first(graph: GateGraph) -> None:
    found = cut_sets(graph)
    ranked = list(found.most_probable())
    chances = [cut_set.probability or 0.0 for cut_set in ranked]
    assert chances == pytest.approx(sorted(chances, reverse=True))
    assert {frozenset(cut_set.leaves) for cut_set in ranked} == minimal_sets(graph)
    assert len(list(found.most_probable(2))) == min(2, found.count)


@given(graphs(coherent=False), st.integers(0, 7), st.sets(st.integers(0, 7)))
def test_sets_are_selected_by_a_leaf_and_by_what_has_failed(
    graph: GateGraph, leaf: int, failed: set[int]
) -> None:
    found, sets = cut_sets(graph), minimal_sets(graph)
    assert listed(found.containing(leaf)) == {each for each in sets if leaf in each}
    assert listed(found.inside(failed)) == {each for each in sets if each <= failed}


@given(graphs(coherent=False), st.sets(st.integers(0, 7)), st.sets(st.integers(0, 7)))
def test_what_is_known_to_be_down_or_up_is_folded_in(
    graph: GateGraph, down: set[int], up: set[int]
) -> None:
    down = {leaf for leaf in down if leaf < len(graph.leaves)}
    up = {leaf for leaf in up if leaf < len(graph.leaves)} - down
    solved = solve(graph, top_of(graph), down=down, up=up, kernel="plain")
    failing = {
        frozenset(each) - down for each in _all_failing(graph) if down <= each and not up & each
    }
    minimal = {each for each in failing if not any(other < each for other in failing)}
    assert listed(CutSets.of(graph, solved)) == minimal


def _all_failing(graph: GateGraph) -> list[frozenset[int]]:
    from tests.engine.continuity.oracle import failing_sets

    return failing_sets(graph)


def many_pairs(pairs: int) -> GateGraph:
    """Each of many pairs must lose one: 2 ** pairs sets."""
    leaves = tuple(Leaf(f"e{number}", unavailability=0.1) for number in range(2 * pairs))
    first = len(leaves)
    gates = [Gate(f"pair {pair}", Operator.OR, (2 * pair, 2 * pair + 1)) for pair in range(pairs)]
    gates.append(Gate("top", Operator.AND, tuple(range(first, first + pairs))))
    return GateGraph(leaves, tuple(gates), {"top": first + pairs})


def test_more_sets_than_could_ever_be_listed_are_counted_and_the_first_are_listed() -> None:
    found = cut_sets(many_pairs(100))
    assert found.count == 2**100
    assert found.by_order == (0,) * 100 + (2**100,)
    assert len(list(islice(found.ordered(), 5))) == 5
    assert len(list(found.most_probable(5))) == 5
    assert found.containing(0).count == 2**99


def test_a_common_cause_counts_once() -> None:
    """A fire hits both routes: one event, so a single point of failure."""
    leaves = (Leaf("fire"), Leaf("route a"), Leaf("route b"))
    gates = (
        Gate("a lost", Operator.OR, (0, 1)),
        Gate("b lost", Operator.OR, (0, 2)),
        Gate("top", Operator.AND, (3, 4)),
    )
    found = cut_sets(GateGraph(leaves, gates, {"top": 5}))
    assert [cut_set.names for cut_set in found.ordered()] == [("fire",), ("route a", "route b")]
    assert [cut_set.names for cut_set in found.single_points] == [("fire",)]
    assert found.least_order == 1


def test_an_event_that_touches_several_circles_is_counted_where_they_meet() -> None:
    graph = GateGraph((Leaf("fire"),), (Gate("g", Operator.OR, (0,)),), {"top": 1})
    both = frozenset({Area.PEOPLE, Area.LOCATION})
    found = CutSets.of(graph, solve(graph, 1), areas={"fire": both})
    assert found.by_region[both] == 1
    assert next(found.ordered()).areas == both


def test_sets_of_unknown_probability_come_last() -> None:
    leaves = (Leaf("mains"), Leaf("generator", unavailability=0.01))
    found = cut_sets(GateGraph(leaves, (Gate("g", Operator.OR, (0, 1)),), {"top": 2}))
    ranked = [(each.names, each.probability) for each in found.most_probable()]
    assert ranked == [(("generator",), 0.01), (("mains",), None)]


def test_a_tree_deeper_than_any_recursion_limit_is_solved() -> None:
    depth = 5_000
    leaves = tuple(Leaf(f"e{number}") for number in range(depth + 1))
    gates = []
    below = depth
    for number in range(depth):
        operator = Operator.AND if number % 2 else Operator.OR
        gates.append(Gate(f"g{number}", operator, (number, below)))
        below = depth + 1 + number
    found = cut_sets(GateGraph(leaves, tuple(gates), {"top": below}))
    assert found.count == depth // 2 + 1
    assert len(list(found.ordered(up_to=2))) > 0
