"""How sure a count of trials makes us: score intervals, and intervals of a percentile."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

DEFAULT_CONFIDENCE = 0.95


class Interval(NamedTuple):
    """From `low` to `high`, both included."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """How far the middle is from either end."""
        return (self.high - self.low) / 2


def deviations(confidence: float) -> float:
    """How many standard deviations to each side hold this share of a normal distribution.

    Raises ValueError when the confidence is not between 0 and 1.
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"a confidence lies between 0 and 1, not at {confidence}")
    return NormalDist().inv_cdf((1.0 + confidence) / 2.0)


def wilson(hits: int, trials: int, confidence: float = DEFAULT_CONFIDENCE) -> Interval:
    """Where the probability lies when `hits` of `trials` were hits (Wilson 1927).

    It stays inside 0..1 and says something useful for no hit at all, where the plain interval
    says 0 to 0.
    """
    if trials <= 0:
        return Interval(0.0, 1.0)
    z = deviations(confidence)
    share = hits / trials
    scale = 1.0 + z * z / trials
    middle = (share + z * z / (2 * trials)) / scale
    spread = z * math.sqrt(share * (1.0 - share) / trials + z * z / (4.0 * trials**2)) / scale
    low = 0.0 if hits == 0 else max(0.0, middle - spread)
    high = 1.0 if hits == trials else min(1.0, middle + spread)
    return Interval(low, high)


def percentile_ranks(
    count: int, share: float, confidence: float = DEFAULT_CONFIDENCE
) -> tuple[int, int]:
    """Which of `count` sorted values (from 0) hold the percentile between them.

    By the normal approximation of the binomial number of values below it.
    """
    z = deviations(confidence)
    spread = z * math.sqrt(count * share * (1.0 - share))
    low = math.floor(count * share - spread)
    high = math.ceil(count * share + spread)
    return max(low, 0), min(high, count - 1)
