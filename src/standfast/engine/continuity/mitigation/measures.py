"""Measures to choose from: the model's policies that are not in place, and generic ones.

A generic measure changes one leaf: a twin stands in when it fails, or it is repaired in half the
time. The twin shares the place and the events of the original, the careful reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.model import Function, Group, Organisation, Reliability

TWIN = "’s twin"


class MeasureKind(StrEnum):
    """Where a measure comes from."""

    POLICY = "policy"
    DUPLICATE = "duplicate"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that could be done. `target`: the policy, or the element of a generic measure.

    `cost` is for a year; None where nobody knows.
    """

    name: str
    title: str
    kind: MeasureKind
    target: str
    cost: float | None = None
    lead_time: timedelta | None = None


def policy_measures(organisation: Organisation) -> tuple[Measure, ...]:
    """The policies that are not in place."""
    return tuple(
        Measure(name, policy.title or name, MeasureKind.POLICY, name, policy.cost, policy.lead_time)
        for name, policy in organisation.policies.items()
        if not policy.in_place
    )


def generic_for(organisation: Organisation, names: Iterable[str]) -> tuple[Measure, ...]:
    """A twin for each of these elements, and half the repair time where that is known.

    People and what is no element (events) are left out.
    """
    return tuple(_generic(organisation, sorted(set(names))))


def _generic(organisation: Organisation, names: Iterable[str]) -> Iterator[Measure]:
    for name in names:
        element = organisation.element(name)
        if element is None or isinstance(element, Function | Group):
            continue
        title = organisation.title(name)
        twin = f"A second {title}, which stands in for the first"
        yield Measure(f"duplicate:{name}", twin, MeasureKind.DUPLICATE, name)
        if hours := element.reliability.repair_hours:
            faster = f"{title} restored in {hours / 2:g} hours instead of {hours:g}"
            yield Measure(f"repair:{name}", faster, MeasureKind.REPAIR, name)


def with_generic(graph: GateGraph, measures: Iterable[Measure]) -> GateGraph:
    """The graph with these generic measures taken; policies are left to the compiler."""
    chosen = {kind: set[str]() for kind in MeasureKind}
    for measure in measures:
        chosen[measure.kind].add(measure.target)
    leaves = [
        _repaired(leaf) if leaf.name in chosen[MeasureKind.REPAIR] else leaf
        for leaf in graph.leaves
    ]
    doubled = [n for n, leaf in enumerate(leaves) if leaf.name in chosen[MeasureKind.DUPLICATE]]
    if not doubled:
        return replace(graph, leaves=tuple(leaves))
    return _doubled(replace(graph, leaves=tuple(leaves)), doubled)


def _repaired(leaf: Leaf) -> Leaf:
    hours = None if leaf.repair_hours is None else leaf.repair_hours / 2
    share = Reliability(leaf.frequency, hours).share_down
    if share is None and leaf.unavailability is not None:
        odds = leaf.unavailability / (2 - leaf.unavailability)
        share = odds  # u / 2 against 1 - u, as a share of both
    return replace(leaf, repair_hours=hours, unavailability=share)


def _doubled(graph: GateGraph, doubled: list[int]) -> GateGraph:
    """Put a twin beside each of these leaves, and both below one AND."""
    count = len(graph.leaves)
    twins = [replace(graph.leaves[n], name=graph.leaves[n].name + TWIN) for n in doubled]
    first = count + len(twins)
    pairs = [
        Gate(f"both {graph.leaves[n].name}", Operator.AND, (n, count + place))
        for place, n in enumerate(doubled)
    ]
    moved: Mapping[int, int] = {
        **{n: n for n in range(count)},
        **{n: first + place for place, n in enumerate(doubled)},
        **{count + n: first + len(pairs) + n for n in range(len(graph.gates))},
    }
    gates = [
        replace(gate, children=tuple(moved[child] for child in gate.children))
        for gate in graph.gates
    ]
    tops = {name: moved[node] for name, node in graph.tops.items()}
    return GateGraph((*graph.leaves, *twins), (*pairs, *gates), tops)
