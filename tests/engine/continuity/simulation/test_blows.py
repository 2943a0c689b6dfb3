"""Chosen failures, against the graph itself."""

from __future__ import annotations

from hypothesis import given, settings

from standfast.engine.continuity.gates import GateGraph
from standfast.engine.continuity.simulation.blows import single_points, stopped
from tests.engine.continuity.random_graphs import every_state, graphs


@given(graph=graphs(most_leaves=6))
@settings(deadline=None, max_examples=50)
def test_every_blow_stops_what_the_graph_says(graph: GateGraph) -> None:
    states = every_state(graph)
    hit = stopped(graph, [{leaf for leaf, down in enumerate(state) if down} for state in states])
    for name, node in graph.tops.items():
        assert hit[name] == [graph.failed(state)[node] for state in states]


@given(graph=graphs(most_leaves=5))
@settings(deadline=None, max_examples=50)
def test_single_points_are_the_leaves_that_stop_it_alone(graph: GateGraph) -> None:
    found = single_points(graph)
    for name, node in graph.tops.items():
        for leaf in range(len(graph.leaves)):
            alone = [other == leaf for other in range(len(graph.leaves))]
            assert (leaf in found[name]) == graph.failed(alone)[node]
