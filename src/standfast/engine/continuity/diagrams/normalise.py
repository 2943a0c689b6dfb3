"""From a gate graph to the smallest formula that means the same, before any diagram is built.

Leaves known to be down or up are folded away, gates that only pass on disappear, identical gates
become one, and a gate that serves one parent of its own kind melts into it.
"""

from __future__ import annotations

from collections.abc import Collection

from standfast.engine.continuity.diagrams.formula import (
    AND,
    ATLEAST,
    FALSE,
    OR,
    TRUE,
    XOR,
    Formula,
    Part,
)
from standfast.engine.continuity.diagrams.simplify import simplified
from standfast.engine.continuity.gates import Gate, GateGraph, Operator

KINDS = {Operator.AND: AND, Operator.OR: OR, Operator.XOR: XOR, Operator.ATLEAST: ATLEAST}


def normalise(
    graph: GateGraph,
    top: int,
    *,
    down: Collection[int] = (),
    up: Collection[int] = (),
) -> Formula:
    """The formula of node `top`, given leaves that are down (failed) and leaves that are up."""
    builder = Builder(len(graph.leaves))
    known: dict[int, int] = dict.fromkeys(up, FALSE) | dict.fromkeys(down, TRUE)
    references = dict(known)
    for node in _inner_first(graph, top):
        gate = graph.gate(node)
        if gate is None:
            references.setdefault(node, 2 * node)
        else:
            references[node] = _translated(builder, gate, references)
    formula = needed(Formula(len(graph.leaves), builder.parts, references[top]))
    while (smaller := melted(formula)) is not None:
        formula = smaller
    return formula


def _inner_first(graph: GateGraph, top: int) -> list[int]:
    """What the top depends on, as a depth-first walk leaves it.

    Gates keep this order where no rule says otherwise, so that gates which stand together in the
    model do so in the formula, however the graph was numbered.
    """
    left: list[int] = []
    seen: set[int] = set()
    stack = [top]
    while stack:
        node = stack.pop()
        if node < 0:
            left.append(~node)
        elif node not in seen:
            seen.add(node)
            stack.append(~node)
            gate = graph.gate(node)
            stack.extend(reversed(gate.children if gate else ()))
    return left


def _translated(builder: Builder, gate: Gate, references: dict[int, int]) -> int:
    inputs = tuple(references[child] for child in gate.children)
    if gate.operator is Operator.NOT:
        return inputs[0] ^ 1
    weights = gate.weights or (1,) * len(inputs)
    return builder.add(Part(KINDS[gate.operator], inputs, gate.threshold, weights))


class Builder:
    """Collects simplified parts; equal parts are kept once."""

    def __init__(self, leaves: int) -> None:
        self.leaves = leaves
        self.parts: list[Part] = []
        self._places: dict[Part, int] = {}

    def add(self, part: Part) -> int:
        """The reference of this part, simplified."""
        simple, negated = simplified(part)
        if isinstance(simple, int):
            return simple ^ negated
        place = self._places.get(simple)
        if place is None:
            place = self._places[simple] = len(self.parts)
            self.parts.append(simple)
        return 2 * (self.leaves + place) ^ negated


def needed(formula: Formula) -> Formula:
    """The same formula without the parts that its root does not use."""
    leaves, parts, root = formula
    if root < 2 * leaves:
        return Formula(leaves, [], root)
    used = [False] * len(parts)
    used[(root >> 1) - leaves] = True
    for place in range(len(parts) - 1, -1, -1):
        if used[place]:
            for gate in formula.gates(parts[place]):
                used[gate] = True
    if all(used):
        return formula
    moved: list[int] = []
    kept: list[Part] = []
    for place, part in enumerate(parts):
        moved.append(2 * (leaves + len(kept)))
        if used[place]:
            inputs = tuple(moved_to(reference, leaves, moved) for reference in part.inputs)
            kept.append(part._replace(inputs=inputs))
    return Formula(leaves, kept, moved_to(root, leaves, moved))


def moved_to(reference: int, leaves: int, moved: list[int]) -> int:
    """A reference after gates got new references; leaves and constants keep theirs."""
    place = (reference >> 1) - leaves
    return moved[place] ^ (reference & 1) if place >= 0 else reference


def parents(formula: Formula) -> list[int]:
    """How many inputs refer to each node (leaves, then gates)."""
    counts = [0] * (formula.leaves + len(formula.parts))
    for part in formula.parts:
        for reference in part.inputs:
            counts[reference >> 1] += 1
    return counts


def melted(formula: Formula) -> Formula | None:
    """The formula with gates melted into their only parent of their kind, or None."""
    leaves, parts, root = formula
    counts = parents(formula)
    builder = Builder(leaves)
    moved: list[int] = []
    melts: set[int] = set()
    for place in range(len(parts) - 1, -1, -1):
        for reference in parts[place].inputs:
            if _melts(formula, place, reference, counts):
                melts.add((reference >> 1) - leaves)
    if not melts:
        return None
    flat: dict[int, tuple[int, ...]] = {}
    for place, part in enumerate(parts):
        inputs: list[int] = []
        for reference in part.inputs:
            inner = (reference >> 1) - leaves
            if inner in melts and part.kind != ATLEAST:
                inputs.extend(given ^ (reference & 1) for given in flat[inner])
            else:
                inputs.append(moved_to(reference, leaves, moved))
        if place in melts:
            flat[place] = tuple(inputs)
            moved.append(FALSE)
        else:
            moved.append(builder.add(part._replace(inputs=tuple(inputs))))
    return needed(Formula(leaves, builder.parts, moved_to(root, leaves, moved)))


def _melts(formula: Formula, place: int, reference: int, counts: list[int]) -> bool:
    """Whether this input of the gate is a gate of its own kind that nobody else uses."""
    inner = (reference >> 1) - formula.leaves
    if inner < 0 or counts[reference >> 1] != 1:
        return False
    outer_kind, inner_kind = formula.parts[place].kind, formula.parts[inner].kind
    if reference & 1:
        return {outer_kind, inner_kind} == {AND, OR}
    return outer_kind == inner_kind != ATLEAST
