"""One failure away: beside an oracle, and in one story."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.continuity.cutsets.margin import margin
from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from tests.engine.continuity.oracle import failing_sets, graphs, top_of


@given(graphs(), st.sets(st.integers(0, 7)))
def test_the_margin_is_the_fewest_further_failures(graph: GateGraph, down: set[int]) -> None:
    down = {leaf for leaf in down if leaf < len(graph.leaves)}
    found = margin(graph, top_of(graph), down=down)
    further = [each - down for each in failing_sets(graph)]
    assert found.failures == min((len(each) for each in further), default=None)
    assert found.is_down == (frozenset() in further)
    if not found.is_down:
        single = {each for each in further if len(each) == 1}
        assert {frozenset(each.leaves) for each in found.next} == single
        pairs = {each for each in further if len(each) == 2 and not any(s < each for s in single)}
        assert {frozenset(each.leaves) for each in found.pairs} == pairs
        assert found.pair_count == len(pairs)


def test_with_one_line_down_the_other_is_all_there_is() -> None:
    leaves = (Leaf("line a"), Leaf("line b"), Leaf("mobile"))
    graph = GateGraph(leaves, (Gate("cut off", Operator.ATLEAST, (0, 1, 2), 2),), {"top": 3})
    assert margin(graph, 3, down=()).failures == 2
    found = margin(graph, 3, down=[0])
    assert [each.names for each in found.next] == [("line b",), ("mobile",)]
    assert margin(graph, 3, down=[0, 2]).is_down
