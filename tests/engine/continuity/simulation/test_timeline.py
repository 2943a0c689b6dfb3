"""When functions are down, against the recursion by minimum and maximum, and against looking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.simulation import timeline
from standfast.engine.continuity.simulation.kernels import NumpyKernel
from standfast.engine.continuity.simulation.programme import programme
from standfast.engine.continuity.simulation.repairs import Outages
from standfast.engine.continuity.simulation.timeline import Downs, downs
from tests.engine.continuity.random_graphs import COHERENT, graphs

Rows = Sequence[tuple[int, int, float, float]]


def found(graph: GateGraph, rows: Rows) -> dict[str, Downs]:
    columns = [np.array([row[place] for row in rows]) for place in range(4)]
    broken = Outages(
        columns[0].astype(np.int64),
        columns[1].astype(np.int64),
        columns[2].astype(np.float64),
        columns[3].astype(np.float64),
    )
    return downs(graph, programme(graph), broken, NumpyKernel())


def restored(graph: GateGraph, hours: Sequence[float]) -> list[float]:
    """When each node is back after all leaves failed at once, by minimum and maximum."""
    back = list(hours)
    for gate in graph.gates:
        children = [back[child] for child in gate.children]
        match gate.operator:
            case Operator.AND:
                back.append(min(children))
            case Operator.OR:
                back.append(max(children))
            case _:
                weights = gate.weights or (1,) * len(children)
                # Back at the first moment when too few weights are still down.
                moments = sorted({0.0, *children})
                back.append(
                    next(
                        moment
                        for moment in moments
                        if sum(w for w, c in zip(weights, children, strict=True) if c > moment)
                        < gate.threshold
                    )
                )
    return back


@given(graph=graphs(operators=COHERENT), data=st.data())
@settings(deadline=None, max_examples=60)
def test_after_one_blow_to_everything_a_function_is_down_as_long_as_the_recursion_says(
    graph: GateGraph, data: st.DataObject
) -> None:
    count = len(graph.leaves)
    hours = data.draw(st.lists(st.sampled_from([0, 1, 2, 5, 9]), min_size=count, max_size=count))
    downtime = found(graph, [(0, leaf, 10.0, 10.0 + length) for leaf, length in enumerate(hours)])
    back = restored(graph, hours)
    for name, node in graph.tops.items():
        spans = list(zip(downtime[name].begin.tolist(), downtime[name].end.tolist(), strict=True))
        assert spans == ([(10.0, 10.0 + back[node])] if back[node] > 0 else [])


@given(graph=graphs(operators=COHERENT), data=st.data())
@settings(deadline=None, max_examples=60)
def test_at_any_moment_a_function_is_down_exactly_when_the_graph_says_so(
    graph: GateGraph, data: st.DataObject
) -> None:
    moment = st.integers(0, 12)
    row = st.tuples(st.integers(0, 2), st.integers(0, len(graph.leaves) - 1), moment, moment)
    rows: Rows = [
        (stretch, leaf, float(begin), float(end))
        for stretch, leaf, begin, end in data.draw(st.lists(row, max_size=90))
    ]
    downtime = found(graph, rows)
    for stretch in range(3):
        for half in range(13):
            now = half + 0.5
            state = [
                any(s == stretch and at == leaf and b <= now < e for s, at, b, e in rows)
                for leaf in range(len(graph.leaves))
            ]
            states = graph.failed(state)
            for name, node in graph.tops.items():
                down = downtime[name]
                is_down = ((down.stretch == stretch) & (down.begin <= now) & (now < down.end)).any()
                assert is_down == states[node]


def test_overlapping_outages_of_one_leaf_are_one() -> None:
    graph = GateGraph((Leaf("a"), Leaf("b")), (), {"a": 0})
    down = found(graph, [(0, 0, 1.0, 4.0), (0, 0, 2.0, 3.0), (0, 0, 3.5, 6.0), (0, 1, 5.0, 7.0)])
    assert (down["a"].begin.tolist(), down["a"].end.tolist()) == ([1.0], [6.0])


def test_the_leaf_that_failed_last_is_named() -> None:
    graph = GateGraph((Leaf("a"), Leaf("b")), (Gate("both", Operator.AND, (0, 1)),), {"both": 2})
    down = found(graph, [(0, 0, 1.0, 9.0), (0, 1, 2.0, 3.0), (0, 1, 5.0, 11.0)])["both"]
    assert down.begin.tolist() == [2.0, 5.0]
    assert down.end.tolist() == [3.0, 9.0]
    assert down.trigger.tolist() == [1, 1]


@pytest.mark.parametrize("rows", [[], [(0, 0, 5.0, 5.0)]])
def test_nothing_that_lasts_is_nothing(rows: Rows) -> None:
    graph = GateGraph((Leaf("a"),), (), {"a": 0})
    assert found(graph, rows)["a"].begin.tolist() == []


def test_many_changes_are_worked_through_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = tuple(Leaf(name) for name in "abc")
    graph = GateGraph(leaves, (Gate("two", Operator.ATLEAST, (0, 1, 2), threshold=2),), {"two": 3})
    rows = [(0, n % 3, float(n), n + 0.4 * (1 + n % 4)) for n in range(20_000)]
    whole = found(graph, rows)["two"]
    monkeypatch.setattr(timeline, "TABLE_BYTES", 1)
    pieces = found(graph, rows)["two"]
    assert len(whole.begin) > 1000
    for one, other in zip(whole, pieces, strict=True):
        assert (one == other).all()
