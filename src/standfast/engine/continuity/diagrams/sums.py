"""Sums of products over a factored family, which answer every question of the kind "how many".

Give each leaf a value; a set is worth the product of its leaves' values, a family the sum of its
sets. With 1 for each leaf that is the number of sets, with 0 for some leaf the number of sets
without it, with a power of two wide enough a whole table of counts by order in one integer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from standfast.engine.continuity.diagrams.solving import Part

Number = TypeVar("Number", int, float)


def worths(parts: Sequence[Part], leaves: Sequence[Number]) -> list[list[Number]]:
    """For each part the worth of each node of its family; `leaves` has a value for each leaf."""
    found: list[list[Number]] = []
    for part in parts:
        family = part.family
        values = [
            leaves[name] if name >= 0 else found[~name][parts[~name].family.root]
            for name in part.variables
        ]
        worth: list[Number] = [0, 1]
        add = worth.append
        nodes = zip(family.variable[2:], family.low[2:], family.high[2:], strict=True)
        for variable, low, high in nodes:
            add(worth[low] + values[variable] * worth[high])
        found.append(worth)
    return found


def worth(parts: Sequence[Part], leaves: Sequence[Number]) -> Number:
    """The worth of the whole family: that of the last part."""
    return worths(parts, leaves)[-1][parts[-1].family.root]


def shares(parts: Sequence[Part], leaves: Sequence[Number]) -> list[Number]:
    """For each leaf, the derivative of the whole worth by the leaf's value.

    That is the worth of the sets that contain the leaf, each divided by the leaf's own value.
    """
    up = worths(parts, leaves)
    outer: list[Number] = [0] * len(parts)
    outer[-1] = 1
    found: list[Number] = [0] * len(leaves)
    for place in range(len(parts) - 1, -1, -1):
        part, above = parts[place], up[place]
        family = part.family
        values = [
            leaves[name] if name >= 0 else up[~name][parts[~name].family.root]
            for name in part.variables
        ]
        reach: list[Number] = [0] * len(family)
        reach[family.root] = outer[place]
        totals: list[Number] = [0] * len(values)
        for node in range(len(family) - 1, 1, -1):
            here = reach[node]
            if here:
                variable, high = family.variable[node], family.high[node]
                reach[family.low[node]] += here
                reach[high] += here * values[variable]
                totals[variable] += here * above[high]
        for name, total in zip(part.variables, totals, strict=True):
            if name >= 0:
                found[name] += total
            else:
                outer[~name] += total
    return found
