"""The race of variable orders: several tries with a small allowance, then a larger one.

A round that succeeds is the last. Tiny results end the race at once, and so does any result of a
round so large that another try would cost more than it can save; else every order of the round may
try, and the smallest diagram wins. After a large round without
success the half that got further goes on.
"""

from __future__ import annotations

from itertools import count
from typing import Final, NamedTuple

from standfast.engine.continuity.diagrams.budget import Budget, BudgetSpent
from standfast.engine.continuity.diagrams.diagram import Diagram
from standfast.engine.continuity.diagrams.formula import Formula
from standfast.engine.continuity.diagrams.kernel import Kernel, TooLarge
from standfast.engine.continuity.diagrams.orders import orders
from standfast.engine.continuity.diagrams.program import program

GROWTH: Final = 4

FEWEST: Final = 2
"""Orders that go on at least."""

COSTLY: Final = 1 << 19
"""Nodes allowed in a round from which the first success is good enough."""


class Pace(NamedTuple):
    """Nodes allowed in the first round, in the last (None: what memory allows), and "tiny".

    From a round of `narrow` nodes on only the better half of the orders goes on.
    """

    first: int
    last: int | None
    tiny: int
    narrow: int


class Winner(NamedTuple):
    """The smallest diagram found and its order: level → variable."""

    diagram: Diagram
    order: list[int]


def race(formula: Formula, kernel: Kernel, *, pace: Pace, budget: Budget) -> Winner:
    """The best of the raced orders. Raises TooLarge or BudgetSpent when none finished."""
    candidates = list(orders(formula))
    most = budget.most_nodes(kernel.name)
    last = most if pace.last is None else min(pace.last, most)
    for turn in count():
        cap = min(pace.first * GROWTH**turn, last)
        winner, candidates = _round(formula, kernel, candidates, cap=cap, pace=pace, budget=budget)
        if winner is not None:
            return winner
        if cap == last:
            break
    if pace.last is None:
        raise BudgetSpent("memory")
    raise TooLarge


def _round(
    formula: Formula,
    kernel: Kernel,
    candidates: list[list[int]],
    *,
    cap: int,
    pace: Pace,
    budget: Budget,
) -> tuple[Winner | None, list[list[int]]]:
    """The winner if there is one, and the orders that go on, the furthest first."""
    best: Winner | None = None
    progress: list[tuple[float, list[int]]] = []
    for order in candidates:
        try:
            found = kernel.build(program(formula, order), cap=cap, budget=budget)
        except TooLarge as stopped:
            progress.append((-stopped.progress, order))
            continue
        except BudgetSpent:
            if best is None:
                raise
            break
        if best is None or len(found) < len(best.diagram):
            best = Winner(found, order)
        if len(found) <= pace.tiny or cap >= COSTLY:
            break
    progress.sort(key=lambda pair: pair[0])
    going_on = len(candidates)
    if cap >= pace.narrow:
        going_on = max(FEWEST, (len(candidates) + 1) // 2)
    return best, [order for _, order in progress[:going_on]]
