"""All checks of a model that need nothing but the model, or its compiled graph as well."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from standfast.engine.continuity.checks.alternatives import check_alternatives
from standfast.engine.continuity.checks.concentration import (
    check_concentration,
    check_single_points,
)
from standfast.engine.continuity.checks.connectivity import check_connectivity
from standfast.engine.continuity.checks.finding import Finding, in_order
from standfast.engine.continuity.checks.recovery import check_recovery
from standfast.engine.continuity.gates import GateGraph
from standfast.engine.continuity.model import Organisation


def check_model(organisation: Organisation) -> tuple[Finding, ...]:
    """Everything that the document alone shows, worst first."""
    return in_order(
        (
            *check_recovery(organisation),
            *check_connectivity(organisation),
            *check_alternatives(organisation),
        )
    )


def check_graph(
    organisation: Organisation,
    graph: GateGraph,
    *,
    leaves_of: Mapping[str, Collection[int]],
    element_of: Mapping[int, str],
) -> tuple[Finding, ...]:
    """Everything that takes the compiled graph: single points of failure and concentration.

    `leaves_of` gives the leaves that fail when an element as a whole does, `element_of` the element
    or event that a leaf stands for.
    """
    return in_order(
        (
            *check_single_points(organisation, graph, element_of),
            *check_concentration(organisation, graph, leaves_of),
        )
    )
