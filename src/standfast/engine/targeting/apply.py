"""Applying changes to what lies beside the built arrays."""

from __future__ import annotations

from collections.abc import Sequence

from standfast.engine.targeting.changes import (
    Change,
    ComponentChange,
    EdgeChange,
    PlacementChange,
    SubscriptionChange,
)
from standfast.engine.targeting.errors import BadRow
from standfast.engine.targeting.graph import Graph
from standfast.engine.targeting.limits import MAX_ID, MAX_TENANT, MAX_USERS
from standfast.engine.targeting.pending import PendingPlacements, Subscriptions

_LIMITS = {
    "component": MAX_ID,
    "parent": MAX_ID,
    "child": MAX_ID,
    "service": MAX_ID,
    "tenant": MAX_TENANT,
    "users": MAX_USERS,
}


def apply_changes(
    graph: Graph,
    placements: PendingPlacements,
    subscriptions: Subscriptions,
    changes: Sequence[Change],
) -> tuple[Graph, PendingPlacements, Subscriptions]:
    """Give what the three become by changes in the order of their numbers.

    Only the last word on an edge counts, and edges go before others come, so that a swap of parent
    and child is no cycle in between. Raises CyclicComponents, BadRow.
    """
    edges: dict[tuple[int, int], bool] = {}
    placed: list[tuple[int, int, int, int]] = []
    subscribed: list[tuple[int, int, bool]] = []
    for change in changes:
        _check(change)
        match change:
            case EdgeChange():
                if change.linked:
                    graph = graph.with_component(change.parent).with_component(change.child)
                edges[change.parent, change.child] = change.linked
            case SubscriptionChange():
                subscribed.append((change.service, change.tenant, change.subscribed))
            case ComponentChange(present=True):
                graph = graph.with_component(change.component)
            case ComponentChange():
                graph = _rewire(graph, edges).without_component(change.component)
                edges = {}
            case PlacementChange():
                graph = graph.with_component(change.component)
                position = graph.position(change.component)
                assert position is not None
                placed.append((position, change.tenant, change.service, change.users))
    graph = _rewire(graph, edges)
    return graph, placements.merged(graph.tables, placed), subscriptions.merged(subscribed)


def _rewire(graph: Graph, edges: dict[tuple[int, int], bool]) -> Graph:
    for (parent, child), linked in edges.items():
        if not linked:
            graph = graph.without_edge(parent, child)
    for (parent, child), linked in edges.items():
        if linked:
            graph = graph.with_edge(parent, child)
    return graph


def _check(change: Change) -> None:
    for name, limit in _LIMITS.items():
        value = getattr(change, name, 0)
        if not 0 <= value <= limit:
            problem = f"{value} is not a whole number from 0 to {limit}"
            raise BadRow("changes", change.number, name, problem)
