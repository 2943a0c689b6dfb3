"""A module as a straight line of two-operand steps, which any kernel can run.

Gates with many inputs are folded from the deepest variable up, so that each step works on small
diagrams. A threshold is a dynamic program over its inputs: what suffices from here on, given what
is still missing; only amounts that the remaining weights can reach are told apart.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from standfast.engine.continuity.diagrams.formula import AND, ATLEAST, OR, XOR, Formula, Part

STEP_AND: Final = 0
STEP_OR: Final = 1
STEP_XOR: Final = 2

REGISTER_FALSE: Final = 0
REGISTER_TRUE: Final = 1

EXACT_SUMS: Final = 1 << 22
"""Total weight up to which reachable sums are told apart exactly."""


class Program(NamedTuple):
    """Registers 0 and 1 are false and true, 2 … variables + 1 the variables, by level.

    Step i puts the result of `steps[i]` = (operation, register, register) into register
    variables + 2 + i; the answer is in register `result`.
    """

    variables: int
    steps: list[tuple[int, int, int]]
    result: int


def program(formula: Formula, order: list[int]) -> Program:
    """The steps that build this formula with its variables in this order (first on top)."""
    writer = _Writer(formula.leaves)
    registers = [0] * formula.leaves
    for level, variable in enumerate(order):
        registers[variable] = level + 2
    for part in formula.parts:
        inputs = [
            writer.signed(registers[reference >> 1], reference & 1) for reference in part.inputs
        ]
        registers.append(writer.part(part, inputs))
    root = formula.root
    result = root + 2 if root < 0 else writer.signed(registers[root >> 1], root & 1)
    return Program(formula.leaves, writer.steps, result)


class _Writer:
    def __init__(self, variables: int) -> None:
        self.steps: list[tuple[int, int, int]] = []
        self._tops = [variables, variables, *range(variables)]  # highest level met, by register
        self._known: dict[tuple[int, int, int], int] = {}

    def signed(self, register: int, negated: int) -> int:
        return self.step(STEP_XOR, register, REGISTER_TRUE) if negated else register

    def part(self, part: Part, inputs: list[int]) -> int:
        if part.kind == ATLEAST:
            return self._threshold(part, inputs)
        operation = {AND: STEP_AND, OR: STEP_OR, XOR: STEP_XOR}[part.kind]
        inputs = sorted(inputs, key=self._tops.__getitem__, reverse=True)
        result = inputs[0]
        for register in inputs[1:]:
            result = self.step(operation, register, result)
        return result

    def step(self, operation: int, left: int, right: int) -> int:
        """The register of this step's result; the same step is written once."""
        if left <= 1 or (right <= 1 and operation != STEP_XOR):
            left, right = right, left
        if right <= 1 and operation != STEP_XOR:
            absorbs = REGISTER_FALSE if operation == STEP_AND else REGISTER_TRUE
            return right if right == absorbs else left
        key = (operation, left, right)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self._tops)
            self.steps.append(key)
            self._tops.append(min(self._tops[left], self._tops[right]))
        return found

    def _threshold(self, part: Part, inputs: list[int]) -> int:
        pairs = sorted(zip(inputs, part.weights, strict=True), key=lambda pair: self._tops[pair[0]])
        sums = _reachable([weight for _, weight in pairs])
        layers: list[set[int]] = [{_next(sums[0], part.threshold)}]
        for place, (_, weight) in enumerate(pairs):
            missing = {amount for amount in layers[-1] if amount > 0}
            layers.append(
                {_next(sums[place + 1], amount) for amount in missing}
                | {_next(sums[place + 1], amount - weight) for amount in missing}
            )
        suffices: dict[int, int] = {}
        for place in range(len(pairs), -1, -1):
            above: dict[int, int] = {}
            for amount in layers[place]:
                if amount <= 0:
                    above[amount] = REGISTER_TRUE
                elif place == len(pairs) or amount == NEVER:
                    above[amount] = REGISTER_FALSE
                else:
                    register, weight = pairs[place]
                    without = suffices[_next(sums[place + 1], amount)]
                    having = suffices[_next(sums[place + 1], amount - weight)]
                    both = self.step(STEP_AND, register, having)
                    above[amount] = self.step(STEP_OR, both, without)
            suffices = above
        return suffices[_next(sums[0], part.threshold)]


NEVER: Final = 1 << 62


def _reachable(weights: list[int]) -> list[int | None]:
    """For each place, the sums that weights from there on can reach, as bits; None: too many."""
    if sum(weights) > EXACT_SUMS:
        return [None] * (len(weights) + 1)
    found: list[int | None] = [1]
    bits = 1
    for weight in reversed(weights):
        bits |= bits << weight
        found.append(bits)
    return found[::-1]


def _next(sums: int | None, amount: int) -> int:
    """The smallest reachable sum that is `amount` or more; 0 when nothing is missing."""
    if amount <= 0:
        return 0
    if amount == NEVER or sums is None:
        return amount
    above = sums >> amount
    if not above:
        return NEVER
    return amount + (above & -above).bit_length() - 1
