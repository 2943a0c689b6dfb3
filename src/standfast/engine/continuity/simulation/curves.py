"""What years of downtime and loss look like: means, percentiles, how often more is lost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from standfast.engine.continuity.simulation.intervals import (
    Interval,
    deviations,
    percentile_ranks,
)
from standfast.engine.continuity.simulation.programme import Numbers

SHARES = (0.5, 0.75, 0.9, 0.95, 0.99, 0.995)


class Percentile(NamedTuple):
    """In that share of years it is `value` or less; it lies inside `interval`, as sure as asked."""

    share: float
    value: float
    interval: Interval


class Spread(NamedTuple):
    """A quantity over the years."""

    mean: float
    mean_interval: Interval
    percentiles: tuple[Percentile, ...]


def spread(values: Numbers, *, confidence: float, shares: Sequence[float] = SHARES) -> Spread:
    """Sum up one value a year."""
    count = len(values)
    mean = float(values.mean())
    margin = deviations(confidence) * float(values.std(ddof=1 if count > 1 else 0))
    margin /= math.sqrt(count)
    ordered = np.sort(values)
    percentiles = []
    for share in shares:
        low, high = percentile_ranks(count, share, confidence)
        middle = min(max(math.ceil(count * share) - 1, 0), count - 1)
        interval = Interval(float(ordered[low]), float(ordered[high]))
        percentiles.append(Percentile(share, float(ordered[middle]), interval))
    return Spread(mean, Interval(max(0.0, mean - margin), mean + margin), tuple(percentiles))


def exceedance(values: Numbers, *, points: int = 200) -> tuple[tuple[float, float], ...]:
    """Return (loss, share of years with more than that), from 0 to the worst, thinned out."""
    ordered, counts = np.unique(values, return_counts=True)
    above = 1.0 - np.cumsum(counts) / len(values)
    above[-1] = 0.0
    if len(ordered) > points:
        # Evenly in the logarithm of the share, so that the rare end keeps its shape.
        wanted = np.geomspace(1.0, 1.0 / len(values), points - 1)
        chosen = np.searchsorted(-above, -wanted)
        chosen = np.unique(np.append(chosen, len(ordered) - 1))
        ordered, above = ordered[chosen], above[chosen]
    curve = list(zip(ordered.tolist(), above.tolist(), strict=True))
    if curve[0][0] > 0.0:
        curve.insert(0, (0.0, float((values > 0.0).mean())))
    return tuple(curve)


def lost(hours: Numbers, steps: Sequence[tuple[float, float]]) -> Numbers:
    """What outages of so many hours cost, by steps (after so many hours, so much an hour)."""
    total = np.zeros(len(hours))
    ordered = sorted(steps)
    for number, (after, per_hour) in enumerate(ordered):
        until = ordered[number + 1][0] if number + 1 < len(ordered) else math.inf
        total += per_hour * np.clip(hours - after, 0.0, until - after)
    return total
