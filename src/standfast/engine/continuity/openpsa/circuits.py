"""Making gates out of formulas, with constants folded away as they come.

A *signal* is a node's number, or True or False where the value is certain. Constants come from
house events; a gate graph has none.
"""

from __future__ import annotations

from collections.abc import Sequence

from standfast.engine.continuity.gates import Gate, Operator

Signal = int | bool


def is_constant(signal: Signal) -> bool:
    """Whether the value is certain (True and 1 are different things here)."""
    return isinstance(signal, bool)


class Circuit:
    """The gates made so far, above a number of leaves."""

    def __init__(self, leaves: int) -> None:
        self.leaves = leaves
        self.gates: list[Gate] = []

    def gate(
        self, name: str, operator: Operator, inputs: Sequence[Signal], threshold: int = 0
    ) -> int:
        """A gate as it is; no input may be constant."""
        self.gates.append(Gate(name, operator, tuple(inputs), threshold))
        return self.leaves + len(self.gates) - 1

    def negation(self, name: str, signal: Signal) -> Signal:
        """The opposite."""
        return not signal if is_constant(signal) else self.gate(name, Operator.NOT, [signal])

    def junction(self, name: str, operator: Operator, inputs: Sequence[Signal]) -> Signal:
        """AND or OR."""
        decides = operator is Operator.OR
        if any(is_constant(signal) and signal is decides for signal in inputs):
            return decides
        open_inputs = [signal for signal in inputs if not is_constant(signal)]
        return self.gate(name, operator, open_inputs) if open_inputs else not decides

    def parity(self, name: str, inputs: Sequence[Signal]) -> Signal:
        """An odd number of the inputs."""
        odd = sum(1 for signal in inputs if signal is True) % 2 == 1
        open_inputs = [signal for signal in inputs if not is_constant(signal)]
        if not open_inputs:
            return odd
        if not odd:
            return self.gate(name, Operator.XOR, open_inputs)
        return self.negation(name, self.gate(f"{name} (odd)", Operator.XOR, open_inputs))

    def at_least(self, name: str, threshold: int, inputs: Sequence[Signal]) -> Signal:
        """`threshold` of the inputs or more."""
        threshold -= sum(1 for signal in inputs if signal is True)
        open_inputs = [signal for signal in inputs if not is_constant(signal)]
        if threshold <= 0:
            return True
        if threshold > len(open_inputs):
            return False
        return self.gate(name, Operator.ATLEAST, open_inputs, threshold)
