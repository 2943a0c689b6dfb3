"""Exact probabilities of one top from its decision diagrams, and what each leaf contributes.

A diagram is walked once, children first: P(node) = p · P(high) + (1 - p) · P(low). A module's
probability is that of its variable in the diagrams above it. A second walk, from the top down,
gives the derivative by every leaf at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from standfast.engine.continuity.diagrams.diagram import Diagram
from standfast.engine.continuity.diagrams.solving import Part, Solved


def top_probability(solved: Solved, leaves: Sequence[float]) -> float:
    """The probability that the top is down when leaf i is down with probability `leaves[i]`."""
    return _roots(solved.parts, leaves)[-1]


def derivatives(solved: Solved, leaves: Sequence[float]) -> tuple[float, list[float]]:
    """The probability of the top, and its derivative by each leaf's (Birnbaum's importance)."""
    parts = solved.parts
    roots = _roots(parts, leaves)
    outer = [0.0] * len(parts)
    outer[-1] = 1.0
    found = [0.0] * len(leaves)
    for place in range(len(parts) - 1, -1, -1):
        part = parts[place]
        chances = _chances(part, roots, leaves)
        for name, slope in zip(part.variables, _slopes(part.function, chances), strict=True):
            if name >= 0:
                found[name] += outer[place] * slope
            else:
                outer[~name] += outer[place] * slope
    return roots[-1], found


def _roots(parts: Sequence[Part], leaves: Sequence[float]) -> list[float]:
    """The probability of each part."""
    roots: list[float] = []
    for part in parts:
        values = _upward(part.function, _chances(part, roots, leaves))
        roots.append(values[part.function.root])
    return roots


def _chances(part: Part, roots: Sequence[float], leaves: Sequence[float]) -> list[float]:
    return [leaves[name] if name >= 0 else roots[~name] for name in part.variables]


def _upward(function: Diagram, chances: Sequence[float]) -> list[float]:
    """The probability of each node."""
    values = [0.0, 1.0]
    add = values.append
    nodes = zip(function.variable[2:], function.low[2:], function.high[2:], strict=True)
    for variable, low, high in nodes:
        chance = chances[variable]
        add(chance * values[high] + (1.0 - chance) * values[low])
    return values


def _slopes(function: Diagram, chances: Sequence[float]) -> list[float]:
    """The derivative of the root's probability by each variable's."""
    values = _upward(function, chances)
    reach = [0.0] * len(function)
    reach[function.root] = 1.0
    slopes = [0.0] * len(chances)
    for node in range(len(function) - 1, 1, -1):
        here = reach[node]
        variable, low, high = function.variable[node], function.low[node], function.high[node]
        slopes[variable] += here * (values[high] - values[low])
        reach[high] += here * chances[variable]
        reach[low] += here * (1.0 - chances[variable])
    return slopes
