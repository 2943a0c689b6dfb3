"""A year of a function, in the long run: the share of time down, hours down, and stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from standfast.engine.continuity.diagrams.solving import Solved
from standfast.engine.continuity.gates import Leaf
from standfast.engine.continuity.probability.bounds import Range, bounded
from standfast.engine.continuity.probability.exact import derivatives

HOURS_A_YEAR: Final = 8766.0


@dataclass(frozen=True, slots=True)
class Yearly:
    """Long-run figures of a function: shares of time, hours and stops a year.

    `stops` is how often a year it goes down (None when a leaf that matters lacks its frequency).
    """

    unavailability: Range
    stops: float | None

    @property
    def hours(self) -> Range:
        """Expected hours down in a year."""
        return Range(
            self.unavailability.lower * HOURS_A_YEAR, self.unavailability.upper * HOURS_A_YEAR
        )

    @property
    def mean_hours_a_stop(self) -> float | None:
        """How long a stop lasts on average."""
        if not self.stops or self.unavailability.exact is None:
            return None
        return self.unavailability.exact * HOURS_A_YEAR / self.stops


def steady_unavailability(leaf: Leaf) -> float | None:
    """The share of time that a leaf is down: as given, else from its frequency and repair time."""
    if leaf.unavailability is not None:
        return leaf.unavailability
    if leaf.frequency is None or leaf.repair_hours is None:
        return None
    cycle = HOURS_A_YEAR / leaf.frequency if leaf.frequency else 0.0
    return leaf.repair_hours / (cycle + leaf.repair_hours) if cycle else 0.0


def yearly(solved: Solved, leaves: Sequence[Leaf]) -> Yearly:
    """The figures of a solved top; leaves that are not known widen the range.

    A function stops when a leaf goes down at a moment when that decides: the sum over leaves of
    how often they fail times how much they decide (Birnbaum), exact for coherent functions.
    """
    chances = [steady_unavailability(leaf) for leaf in leaves]
    down = bounded(solved, chances)
    used = {name for part in solved.parts for name in part.variables if name >= 0}
    known = all(leaves[leaf].frequency is not None and chances[leaf] is not None for leaf in used)
    if not (known and solved.coherent and solved.exact):
        return Yearly(down, None)
    _, slopes = derivatives(solved, [chance or 0.0 for chance in chances])
    return Yearly(down, sum(slopes[leaf] * (leaves[leaf].frequency or 0.0) for leaf in used))
