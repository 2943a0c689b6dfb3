"""Open-PSA files into a gate graph.

Every gate that no other gate uses is a top. What the format allows beside fault trees (event
trees and the like) is left out and noted; what would change an answer is refused with its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from standfast.engine.continuity.gates import GateGraph, Leaf, Operator
from standfast.engine.continuity.openpsa.circuits import Circuit, Signal, is_constant
from standfast.engine.continuity.openpsa.definitions import (
    EVENTS,
    Definition,
    Definitions,
    collect,
)
from standfast.engine.continuity.openpsa.elements import Element, parse
from standfast.engine.continuity.openpsa.errors import OpenPsaError
from standfast.engine.continuity.openpsa.expressions import Evaluator, boolean

MISSION_HOURS: Final = 8760.0


class Source(NamedTuple):
    """A file's name, for messages, and what is in it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FaultTrees:
    """The graph, its tops by name in the order of the files, and notes on what was left out."""

    graph: GateGraph
    notes: tuple[str, ...]


def read(sources: Sequence[Source], *, mission_time: float = MISSION_HOURS) -> FaultTrees:
    """Read files that belong together: fault trees and, often apart, their basic events.

    `mission_time` (hours) is for distributions that use it. A basic event that no file defines
    has no probability. Raises OpenPsaError.
    """
    definitions = collect([parse(source.name, source.content) for source in sources])
    if not definitions.gates:
        raise OpenPsaError(f"{sources[0].name}: there is no <define-gate>")
    return _Reader(definitions, mission_time).trees()


class _Reader:
    def __init__(self, definitions: Definitions, mission_time: float) -> None:
        self._definitions = definitions
        self._evaluator = Evaluator(definitions, mission_time)
        self._uses: dict[str, list[Definition]] = {}
        self._leaves: dict[str, int] = {}
        self._events: list[Leaf] = []

    def trees(self) -> FaultTrees:
        gates = self._definitions.gates
        for gate in gates:
            self._uses[gate.path] = self._find_events(gate)
        circuit = Circuit(len(self._events))
        signals: dict[str, Signal] = {}
        for gate in self._children_first():
            signals[gate.path] = self._gate(gate, circuit, signals)
        used = {inner.path for uses in self._uses.values() for inner in uses}
        tops = {
            gate.name: self._node(signals[gate.path], gate, circuit)
            for gate in gates
            if gate.path not in used
        }
        graph = GateGraph(tuple(self._events), tuple(circuit.gates), tops)
        return FaultTrees(graph, tuple(self._definitions.notes))

    def _find_events(self, gate: Definition) -> list[Definition]:
        """Number the leaves that a gate's formula uses; the gates that it uses."""
        gates = []
        waiting = list(reversed(gate.element.children))
        while waiting:
            element = waiting.pop()
            if element.tag in EVENTS or element.tag == "event":
                found = self._event(element, gate.scope)
                if found is not None and found.kind == "gate":
                    gates.append(found)
                elif found is None or found.kind == "basic-event":
                    self._leaf(element, found)
            waiting.extend(reversed(element.children))
        return gates

    def _event(self, element: Element, scope: str) -> Definition | None:
        """What an event in a formula refers to; None: a basic event that nothing defines."""
        name = element.need("name")
        kind = element.attributes.get("type", element.tag)
        if kind not in {*EVENTS, "event"}:
            raise element.error(f"“{kind}” is no type of event")
        found = self._definitions.find(kind, name, scope)
        if found is None and kind != "basic-event":
            if (other := self._definitions.find("event", name, scope)) is not None:
                raise element.error(f"“{name}” is used as a {kind}, but it is a {other.kind}")
            raise element.error(f"there is no {kind} “{name}”")
        return found

    def _leaf(self, element: Element, found: Definition | None) -> int:
        path = found.path if found else element.need("name")
        if path not in self._leaves:
            self._leaves[path] = len(self._events)
            if found is None:
                self._events.append(Leaf(path))
            else:
                chance = self._evaluator.probability(found)
                self._events.append(Leaf(found.name, unavailability=chance))
        return self._leaves[path]

    def _children_first(self) -> list[Definition]:
        """The gates in such an order that each comes after those it uses; circles are refused."""
        done: dict[str, bool] = {}
        order: list[Definition] = []
        for gate in self._definitions.gates:
            stack = [gate]
            while stack:
                here = stack[-1]
                state = done.get(here.path)
                if state is None:
                    done[here.path] = False
                    for inner in self._uses[here.path]:
                        if done.get(inner.path) is False:
                            raise inner.element.error(f"the gate “{inner.name}” depends on itself")
                        if inner.path not in done:
                            stack.append(inner)
                    continue
                stack.pop()
                if not state:
                    done[here.path] = True
                    order.append(here)
        return order

    def _gate(self, gate: Definition, circuit: Circuit, signals: dict[str, Signal]) -> Signal:
        formula = _Formula(self, gate, circuit, signals)
        signal = formula.signal(gate.element.only_child(), gate.name)
        first_new = circuit.leaves + formula.gates_before
        if is_constant(signal) or signal >= first_new:
            return signal
        return circuit.gate(gate.name, Operator.OR, [signal])  # keeps the name of a mere alias

    def _node(self, signal: Signal, gate: Definition, circuit: Circuit) -> int:
        """A top must be a node; one that is certain becomes a contradiction or its opposite."""
        if not is_constant(signal):
            return int(signal)
        if not circuit.leaves:
            raise gate.element.error(f"the gate “{gate.name}” does not depend on any basic event")
        never = circuit.gate(f"{gate.name} (not)", Operator.NOT, [0])
        operator = Operator.OR if signal else Operator.AND
        return circuit.gate(gate.name, operator, [0, never])


class _Formula:
    """One gate's formula; nesting is bounded by the parser, so recursion is too."""

    def __init__(
        self, reader: _Reader, gate: Definition, circuit: Circuit, signals: dict[str, Signal]
    ) -> None:
        self._reader = reader
        self._gate = gate
        self._circuit = circuit
        self._signals = signals
        self._inner = 0
        self.gates_before = len(circuit.gates)

    def signal(self, element: Element, name: str) -> Signal:
        if element.tag in {*EVENTS, "event"}:
            return self._event(element)
        if element.tag in {"constant", "bool"}:
            return boolean(element)
        inputs = []
        for child in element.children:
            self._inner += 1
            inputs.append(self.signal(child, f"{self._gate.name}-{self._inner}"))
        if not inputs:
            raise element.error(f"<{element.tag}> has nothing in it")
        return self._combined(element, name, inputs)

    def _event(self, element: Element) -> Signal:
        found = self._reader._event(element, self._gate.scope)
        if found is None or found.kind == "basic-event":
            return self._reader._leaf(element, found)
        if found.kind == "gate":
            return self._signals[found.path]
        if not found.element.children:
            return False
        return boolean(found.element.only_child())

    def _combined(self, element: Element, name: str, inputs: list[Signal]) -> Signal:
        circuit, tag = self._circuit, element.tag
        if tag in {"and", "or"}:
            return circuit.junction(name, Operator(tag), inputs)
        if tag in {"nand", "nor"}:
            operator = Operator.AND if tag == "nand" else Operator.OR
            return circuit.negation(name, circuit.junction(f"{name}-{tag}", operator, inputs))
        if tag == "xor":
            return circuit.parity(name, inputs)
        if tag == "atleast":
            return circuit.at_least(name, _whole(element, "min"), inputs)
        if tag == "cardinality":
            return self._cardinality(element, name, inputs)
        return self._small(element, name, inputs)

    def _small(self, element: Element, name: str, inputs: list[Signal]) -> Signal:
        """The connectives of one or two formulas."""
        circuit, tag = self._circuit, element.tag
        wanted = {"not": 1, "iff": 2, "imply": 2}.get(tag)
        if wanted is None:
            raise element.unknown()
        if len(inputs) != wanted:
            raise element.error(f"<{tag}> needs {wanted} formulas, not {len(inputs)}")
        if tag == "not":
            return circuit.negation(name, inputs[0])
        if tag == "iff":
            return circuit.negation(name, circuit.parity(f"{name}-xor", inputs))
        premise = circuit.negation(f"{name}-not", inputs[0])
        return circuit.junction(name, Operator.OR, [premise, inputs[1]])

    def _cardinality(self, element: Element, name: str, inputs: list[Signal]) -> Signal:
        fewest, most = _whole(element, "min"), _whole(element, "max")
        if fewest > most:
            raise element.error(f"<cardinality> asks for {fewest} to {most}")
        circuit = self._circuit
        enough = circuit.at_least(f"{name}-min", fewest, inputs)
        beyond = circuit.at_least(f"{name}-max", most + 1, inputs)
        within = circuit.negation(f"{name}-not", beyond)
        return circuit.junction(name, Operator.AND, [enough, within])


def _whole(element: Element, attribute: str) -> int:
    text = element.need(attribute)
    if not text.isdecimal() or len(text) > 9:
        raise element.error(f"“{text}” is no whole number for “{attribute}”")
    return int(text)
