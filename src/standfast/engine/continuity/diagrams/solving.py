"""One top, solved: for each module its function's diagram and the family of its minimal sets."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from standfast.engine.continuity.diagrams.budget import UNLIMITED, Budget, BudgetSpent
from standfast.engine.continuity.diagrams.diagram import Diagram, constant
from standfast.engine.continuity.diagrams.kernel import Kernel, TooLarge
from standfast.engine.continuity.diagrams.modules import Module, modules
from standfast.engine.continuity.diagrams.normalise import normalise
from standfast.engine.continuity.diagrams.plain import PlainKernel
from standfast.engine.continuity.diagrams.race import Pace, race
from standfast.engine.continuity.gates import GateGraph

Choice = Literal["auto", "plain", "compiled"]

PATIENT: Final = Pace(first=4_096, last=None, tiny=256)
SHORT: Final = Pace(first=2_048, last=32_768, tiny=256)
"""What plain Python tries before the compiled kernel takes over, where there is one."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A module solved. Level l of the diagrams stands for `variables[l]`.

    That is a leaf (0 or more) or, as `~place`, an earlier part of the list.
    """

    variables: tuple[int, ...]
    function: Diagram
    family: Diagram


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """The parts of one top, inner ones first, the top itself last.

    `complete_to` is None when the families are whole; else they are so up to this order.
    """

    parts: tuple[Part, ...]
    coherent: bool
    kernel: str
    complete_to: int | None = None


def solve(
    graph: GateGraph,
    top: int,
    *,
    down: Collection[int] = (),
    up: Collection[int] = (),
    kernel: Choice = "auto",
    budget: Budget = UNLIMITED,
) -> Solved:
    """Solve a node of the graph, given leaves known to be down and leaves known to be up.

    Raises BudgetSpent when time or memory ran out.
    """
    formula = normalise(graph, top, down=down, up=up)
    coherent = formula.is_coherent
    solver = _Solver(kernel, budget)
    parts = tuple(solver.part(module) for module in modules(formula))
    return Solved(parts, coherent, solver.kernel.name)


class _Solver:
    """Solves parts with the plain kernel until one is too large for it."""

    def __init__(self, choice: Choice, budget: Budget) -> None:
        self.budget = budget
        self.kernel: Kernel = PlainKernel()
        self._may_change = choice == "auto" and can_compile()
        if choice == "compiled" or (self._may_change and is_compiled()):
            self._change()

    def _change(self) -> None:
        from standfast.engine.continuity.diagrams.compiled import CompiledKernel

        self.kernel = CompiledKernel()
        self._may_change = False

    def part(self, module: Module) -> Part:
        while True:
            try:
                return self._part(module)
            except TooLarge:
                self._change()

    def _part(self, module: Module) -> Part:
        root = module.formula.root
        if root < 0:
            return Part((), constant(root + 2), constant(root + 2))
        pace = SHORT if self._may_change else PATIENT
        won = race(module.formula, self.kernel, pace=pace, budget=self.budget)
        cap = pace.last or self.budget.most_nodes(self.kernel.name)
        try:
            family = self.kernel.minimal(
                won.diagram, coherent=module.formula.is_coherent, cap=cap, budget=self.budget
            )
        except TooLarge:
            if self._may_change:
                raise
            raise BudgetSpent("memory") from None
        return Part(tuple(module.variables[v] for v in won.order), won.diagram, family)


def can_compile() -> bool:
    """Whether the compiled kernel's library is installed."""
    return importlib.util.find_spec("numba") is not None


def is_compiled() -> bool:
    """Whether the compiled kernel is at hand already, so that using it costs no start."""
    return "standfast.engine.continuity.diagrams.compiled" in sys.modules
