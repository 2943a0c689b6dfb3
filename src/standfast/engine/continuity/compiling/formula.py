"""Boolean formulas being built: equal ones are one, and constants disappear as they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd

from standfast.engine.continuity.gates import Operator

# Numbers of the two constants: never failed, and always failed.
NEVER, ALWAYS = 0, 1

Body = tuple[Operator, tuple[int, ...], int, tuple[int, ...]]  # operator, children, k, weights


# More than this is no model any more that a person wrote; see `ModelTooLarge`.
MAX_FORMULAS = 3_000_000


class ModelTooLarge(ValueError):
    """The compiled graph would not fit: too many things depend on each other in a circle."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"the model compiles into more than {most:,} gates: too many elements depend on each"
            " other in a circle. Take out the dependencies that do not stop anything by themselves."
        )


class Formulas:
    """Formulas by number, children before parents. Two constants come first."""

    def __init__(self, most: int = MAX_FORMULAS) -> None:
        """No formula yet but the constants; `most` bounds how many there may be."""
        self._most = most
        self.bodies: list[Body | str | None] = [None, None]  # gates; names of variables
        self._known: dict[Body | str, int] = {}

    def variable(self, name: str) -> int:
        """The variable of this name."""
        return self._number(name)

    def any(self, children: Iterable[int]) -> int:
        """Fails when one child has failed."""
        kept = set(children)
        if ALWAYS in kept:
            return ALWAYS
        kept.discard(NEVER)
        return self._gate(Operator.OR, kept, NEVER)

    def all(self, children: Iterable[int]) -> int:
        """Fails when every child has failed."""
        kept = set(children)
        if NEVER in kept:
            return NEVER
        kept.discard(ALWAYS)
        return self._gate(Operator.AND, kept, ALWAYS)

    def at_least(self, threshold: int, weighted: Iterable[tuple[int, int]]) -> int:
        """Fails when the weights of failed children add up to the threshold.

        `weighted`: pairs of child and weight; a child that comes twice counts with both.
        """
        weights: dict[int, int] = {}
        for child, weight in weighted:
            if child == ALWAYS:
                threshold -= weight
            elif child != NEVER and weight > 0:
                weights[child] = weights.get(child, 0) + weight
        if threshold <= 0:
            return ALWAYS
        if sum(weights.values()) < threshold:
            return NEVER
        enough = [child for child, weight in weights.items() if weight >= threshold]
        rest = {child: weight for child, weight in weights.items() if weight < threshold}
        return self.any([*enough, self._threshold(threshold, rest)])

    def _threshold(self, threshold: int, weights: dict[int, int]) -> int:
        total = sum(weights.values())
        if total < threshold:
            return NEVER
        if total - min(weights.values()) < threshold:
            return self.all(weights)
        step = gcd(*weights.values())
        children = tuple(sorted(weights))
        reduced = tuple(weights[child] // step for child in children)
        needed = -(-threshold // step)
        if set(reduced) == {1}:
            reduced = ()
        return self._number((Operator.ATLEAST, children, needed, reduced))

    def _gate(self, operator: Operator, children: set[int], empty: int) -> int:
        if not children:
            return empty
        if len(children) == 1:
            return next(iter(children))
        return self._number((operator, tuple(sorted(children)), 0, ()))

    def _number(self, body: Body | str) -> int:
        number = self._known.get(body)
        if number is None:
            if len(self.bodies) >= self._most:
                raise ModelTooLarge(self._most)
            number = self._known[body] = len(self.bodies)
            self.bodies.append(body)
        return number


def combine(formulas: Formulas, body: Body, children: Sequence[int]) -> int:
    """The same gate over other children."""
    operator, _, threshold, weights = body
    if operator is Operator.OR:
        return formulas.any(children)
    if operator is Operator.AND:
        return formulas.all(children)
    pairs = zip(children, weights or (1,) * len(children), strict=True)
    return formulas.at_least(threshold, pairs)
