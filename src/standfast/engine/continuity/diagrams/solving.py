"""One top, solved: for each module its function's diagram and the family of its minimal sets.

Within a budget everything is exact. When it runs out for some module, that module is answered up
to an order instead (see `limited`), and the result says so.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from standfast.engine.continuity.diagrams.budget import UNLIMITED, Budget, BudgetSpent
from standfast.engine.continuity.diagrams.diagram import Diagram, constant
from standfast.engine.continuity.diagrams.formula import Formula
from standfast.engine.continuity.diagrams.kernel import Kernel, TooLarge
from standfast.engine.continuity.diagrams.limited import Limited, leveled, limited
from standfast.engine.continuity.diagrams.modules import Module, modules
from standfast.engine.continuity.diagrams.normalise import normalise
from standfast.engine.continuity.diagrams.plain import PlainKernel
from standfast.engine.continuity.diagrams.race import Pace, Winner, race
from standfast.engine.continuity.gates import GateGraph

Choice = Literal["auto", "plain", "compiled"]

PATIENT: Final = Pace(first=4_096, last=None, tiny=256, narrow=1 << 16)
SHORT: Final = Pace(first=2_048, last=32_768, tiny=256, narrow=8_192)
"""What plain Python tries before the compiled kernel takes over, where there is one."""

SHORT_FAMILY: Final = 65_536
"""Nodes of a family that plain Python tries. Loading the compiled kernel costs about as much."""

EXACT_SHARE: Final = 0.8
"""The part of the time after which exact answers are given up for bounded ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A module solved. Level l of the diagrams stands for `variables[l]`.

    That is a leaf (0 or more) or, as `~place`, an earlier part of the list. `family` is whole, or
    holds all sets of up to `complete_to` variables. `function` is exact, or, when `formula` (over
    levels) is given, agrees with it wherever at most `complete_to` variables are true.
    """

    variables: tuple[int, ...]
    function: Diagram
    family: Diagram
    coherent: bool = True
    complete_to: int | None = None
    formula: Formula | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """The parts of one top, inner ones first, the top itself last.

    `complete_to` is None when the families are whole; else they are so up to this order. `exact`
    says whether the functions, and so all probabilities, are exact.
    """

    parts: tuple[Part, ...]
    coherent: bool
    kernel: str

    @property
    def complete_to(self) -> int | None:
        """The order up to which all minimal sets are there; None: all of them."""
        return min(
            (part.complete_to for part in self.parts if part.complete_to is not None), default=None
        )

    @property
    def exact(self) -> bool:
        """Whether every function is exact."""
        return all(part.formula is None for part in self.parts)


def solve(
    graph: GateGraph,
    top: int,
    *,
    down: Collection[int] = (),
    up: Collection[int] = (),
    kernel: Choice = "auto",
    budget: Budget = UNLIMITED,
) -> Solved:
    """Solve a node of the graph, given leaves known to be down and leaves known to be up."""
    formula = normalise(graph, top, down=down, up=up)
    coherent = formula.is_coherent
    solver = _Solver(kernel, budget)
    parts = tuple(solver.part(module) for module in modules(formula))
    return Solved(parts, coherent, solver.kernel.name)


class _Solver:
    """Solves parts with the plain kernel until one is too large for it."""

    def __init__(self, choice: Choice, budget: Budget) -> None:
        self._budget = budget
        self._for_exact = budget.share(EXACT_SHARE)
        self.kernel: Kernel = PlainKernel()
        self._may_change = choice == "auto" and can_compile()
        if choice == "compiled":
            self.kernel = _compiled()
        elif self._may_change and is_compiled():
            self._change()

    def _change(self) -> None:
        """Go on with the compiled kernel; without it where it cannot be loaded."""
        self._may_change = False
        # numba refuses to start where it has no folder that it could write its cache to.
        with suppress(ImportError, RuntimeError):
            self.kernel = _compiled()

    def part(self, module: Module) -> Part:
        root = module.formula.root
        if root < 0:
            return Part((), constant(root + 2), constant(root + 2))
        while True:
            try:
                return self._part(module)
            except TooLarge:
                self._change()

    def _part(self, module: Module) -> Part:
        """Exact if possible. Raises TooLarge only while another kernel can take over."""
        coherent = module.formula.is_coherent
        pace = SHORT if self._may_change else PATIENT
        try:
            won = race(module.formula, self.kernel, pace=pace, budget=self._for_exact)
        except BudgetSpent:
            found = limited(module.formula, self.kernel, budget=self._budget)
            return Part(
                _named(module, found.order),
                found.function,
                found.family,
                coherent,
                found.complete_to,
                leveled(module.formula, found.order),
            )
        variables = _named(module, won.order)
        try:
            family = self._family(won, coherent)
        except BudgetSpent:
            less = self._some_sets(module, won)
            return Part(variables, won.diagram, less.family, coherent, less.complete_to)
        return Part(variables, won.diagram, family, coherent)

    def _family(self, won: Winner, coherent: bool) -> Diagram:
        most = self._budget.most_nodes(self.kernel.name)
        cap = SHORT_FAMILY if self._may_change else most
        try:
            return self.kernel.minimal(
                won.diagram, coherent=coherent, cap=cap, budget=self._for_exact
            )
        except TooLarge:
            if self._may_change:
                raise
            raise BudgetSpent("memory") from None

    def _some_sets(self, module: Module, won: Winner) -> Limited:
        return limited(module.formula, self.kernel, budget=self._budget, orders=[won.order])


def _compiled() -> Kernel:
    from standfast.engine.continuity.diagrams.compiled import CompiledKernel

    return CompiledKernel()


def _named(module: Module, order: list[int]) -> tuple[int, ...]:
    return tuple(module.variables[variable] for variable in order)


def can_compile() -> bool:
    """Whether the compiled kernel's library is installed."""
    return importlib.util.find_spec("numba") is not None


def is_compiled() -> bool:
    """Whether the compiled kernel is at hand already, so that using it costs no start."""
    return sys.modules.get("standfast.engine.continuity.diagrams.compiled") is not None
