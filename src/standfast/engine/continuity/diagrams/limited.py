"""Beyond the budget: all minimal sets up to an order, and a function that is right up to it.

Diagrams are built that need only be right where few variables are true; they stay small where the
whole would not fit. The order grows by one while time and memory allow. Order 0 always succeeds.
"""

from __future__ import annotations

from itertools import count
from typing import Final, NamedTuple

from standfast.engine.continuity.diagrams.budget import Budget, BudgetSpent
from standfast.engine.continuity.diagrams.diagram import END_LEVEL, Diagram, constant, trimmed
from standfast.engine.continuity.diagrams.formula import Formula
from standfast.engine.continuity.diagrams.kernel import Kernel, TooLarge
from standfast.engine.continuity.diagrams.orders import orders as orders_of
from standfast.engine.continuity.diagrams.program import program

COSTLIER: Final = 5.0
"""How many times longer the next order is expected to take; if there is no time, it is left."""


class Limited(NamedTuple):
    """What was found: `complete_to` is the order, `order` the variables by level."""

    order: list[int]
    function: Diagram
    family: Diagram
    complete_to: int


def limited(
    formula: Formula, kernel: Kernel, *, budget: Budget, orders: list[list[int]] | None = None
) -> Limited:
    """The highest order that the budget allows."""
    candidates = list(orders_of(formula)) if orders is None else orders
    best = _nothing_down(formula, candidates[0])
    for room in count(1):
        before = budget.left()
        found = _best_of(formula, kernel, candidates, room=room, budget=budget)
        if found is None:
            return best
        best = found
        candidates = [best.order, *(order for order in candidates if order is not best.order)][:2]
        if room >= formula.leaves or (before - budget.left()) * COSTLIER > budget.left():
            return best
    return best


def _nothing_down(formula: Formula, order: list[int]) -> Limited:
    at_rest = formula.at_rest()[-1] if formula.parts else False
    end = constant(int(at_rest != bool(formula.root & 1)))
    return Limited(order, end, end, 0)


def _best_of(
    formula: Formula, kernel: Kernel, candidates: list[list[int]], *, room: int, budget: Budget
) -> Limited | None:
    """The smallest diagrams for this order among a few variable orders; None: none finished."""
    cap = budget.most_nodes(kernel.name)
    found: list[Limited] = []
    for order in candidates:
        try:
            function = kernel.build(program(formula, order), cap=cap, budget=budget, room=room)
            cap = min(cap, 16 * len(function) + (1 << 16))
            most = budget.most_nodes(kernel.name)
            family = kernel.minimal(function, coherent=False, cap=most, budget=budget)
        except TooLarge:
            continue
        except BudgetSpent:
            break
        found.append(Limited(order, function, up_to(family, room), room))
    return min(found, key=lambda each: len(each.function), default=None)


def up_to(family: Diagram, most: int) -> Diagram:
    """The sets with at most so many variables."""
    longest = [-1, 0]
    for low, high in zip(family.low[2:], family.high[2:], strict=True):
        longest.append(max(longest[low], longest[high] + 1))
    if longest[family.root] <= most:
        return family
    columns: tuple[list[int], list[int], list[int]] = ([END_LEVEL] * 2, [0, 1], [0, 1])
    known: dict[tuple[int, int, int], int] = {}
    shorter = [0] * len(family)
    for room in range(most + 1):
        now = [0, 1]
        for node in range(2, len(family)):
            high = shorter[family.high[node]] if room else 0
            low = now[family.low[node]]
            if high == 0:
                now.append(low)
                continue
            key = (family.variable[node], low, high)
            found = known.setdefault(key, len(columns[0]))
            if found == len(columns[0]):
                for column, value in zip(columns, key, strict=True):
                    column.append(value)
            now.append(found)
        shorter = now
    return trimmed(*columns, shorter[family.root])


def leveled(formula: Formula, order: list[int]) -> Formula:
    """The formula with its variables numbered by level."""
    levels = [0] * formula.leaves
    for level, variable in enumerate(order):
        levels[variable] = level
    parts = [
        part._replace(
            inputs=tuple(
                2 * levels[reference >> 1] + (reference & 1)
                if reference >> 1 < formula.leaves
                else reference
                for reference in part.inputs
            )
        )
        for part in formula.parts
    ]
    root = formula.root
    if root >> 1 < formula.leaves:
        root = 2 * levels[root >> 1] + (root & 1)
    return Formula(formula.leaves, parts, root)
