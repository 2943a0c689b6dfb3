"""Modules: gates whose leaves nobody else uses. Each is solved apart, and then is one variable.

A gate is a module when a depth-first walk meets everything below it between the gate's own first
and last visit (Dutuit & Rauzy 1996): linear time. Inputs of an AND or OR that are private to it
are put under a gate of their own first, so that they too become one variable.
"""

from __future__ import annotations

from dataclasses import dataclass

from standfast.engine.continuity.diagrams.formula import AND, OR, Formula, Part
from standfast.engine.continuity.diagrams.normalise import moved_to, parents


@dataclass(frozen=True, slots=True)
class Module:
    """A formula over its own variables: variable i stands for `variables[i]`.

    That is a leaf of the gate graph (0 or more) or, as `~place`, an earlier module of the list. A
    module other than the last, the top, is never true while no leaf has failed.
    """

    variables: tuple[int, ...]
    formula: Formula


def modules(formula: Formula) -> list[Module]:
    """The modules, inner ones first; the last is the top."""
    formula = _grouped(formula)
    if formula.root < 2 * formula.leaves:
        return [_bare(formula.root)]
    leaves = formula.leaves
    is_module = _marked(formula)
    flipped = [0] * len(formula.parts)
    if not formula.is_coherent:
        flipped = [int(value) for value in formula.at_rest()]
    found: list[Module] = []
    places: dict[int, int] = {}
    top = (formula.root >> 1) - leaves
    for place in range(len(formula.parts)):
        if is_module[place]:
            negated = formula.root & 1 if place == top else flipped[place]
            found.append(_cut_out(formula, place, negated, places, flipped))
            places[place] = len(found) - 1
    return found


def _bare(root: int) -> Module:
    if root < 0:
        return Module((), Formula(0, [], root))
    return Module((root >> 1,), Formula(1, [], root & 1))


def _cut_out(
    formula: Formula, top: int, negated: int, places: dict[int, int], flipped: list[int]
) -> Module:
    """The module of gate `top`, down to leaves and to modules that have a place already."""
    leaves = formula.leaves
    inside = {top}
    variables: dict[int, int] = {}
    for place in range(top, -1, -1):
        if place not in inside:
            continue
        for reference in formula.parts[place].inputs:
            inner = (reference >> 1) - leaves
            if inner >= 0 and inner not in places:
                inside.add(inner)
            else:
                variables.setdefault(reference >> 1, len(variables))
    count = len(variables)
    local: dict[int, int] = {node: 2 * number for node, number in variables.items()}
    for node in variables:
        if node >= leaves:
            local[node] ^= flipped[node - leaves]
    parts: list[Part] = []
    for place in sorted(inside):
        part = formula.parts[place]
        inputs = tuple(local[reference >> 1] ^ (reference & 1) for reference in part.inputs)
        local[leaves + place] = 2 * (count + len(parts))
        parts.append(part._replace(inputs=inputs))
    names = tuple(node if node < leaves else ~places[node - leaves] for node in variables)
    return Module(names, Formula(count, parts, local[leaves + top] ^ negated))


def _marked(formula: Formula) -> list[bool]:
    """Which gates are modules."""
    first, second, last = _visits(formula)
    leaves = formula.leaves
    earliest = [0] * len(formula.parts)
    latest = [0] * len(formula.parts)
    marks = [False] * len(formula.parts)
    for place, part in enumerate(formula.parts):
        low, high = 1 << 60, 0
        for reference in part.inputs:
            node = reference >> 1
            low, high = min(low, first[node]), max(high, last[node])
            if node >= leaves:
                low = min(low, earliest[node - leaves])
                high = max(high, latest[node - leaves])
        earliest[place], latest[place] = low, high
        node = leaves + place
        marks[place] = low > first[node] and high < second[node]
    return marks


def _visits(formula: Formula) -> tuple[list[int], list[int], list[int]]:
    """When the walk reaches each node first, leaves it after its inputs, and meets it last."""
    size = formula.leaves + len(formula.parts)
    first, second, last = [0] * size, [0] * size, [0] * size
    clock = 0
    stack = [formula.root >> 1]
    while stack:
        node = stack.pop()
        clock += 1
        if node < 0:
            second[~node] = last[~node] = clock
            continue
        last[node] = clock
        if first[node]:
            continue
        first[node] = clock
        if node >= formula.leaves:
            stack.append(~node)
            stack.extend(
                reference >> 1 for reference in formula.parts[node - formula.leaves].inputs
            )
        else:
            second[node] = clock
    return first, second, last


def _grouped(formula: Formula) -> Formula:
    """The formula with the private inputs of each AND and OR under a gate of their own."""
    if formula.root < 2 * formula.leaves:
        return formula
    leaves = formula.leaves
    counts = parents(formula)
    marks = _marked(formula)
    parts: list[Part] = []
    moved: list[int] = []
    for part in formula.parts:
        own = [
            reference
            for reference in part.inputs
            if counts[reference >> 1] == 1
            and (reference >> 1 < leaves or marks[(reference >> 1) - leaves])
        ]
        inputs = [moved_to(reference, leaves, moved) for reference in part.inputs]
        if part.kind in {AND, OR} and 2 <= len(own) < len(inputs):
            group = [moved_to(reference, leaves, moved) for reference in own]
            parts.append(Part(part.kind, tuple(group)))
            grouped = set(group)
            inputs = [reference for reference in inputs if reference not in grouped]
            inputs.append(2 * (leaves + len(parts) - 1))
        moved.append(2 * (leaves + len(parts)))
        parts.append(part._replace(inputs=tuple(inputs)))
    return Formula(leaves, parts, moved_to(formula.root, leaves, moved))
