"""What is written can be read again, and means the same."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.openpsa.reading import Source, read
from standfast.engine.continuity.openpsa.writing import identifier, write
from tests.engine.continuity.oracle import graphs, minimal_sets, probability, top_of


def again(graph: GateGraph) -> GateGraph:
    return read([Source("again.xml", write(graph).encode())]).graph


@given(graphs(coherent=False, most_leaves=6))
def test_a_graph_survives_being_written_and_read(graph: GateGraph) -> None:
    assume(0 < probability(graph) < 1)  # a constant depends on no event, and cannot be read
    reread = again(graph)
    assert list(reread.tops) == ["top"]
    names = [leaf.name for leaf in reread.leaves]
    theirs = {frozenset(names[leaf] for leaf in each) for each in minimal_sets(reread)}
    ours = {frozenset(graph.name(leaf) for leaf in each) for each in minimal_sets(graph)}
    assert theirs == ours
    assert probability(reread) == pytest.approx(probability(graph))
    assert top_of(reread) >= len(names)


def test_names_that_the_format_forbids_become_identifiers_with_the_name_as_label() -> None:
    leaves = (Leaf("臺北 <1>.a"), Leaf("臺北 <1>-a", unavailability=0.25))
    graph = GateGraph(leaves, (Gate("any -- of", Operator.OR, (0, 1)),), {"Order & pay": 2})
    text = write(graph)
    assert "<label>臺北 &lt;1&gt;.a</label>" in text
    reread = again(graph)
    assert list(reread.tops) == ["Order_pay"]
    assert [leaf.unavailability for leaf in reread.leaves] == [None, 0.25]


def test_every_top_is_written_even_a_leaf_and_a_gate_inside_another() -> None:
    gates = (Gate("inner", Operator.AND, (0, 1)), Gate("outer", Operator.OR, (2, 0)))
    tops = {"leaf": 0, "small": 2, "large": 3}
    assert set(again(GateGraph((Leaf("a"), Leaf("b")), gates, tops)).tops) == set(tops)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("a b", "a_b"), ("1", "_1"), ("--", "node"), ("a--b-", "a_b"), ("x", "x_2")],
)
def test_identifiers_are_what_other_tools_accept(name: str, wanted: str) -> None:
    assert identifier(name, {"x"}) == wanted
