"""The kernel in plain Python: dictionaries and explicit stacks. Always there, quick to start.

`compiled` does the same on integer arrays; both follow Rauzy (1993), with one difference in how
minimal sets are found. For a coherent function the sets of the high branch that remain are those
that do not make the *low branch's function* true, and that is one walk down two diagrams (`_OUT`).
Only non-coherent functions need the walk down two families (`_APART`), which nests.
"""

from __future__ import annotations

from typing import Final

from standfast.engine.continuity.diagrams.budget import Budget
from standfast.engine.continuity.diagrams.diagram import END_LEVEL, Diagram, trimmed
from standfast.engine.continuity.diagrams.kernel import TooLarge
from standfast.engine.continuity.diagrams.program import STEP_AND, STEP_OR, Program

CHECK_EVERY: Final = 1 << 14
"""Steps between two looks at the clock."""


class PlainKernel:
    """Dictionaries; `cap` counts nodes, and three times as many steps."""

    name = "plain"

    def build(
        self, steps: Program, *, cap: int, budget: Budget, room: int | None = None
    ) -> Diagram:
        """The decision diagram of the program's result."""
        table = _Table(cap, budget)
        registers = [0, 1, *(table.node(level, 0, 1) for level in range(steps.variables))]
        try:
            for operation, left, right in steps.steps:
                result = table.combine(operation, registers[left], registers[right], room)
                registers.append(result)
        except TooLarge:
            raise TooLarge(len(registers) / (len(steps.steps) + steps.variables + 2)) from None
        return trimmed(table.variable, table.low, table.high, registers[steps.result])

    def minimal(self, function: Diagram, *, coherent: bool, cap: int, budget: Budget) -> Diagram:
        """The family of minimal sets of failures that make the function true."""
        sets = _Table(cap, budget)
        found = [0, 1]
        other = _Table(cap, budget)
        variable, low, high = (list(column) for column in function.columns)
        other.variable, other.low, other.high = variable, low, high
        for node in range(2, len(function)):
            inner, outer = found[high[node]], found[low[node]]
            kept = sets.outside(inner, low[node], other) if coherent else sets.apart(inner, outer)
            found.append(sets.node(variable[node], outer, kept) if kept else outer)
        return trimmed(sets.variable, sets.low, sets.high, found[function.root])


class _Table:
    """Unique nodes and what was computed on them."""

    def __init__(self, cap: int, budget: Budget) -> None:
        self.variable = [END_LEVEL, END_LEVEL]
        self.low = [0, 1]
        self.high = [0, 1]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._computed: dict[tuple[int, int, int], int] = {}
        self._budget = budget
        self._cap = cap
        self._looked = 0

    def node(self, variable: int, low: int, high: int) -> int:
        """The node with these parts, made when it is new.

        Equal branches need no node: for a function the variable does not matter, and a family of
        minimal sets has no set both with and without it.
        """
        if low == high:
            return low
        key = (variable, low, high)
        found = self._unique.get(key)
        if found is None:
            found = self._unique[key] = len(self.variable)
            self.variable.append(variable)
            self.low.append(low)
            self.high.append(high)
        return found

    def _look(self) -> None:
        """Give up when this attempt grew too large or the time is over."""
        done = len(self._computed)
        if len(self.variable) > self._cap or done > 3 * self._cap:
            raise TooLarge
        if done - self._looked > CHECK_EVERY:
            self._looked = done
            self._budget.check()

    def combine(self, operation: int, left: int, right: int, room: int | None) -> int:
        """AND, OR or XOR of two functions, right where at most `room` variables are true."""
        variable, low, high, computed = self.variable, self.low, self.high, self._computed
        room, used = (0, 0) if room is None else (room + 1, 1)  # 1 when no more may be true
        waiting: list[tuple[int, int, int, int]] = []
        while True:
            if room == 1:
                left, right = self._at_rest(left), self._at_rest(right)
            if left > right:
                left, right = right, left
            result = _end(operation, left, right)
            if result < 0:
                result = computed.get((operation + 3 * room, left, right), -1)
            if result < 0:
                waiting.append((left, right, room, -1))
                above = variable[left] - variable[right]
                left, right = low[left] if above <= 0 else left, low[right] if above >= 0 else right
                continue
            while True:
                if not waiting:
                    return result
                left, right, room, below = waiting.pop()
                above = variable[left] - variable[right]
                if below < 0:
                    waiting.append((left, right, room, result))
                    left = high[left] if above <= 0 else left
                    right = high[right] if above >= 0 else right
                    room -= used
                    break
                level = variable[left] if above <= 0 else variable[right]
                if below != result:
                    result = self.node(level, below, result)
                computed[operation + 3 * room, left, right] = result
            self._look()

    def _at_rest(self, node: int) -> int:
        """The value when no variable is true."""
        while node > 1:
            node = self.low[node]
        return node

    def outside(self, family: int, function: int, of: _Table) -> int:
        """The sets of the family that do not make a coherent function true."""
        variable, low, high, computed = self.variable, self.low, self.high, self._computed
        level_of, rest, then = of.variable, of.low, of.high
        waiting: list[tuple[int, int, int]] = []
        while True:
            level = variable[family]
            while level_of[function] < level:  # no set has this variable
                function = rest[function]
            if function <= 1 or family == 0:
                result = 0 if function == 1 else family
            else:
                result = computed.get((0, family, function), -1)
            if result < 0:
                waiting.append((family, function, -1))
                function = rest[function] if level_of[function] == level else function
                family = low[family]
                continue
            while True:
                if not waiting:
                    return result
                family, function, below = waiting.pop()
                level = variable[family]
                if below < 0:
                    waiting.append((family, function, result))
                    function = then[function] if level_of[function] == level else function
                    family = high[family]
                    break
                result = self.node(level, below, result) if result else below
                computed[0, family, function] = result
            self._look()

    def apart(self, family: int, other: int) -> int:
        """The sets of the family that contain no set of the other."""
        variable, low, high, computed = self.variable, self.low, self.high, self._computed
        waiting: list[tuple[int, int, int, int]] = []
        while True:
            level = variable[family]
            while variable[other] < level:
                other = low[other]
            if other <= 1 or family == 0:
                result = 0 if other == 1 else family
            else:
                result = computed.get((0, family, other), -1)
            if result < 0:
                waiting.append((family, other, 0, 0))
                other = low[other] if variable[other] == level else other
                family = low[family]
                continue
            while True:
                if not waiting:
                    return result
                family, other, stage, below = waiting.pop()
                level = variable[family]
                same = variable[other] == level
                if stage == 0:
                    waiting.append((family, other, 1 if same else 2, result))
                    family, other = high[family], high[other] if same else other
                    break
                if stage == 1:  # those that contain no set of the high branch, nor of the low
                    waiting.append((family, other, 2, below))
                    family, other = result, low[other]
                    break
                result = self.node(level, below, result) if result else below
                computed[0, family, other] = result
            self._look()


def _end(operation: int, left: int, right: int) -> int:
    """The result where it is known at once, else -1; left <= right."""
    if left == right:
        return 0 if operation > STEP_OR else left
    if left > 1:
        return -1
    if operation == STEP_AND:
        return right if left else 0
    if operation == STEP_OR:
        return 1 if left else right
    if left == 0:
        return right
    return 1 - right if right <= 1 else -1
