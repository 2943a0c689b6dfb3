"""The gate graph: what a continuity model and a fault tree have in common, seen as failures.

A node is *true* when it has failed. Leaves fail by themselves; a gate fails when enough of what it
needs has failed: an `all` requirement is an OR gate, `any` is an AND gate, `at least k of n` fails
when n - k + 1 have failed. Every question about combinations and probabilities is asked of this
one graph; models and Open-PSA files are compiled into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Operator(StrEnum):
    """When a gate fails, in terms of its children's failures.

    NOT, XOR and their like come from foreign fault trees only; our own models are coherent, so
    that more failures never help.
    """

    AND = "and"
    OR = "or"
    ATLEAST = "atleast"
    NOT = "not"
    XOR = "xor"


class Area(StrEnum):
    """The circle of the Venn diagram that a leaf belongs to; `NONE` stands outside of all three."""

    PEOPLE = "people"
    LOCATION = "location"
    SYSTEMS = "systems"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Leaf:
    """What can fail by itself: a basic event.

    `unavailability` is the probability that it is down at a random moment (0..1, None when not
    known). `frequency` is failures a year and `repair_hours` the mean time to restore, where known.
    """

    name: str
    area: Area = Area.NONE
    unavailability: float | None = None
    frequency: float | None = None
    repair_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """`children` are node numbers below the gate's own.

    `threshold` is for ATLEAST only: the gate fails when the `weights` of its failed children add up
    to it or more (each child counts 1 when `weights` is empty).
    """

    name: str
    operator: Operator
    children: tuple[int, ...]
    threshold: int = 0
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class GateGraph:
    """Nodes 0 … len(leaves) - 1 are leaves, then come the gates, children before parents.

    `tops` names the nodes that questions are asked of (for a model: its business functions). There
    are no constants: who builds a graph folds them away. Raises ValueError when a gate refers to
    itself or to a later node, lacks children, or has an impossible threshold.
    """

    leaves: tuple[Leaf, ...]
    gates: tuple[Gate, ...]
    tops: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, gate in enumerate(self.gates, start=len(self.leaves)):
            _check(gate, number)
        for name, node in self.tops.items():
            if not 0 <= node < len(self):
                raise ValueError(f"top “{name}” is node {node}, but there are {len(self)} nodes")

    def __len__(self) -> int:
        return len(self.leaves) + len(self.gates)

    def name(self, node: int) -> str:
        """The name of a leaf or gate."""
        first_gate = len(self.leaves)
        found: Leaf | Gate = (
            self.leaves[node] if node < first_gate else self.gates[node - first_gate]
        )
        return found.name

    def gate(self, node: int) -> Gate | None:
        """The gate with this node number; None for a leaf."""
        place = node - len(self.leaves)
        return self.gates[place] if place >= 0 else None

    @property
    def is_coherent(self) -> bool:
        """Whether more failures never help: no gate negates."""
        return all(gate.operator not in {Operator.NOT, Operator.XOR} for gate in self.gates)

    def below(self, node: int) -> Iterator[int]:
        """The node and everything that it depends on, once each, parents before children."""
        found = {node}
        waiting = [node]
        while waiting:
            if gate := self.gate(waiting.pop()):
                fresh = [child for child in gate.children if child not in found]
                found.update(fresh)
                waiting += fresh
        yield from sorted(found, reverse=True)

    def failed(self, leaves: Sequence[bool]) -> list[bool]:
        """The state of every node when these leaves have failed (one truth value per leaf)."""
        if len(leaves) != len(self.leaves):
            raise ValueError(f"{len(self.leaves)} states are needed, one per leaf")
        states = list(leaves)
        for gate in self.gates:
            states.append(_fails(gate, [states[child] for child in gate.children]))
        return states


def _check(gate: Gate, number: int) -> None:
    if not gate.children:
        raise ValueError(f"gate “{gate.name}” has no children")
    if not all(0 <= child < number for child in gate.children):
        raise ValueError(f"gate “{gate.name}” refers to itself or to a later node")
    if gate.operator is Operator.NOT and len(gate.children) != 1:
        raise ValueError(f"gate “{gate.name}” negates {len(gate.children)} nodes instead of one")
    if gate.operator is not Operator.ATLEAST:
        return
    if gate.weights and (len(gate.weights) != len(gate.children) or min(gate.weights) < 0):
        raise ValueError(f"gate “{gate.name}” needs one weight, 0 or more, for each child")
    most = sum(gate.weights) if gate.weights else len(gate.children)
    if not 1 <= gate.threshold <= most:
        raise ValueError(f"gate “{gate.name}” asks for {gate.threshold} of {most}")


def _fails(gate: Gate, children: Sequence[bool]) -> bool:
    match gate.operator:
        case Operator.AND:
            return all(children)
        case Operator.OR:
            return any(children)
        case Operator.NOT:
            return not children[0]
        case Operator.XOR:
            return sum(children) % 2 == 1
        case Operator.ATLEAST:
            weights = gate.weights or (1,) * len(children)
            down = sum(weight for weight, has in zip(weights, children, strict=True) if has)
            return down >= gate.threshold
