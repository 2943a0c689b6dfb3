"""One gate, simplified: constants folded, repeated inputs joined, thresholds made small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import gcd

from standfast.engine.continuity.diagrams.formula import (
    AND,
    ATLEAST,
    FALSE,
    OR,
    TRUE,
    XOR,
    Part,
)

Simple = tuple[int | Part, int]
"""A reference or a part, and 1 where it is to be negated."""


def conjunction(inputs: Iterable[int]) -> Simple:
    """All of these references."""
    kept = set(inputs)
    kept.discard(TRUE)
    if FALSE in kept or any(reference ^ 1 in kept for reference in kept):
        return FALSE, 0
    return _junction(AND, kept, TRUE)


def disjunction(inputs: Iterable[int]) -> Simple:
    """Any of these references."""
    kept = set(inputs)
    kept.discard(FALSE)
    if TRUE in kept or any(reference ^ 1 in kept for reference in kept):
        return TRUE, 0
    return _junction(OR, kept, FALSE)


def _junction(kind: int, kept: set[int], neutral: int) -> Simple:
    if not kept:
        return neutral, 0
    if len(kept) == 1:
        return kept.pop(), 0
    if all(reference & 1 for reference in kept):  # De Morgan: negate once, outside
        other = OR if kind == AND else AND
        return Part(other, tuple(sorted(reference ^ 1 for reference in kept))), 1
    return Part(kind, tuple(sorted(kept))), 0


def parity(inputs: Iterable[int]) -> Simple:
    """An odd number of these references."""
    odd: set[int] = set()
    negated = 0
    for reference in inputs:
        if reference in {TRUE, FALSE}:
            negated ^= reference == TRUE
            continue
        negated ^= reference & 1
        odd ^= {reference & ~1}
    if len(odd) < 2:
        return (odd.pop() if odd else FALSE), int(negated)
    return Part(XOR, tuple(sorted(odd))), int(negated)


def threshold(inputs: Sequence[int], weights: Sequence[int], least: int) -> Simple:
    """References whose weights add up to `least` or more."""
    sums: Counter[int] = Counter()
    for reference, weight in zip(inputs, weights, strict=True):
        if reference == TRUE:
            least -= weight
        elif reference != FALSE and weight:
            sums[reference] += weight
    for reference in [reference for reference in sums if not reference & 1]:
        if both := min(sums[reference], sums[reference ^ 1]):  # one of the two always counts
            least -= both
            sums[reference] -= both
            sums[reference ^ 1] -= both
    kept = {reference: weight for reference, weight in sums.items() if weight > 0}
    if least <= 0:
        return TRUE, 0
    if sum(kept.values()) < least:
        return FALSE, 0
    return _proper_threshold(kept, least)


def _proper_threshold(kept: dict[int, int], least: int) -> Simple:
    divisor = gcd(*kept.values())
    least = -(-least // divisor)
    kept = {reference: min(weight // divisor, least) for reference, weight in kept.items()}
    if min(kept.values()) >= least:
        return disjunction(kept)
    if sum(kept.values()) - min(kept.values()) < least:
        return conjunction(kept)
    pairs = sorted(kept.items(), key=lambda pair: (-pair[1], pair[0]))
    return Part(
        ATLEAST, tuple(pair[0] for pair in pairs), least, tuple(pair[1] for pair in pairs)
    ), 0


def simplified(part: Part) -> Simple:
    """The part in its simplest form."""
    if part.kind == AND:
        return conjunction(part.inputs)
    if part.kind == OR:
        return disjunction(part.inputs)
    if part.kind == XOR:
        return parity(part.inputs)
    return threshold(part.inputs, part.weights, part.threshold)
