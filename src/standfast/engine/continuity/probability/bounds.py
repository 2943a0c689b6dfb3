"""Bounds on the probability of a top where its functions are known only up to some order.

Two ways, and the better of them on each side. A function that is right wherever at most k of its
variables are true is wrong with a probability of at most P(more than k are true). And gate by
gate: of a coherent formula with independent leaves, all gates are positively associated, so that
their probabilities multiply to a lower bound of AND and to an upper bound of OR; without coherence
only the sums of Boole and Fréchet hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from standfast.engine.continuity.diagrams.diagram import Diagram
from standfast.engine.continuity.diagrams.formula import AND, OR, XOR, Formula
from standfast.engine.continuity.diagrams.formula import Part as Gate
from standfast.engine.continuity.diagrams.solving import Part, Solved


@dataclass(frozen=True, slots=True)
class Range:
    """A probability between `lower` and `upper`; the same number twice when it is exact."""

    lower: float
    upper: float

    @property
    def exact(self) -> float | None:
        """The probability, where it is known exactly."""
        return self.lower if self.lower == self.upper else None


ANYTHING: Final = Range(0.0, 1.0)


def bounded(solved: Solved, leaves: Sequence[float | None]) -> Range:
    """The probability that the top is down when leaf i is down with probability `leaves[i]`.

    None: not known, so anything from 0 to 1.
    """
    certain = [ANYTHING if chance is None else Range(chance, chance) for chance in leaves]
    found: list[Range] = []
    for part in solved.parts:
        chances = [certain[name] if name >= 0 else found[~name] for name in part.variables]
        found.append(_of_part(part, chances))
    return found[-1]


def _of_part(part: Part, chances: Sequence[Range]) -> Range:
    near = _of_diagram(part.function, chances)
    if part.formula is None or part.complete_to is None:
        return near
    more = _more_than(part.complete_to, [chance.upper for chance in chances])
    lower = near.lower if part.coherent else max(0.0, near.lower - more)
    upper = min(1.0, near.upper + more)
    gates = _of_formula(part.formula, chances, part.coherent)
    return Range(max(lower, gates.lower), max(min(upper, gates.upper), lower, gates.lower))


def _of_diagram(function: Diagram, chances: Sequence[Range]) -> Range:
    lower, upper = [0.0, 1.0], [0.0, 1.0]
    nodes = zip(function.variable[2:], function.low[2:], function.high[2:], strict=True)
    for variable, low, high in nodes:
        least, most = chances[variable].lower, chances[variable].upper
        lower.append(min(p * lower[high] + (1.0 - p) * lower[low] for p in {least, most}))
        upper.append(max(p * upper[high] + (1.0 - p) * upper[low] for p in {least, most}))
    return Range(lower[function.root], upper[function.root])


def _more_than(order: int, chances: Sequence[float]) -> float:
    """The probability that more than so many independent variables are true."""
    counts = [1.0] + [0.0] * order
    for chance in chances:
        for number in range(order, 0, -1):
            counts[number] = counts[number] * (1.0 - chance) + counts[number - 1] * chance
        counts[0] *= 1.0 - chance
    return max(0.0, 1.0 - sum(counts))


def _of_formula(formula: Formula, chances: Sequence[Range], coherent: bool) -> Range:
    values = list(chances)
    for part in formula.parts:
        inputs = [_signed(values[reference >> 1], reference & 1) for reference in part.inputs]
        values.append(_of_gate(part, inputs, coherent))
    return _signed(values[formula.root >> 1], formula.root & 1)


def _signed(value: Range, negated: int) -> Range:
    return Range(1.0 - value.upper, 1.0 - value.lower) if negated else value


def _of_gate(gate: Gate, inputs: Sequence[Range], coherent: bool) -> Range:
    lowers = [value.lower for value in inputs]
    uppers = [value.upper for value in inputs]
    if gate.kind == AND:
        least = prod(lowers) if coherent else max(0.0, sum(lowers) - len(lowers) + 1)
        return Range(least, min(uppers))
    if gate.kind == OR:
        most = _any_of(uppers) if coherent else min(1.0, sum(uppers))
        return Range(max(lowers), most)
    if gate.kind == XOR:
        return _odd(inputs)
    return _enough(gate, lowers, uppers, coherent)


def _any_of(chances: Sequence[float]) -> float:
    """The probability that any of independent things happens, at most this for associated ones."""
    return 1.0 - prod(1.0 - chance for chance in chances)


def _odd(inputs: Sequence[Range]) -> Range:
    found = inputs[0]
    for value in inputs[1:]:
        lower = max(0.0, found.lower - value.upper, value.lower - found.upper)
        upper = min(1.0, found.upper + value.upper, 2.0 - found.lower - value.lower)
        found = Range(lower, upper)
    return found


def _enough(gate: Gate, lowers: Sequence[float], uppers: Sequence[float], coherent: bool) -> Range:
    """A threshold holds when one sufficient selection does, and only if one blocking one does."""
    by_weight = sorted(range(len(lowers)), key=lambda place: -gate.weights[place])
    chosen: list[int] = []
    for place in by_weight:
        if sum(gate.weights[each] for each in chosen) < gate.threshold:
            chosen.append(place)
    missing = sum(gate.weights) - gate.threshold + 1  # the weight that must not stay up
    blocking: list[int] = []
    for place in by_weight:
        if sum(gate.weights[each] for each in blocking) < missing:
            blocking.append(place)
    some = [lowers[place] for place in chosen]
    least = prod(some) if coherent else max(0.0, sum(some) - len(some) + 1)
    hit = [uppers[place] for place in blocking]
    most = _any_of(hit) if coherent else min(1.0, sum(hit))
    return Range(least, most)
