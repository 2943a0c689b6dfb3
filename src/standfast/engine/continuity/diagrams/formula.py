"""A formula in normal form: what is left of a gate graph below one top.

A *reference* is 2 * node + 1 for the negation of a node and 2 * node for the node itself, so that
`reference ^ 1` negates; FALSE and TRUE are references too. Nodes below `leaves` are the leaves of
the gate graph, by the same number; the gates follow, children before parents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

FALSE: Final = -2
TRUE: Final = -1

AND: Final = 0
OR: Final = 1
XOR: Final = 2
ATLEAST: Final = 3


class Part(NamedTuple):
    """One gate of a formula. `threshold` and `weights` are for ATLEAST only."""

    kind: int
    inputs: tuple[int, ...]
    threshold: int = 0
    weights: tuple[int, ...] = ()


class Formula(NamedTuple):
    """The gates needed for `root`, a reference; gate i is node `leaves` + i."""

    leaves: int
    parts: list[Part]
    root: int

    @property
    def is_coherent(self) -> bool:
        """Whether no gate negates anything, so that more failures never help."""
        return (self.root < 0 or not self.root & 1) and all(
            part.kind != XOR and not any(reference & 1 for reference in part.inputs)
            for part in self.parts
        )

    def gates(self, part: Part) -> Iterator[int]:
        """The places in `parts` of the gates that a part uses directly."""
        for reference in part.inputs:
            if reference >> 1 >= self.leaves:
                yield (reference >> 1) - self.leaves

    def at_rest(self) -> list[bool]:
        """The value of every part when no leaf has failed."""
        values: list[bool] = []
        for part in self.parts:
            inputs = [
                (reference >> 1 >= self.leaves and values[(reference >> 1) - self.leaves])
                != bool(reference & 1)
                for reference in part.inputs
            ]
            values.append(holds(part, inputs))
        return values


def holds(part: Part, inputs: list[bool]) -> bool:
    """The value of a part for given values of its inputs."""
    if part.kind == AND:
        return all(inputs)
    if part.kind == OR:
        return any(inputs)
    if part.kind == XOR:
        return sum(inputs) % 2 == 1
    weights = zip(part.weights, inputs, strict=True)
    return sum(weight for weight, value in weights if value) >= part.threshold
