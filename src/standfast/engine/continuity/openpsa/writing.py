"""A gate graph as an Open-PSA file, so that another tool can check our answers.

Identifiers are made from names (the format allows few characters); the names themselves are kept
as labels. What the format lacks is written out: weighted thresholds as their dynamic program,
exclusive ors of more than two as a chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from standfast.engine.continuity.diagrams.formula import AND, ATLEAST, FALSE, OR, XOR, Formula, Part
from standfast.engine.continuity.diagrams.normalise import KINDS
from standfast.engine.continuity.diagrams.program import STEP_AND, STEP_OR, program
from standfast.engine.continuity.diagrams.simplify import Simple, simplified
from standfast.engine.continuity.gates import Gate, GateGraph, Operator

TAGS: Final = {AND: "and", OR: "or", XOR: "xor"}
STEP_TAGS: Final = {STEP_AND: "and", STEP_OR: "or"}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(graph: GateGraph, *, name: str = "model") -> str:
    """The file's text. Every top of the graph is a top of the file, by its identifier."""
    return "\n".join(_Writer(graph, name).lines()) + "\n"


def identifier(name: str, taken: set[str]) -> str:
    """An identifier made from a name that nobody has taken yet; it is taken then."""
    base = re.sub(r"[^\w-]+|--+", "_", name).strip("-_") or "node"
    if not (base[0].isalpha() or base[0] == "_"):
        base = f"_{base}"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}_{number}"
    taken.add(found)
    return found


class _Writer:
    def __init__(self, graph: GateGraph, name: str) -> None:
        self._graph = graph
        self._taken: set[str] = set()
        self._tree = identifier(name, set())
        self._wanted = sorted({node for top in graph.tops.values() for node in graph.below(top)})
        self._ids: dict[int, str] = {}
        self._said: set[int] = set()  # nodes that some formula refers to; others would be new tops

    def lines(self) -> Iterator[str]:
        graph = self._graph
        used = {child for node in self._wanted for child in self._children(node)}
        tops = {
            node: name
            for name, node in graph.tops.items()
            if node not in used and graph.gate(node) is not None
        }
        for node in self._wanted:
            self._ids[node] = identifier(tops.get(node, graph.name(node)), self._taken)
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield "<opsa-mef>"
        yield f'  <define-fault-tree name="{self._tree}">'
        for name, node in graph.tops.items():
            if tops.get(node) != name:
                yield from self._definition(identifier(name, self._taken), name, self._event(node))
        self._said.update(tops)
        for node in reversed(self._wanted):
            gate = graph.gate(node)
            if gate is not None and node in self._said:
                yield from self._gate(node, gate)
        yield "  </define-fault-tree>"
        yield "  <model-data>"
        for node in self._wanted:
            if graph.gate(node) is None and node in self._said:
                yield from self._leaf(node)
        yield "  </model-data>"
        yield "</opsa-mef>"

    def _children(self, node: int) -> tuple[int, ...]:
        gate = self._graph.gate(node)
        return gate.children if gate else ()

    def _definition(self, ident: str, name: str, formula: str) -> Iterator[str]:
        yield f'    <define-gate name="{ident}">'
        if name and name != ident:
            yield f"      <label>{_text(name)}</label>"
        yield f"      {formula}"
        yield "    </define-gate>"

    def _leaf(self, node: int) -> Iterator[str]:
        leaf, ident = self._graph.leaves[node], self._ids[node]
        yield f'    <define-basic-event name="{ident}">'
        if leaf.name != ident:
            yield f"      <label>{_text(leaf.name)}</label>"
        if leaf.unavailability is not None:
            yield f'      <float value="{leaf.unavailability!r}"/>'
        yield "    </define-basic-event>"

    def _gate(self, node: int, gate: Gate) -> Iterator[str]:
        extra: list[str] = []
        formula = self._formula(node, _simple(gate), extra)
        yield from self._definition(self._ids[node], gate.name, formula)
        yield from extra

    def _event(self, node: int) -> str:
        self._said.add(node)
        tag = "basic-event" if self._graph.gate(node) is None else "gate"
        return f'<{tag} name="{self._ids[node]}"/>'

    def _signed(self, reference: int) -> str:
        event = self._event(reference >> 1)
        return f"<not>{event}</not>" if reference & 1 else event

    def _formula(self, node: int, simple: Simple, extra: list[str]) -> str:
        body, negated = simple
        if isinstance(body, int):
            if body < 0:
                value = (body != FALSE) != bool(negated)
                return f'<constant value="{str(value).lower()}"/>'
            return self._signed(body ^ negated)
        inner = self._part(node, body, extra)
        if not negated:
            return inner
        # The format wants a name below <not>, not a formula.
        ident = identifier(f"{self._ids[node]}_opposite", self._taken)
        extra.extend(self._definition(ident, "", inner))
        return f'<not><gate name="{ident}"/></not>'

    def _part(self, node: int, part: Part, extra: list[str]) -> str:
        if part.kind == ATLEAST and set(part.weights) != {1}:
            return self._weighted(node, part, extra)
        inputs = [self._signed(reference) for reference in part.inputs]
        if part.kind == ATLEAST:
            return f'<atleast min="{part.threshold}">{"".join(inputs)}</atleast>'
        if part.kind == XOR:
            return self._chain(node, inputs, extra)
        tag = TAGS[part.kind]
        return f"<{tag}>{''.join(inputs)}</{tag}>"

    def _chain(self, node: int, inputs: Sequence[str], extra: list[str]) -> str:
        left = inputs[0]
        for right in inputs[1:-1]:
            ident = identifier(f"{self._ids[node]}_odd", self._taken)
            extra.extend(self._definition(ident, "", f"<xor>{left}{right}</xor>"))
            left = f'<gate name="{ident}"/>'
        return f"<xor>{left}{inputs[-1]}</xor>"

    def _weighted(self, node: int, part: Part, extra: list[str]) -> str:
        count = len(part.inputs)
        own = tuple(2 * place for place in range(count))
        steps = program(Formula(count, [part._replace(inputs=own)], 2 * count), list(range(count)))
        said = ["", "", *(self._signed(reference) for reference in part.inputs)]
        formula = ""
        for operation, left, right in steps.steps:
            tag = STEP_TAGS[operation]
            formula = f"<{tag}>{said[left]}{said[right]}</{tag}>"
            ident = identifier(f"{self._ids[node]}_enough", self._taken)
            said.append(f'<gate name="{ident}"/>')
            if len(said) <= steps.result:
                extra.extend(self._definition(ident, "", formula))
        return formula


def _simple(gate: Gate) -> Simple:
    inputs = tuple(2 * child for child in gate.children)
    if gate.operator is Operator.NOT:
        return inputs[0], 1
    weights = gate.weights or (1,) * len(inputs)
    return simplified(Part(KINDS[gate.operator], inputs, gate.threshold, weights))


def _text(name: str) -> str:
    return escape(CONTROL.sub("", name), quote=False)
