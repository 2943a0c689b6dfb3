"""What a kernel offers: build a diagram from a program, and get the minimal cut sets from it."""

from __future__ import annotations

from typing import Protocol

from standfast.engine.continuity.diagrams.budget import Budget
from standfast.engine.continuity.diagrams.diagram import Diagram
from standfast.engine.continuity.diagrams.program import Program


class TooLarge(Exception):
    """More nodes (or, for the plain kernel, more steps) were needed than this attempt allowed.

    `progress` is the part of the work that was done by then, 0 to 1.
    """

    def __init__(self, progress: float = 0.0) -> None:
        super().__init__(f"too large after {progress:.0%}")
        self.progress = progress


class Kernel(Protocol):
    """Two operations; both raise TooLarge over `cap` and BudgetSpent when the time is over."""

    name: str

    def build(
        self, steps: Program, *, cap: int, budget: Budget, room: int | None = None
    ) -> Diagram:
        """The decision diagram of the program's result.

        With `room`, of some function that agrees with it wherever at most so many variables are
        true: enough for all minimal sets up to that order.
        """

    def minimal(self, function: Diagram, *, coherent: bool, cap: int, budget: Budget) -> Diagram:
        """The family of minimal sets of failures that make the function true.

        `coherent` promises that more failures never make it false.
        """
