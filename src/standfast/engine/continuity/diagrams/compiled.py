"""The kernel on integer arrays, compiled by numba: the same algorithms as `plain`, 10 times faster.

Optional (extra `fast`). The first use after installation compiles for some seconds; the result is
cached, and a process that uses it later needs half a second to load it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Final

import numpy as np

from standfast.engine.continuity.diagrams import machine
from standfast.engine.continuity.diagrams.budget import Budget
from standfast.engine.continuity.diagrams.diagram import END_LEVEL, Diagram, constant
from standfast.engine.continuity.diagrams.driving import run_minimal, run_steps
from standfast.engine.continuity.diagrams.kernel import TooLarge
from standfast.engine.continuity.diagrams.machine import Ints
from standfast.engine.continuity.diagrams.program import Program
from standfast.engine.continuity.diagrams.sweeping import sweep, trim

FUEL: Final = 1 << 21
"""Steps between two looks at the clock: some tenths of a second."""

FIRST_SIZE: Final = 1 << 13
"""Size with which hash table and cache begin."""

WORTH_SWEEPING: Final = 0.75
"""A sweep must leave no more than this part of the table in use, else the attempt is given up."""


class CompiledKernel:
    """Integer arrays; `cap` counts the nodes held at once."""

    name = "compiled"

    def build(
        self, steps: Program, *, cap: int, budget: Budget, room: int | None = None
    ) -> Diagram:
        """The decision diagram of the program's result."""
        if steps.result <= 1:
            return constant(steps.result)
        table = _Table(max(cap, steps.variables + 16), steps.variables, budget)
        first = steps.variables + 2
        registers = np.zeros(first + len(steps.steps), np.int32)
        registers[1] = 1
        registers[2:first] = range(2, first)
        table.nodes[2:first, 0] = range(steps.variables)
        table.nodes[2:first, 1] = 0
        table.nodes[2:first, 2] = 1
        table.begin(first)
        needed = np.full(len(registers), -1, np.int64)
        lines = np.array(steps.steps, np.int32).reshape(-1, 3)
        for place, (_, left, right) in enumerate(steps.steps):
            needed[left] = needed[right] = place
        needed[steps.result] = len(steps.steps)
        needed[first:][needed[first:] < 0] = 0

        limit = machine.NO_LIMIT if room is None else min(room, machine.NO_LIMIT - 1)

        def go_on() -> int:
            return int(run_steps(lines, steps.variables, registers, table.tables, limit))

        table.run(go_on, registers, needed, right_is_ours=True, steps=len(steps.steps))
        return table.diagram(int(registers[steps.result]))

    def minimal(self, function: Diagram, *, coherent: bool, cap: int, budget: Budget) -> Diagram:
        """The family of minimal sets of failures that make the function true."""
        if function.root <= 1:
            return constant(function.root)
        columns = np.empty((len(function), 3), np.int32)
        for place, column in enumerate(function.columns):
            columns[:, place] = np.frombuffer(column, np.int32)
        levels = int(columns[2:, 0].max()) + 1
        table = _Table(cap, levels, budget)
        table.begin(2)
        found = np.zeros(len(function), np.int32)
        found[1] = 1
        needed = np.zeros(len(function), np.int64)
        numbers = np.arange(2, len(function))
        np.maximum.at(needed, columns[2:, 1], numbers)
        np.maximum.at(needed, columns[2:, 2], numbers)
        needed[function.root] = len(function)
        table.state[machine.COUNTER] = 2

        def go_on() -> int:
            return int(run_minimal(columns, coherent, found, table.tables))

        table.run(go_on, found, needed, right_is_ours=not coherent, steps=len(function))
        return table.diagram(int(found[function.root]))


class _Table:
    """The arrays that the machine works on."""

    def __init__(self, cap: int, levels: int, budget: Budget) -> None:
        self._budget = budget
        largest = 1 << max(cap, FIRST_SIZE).bit_length() - 1
        self.nodes: Ints = np.empty((cap + 2, 4), np.int32)
        self.nodes[:2] = [[END_LEVEL, 0, 0, 0], [END_LEVEL, 1, 1, 0]]
        self.state: Ints = np.zeros(machine.STATE_SIZE, np.int64)
        self.state[machine.CAP] = cap
        self.state[machine.BUCKETS] = self.state[machine.CACHED] = FIRST_SIZE - 1
        self.tables = machine.Tables(
            nodes=self.nodes,
            buckets=np.zeros(largest, np.int32),
            keys=np.zeros(largest, np.int64),
            values=np.zeros(largest, np.int32),
            stack=np.zeros((levels + 8, 4), np.int32),
            state=self.state,
        )

    def begin(self, count: int) -> None:
        """The first `count` nodes are there."""
        self.state[machine.COUNT] = count
        machine.rehash(self.tables)

    def run(
        self,
        go_on: Callable[[], int],
        registers: Ints,
        needed: Ints,
        *,
        right_is_ours: bool,
        steps: int,
    ) -> None:
        """Go on until it is done, sweeping when the table is full."""
        while True:
            self.state[machine.FUEL] = FUEL
            status = go_on()
            if status == machine.DONE:
                return
            self._budget.check()
            if status == machine.FULL:
                now = int(self.state[machine.COUNTER])
                left = sweep(self.tables, registers, needed, now, right_is_ours)
                if left > WORTH_SWEEPING * self.state[machine.CAP]:
                    raise TooLarge(now / steps)

    def diagram(self, root: int) -> Diagram:
        """What of the table `root` needs."""
        columns, moved = trim(self.nodes, int(self.state[machine.COUNT]), root)
        variable, low, high = (array("i", column.tobytes()) for column in columns)
        return Diagram(variable, low, high, int(moved))
