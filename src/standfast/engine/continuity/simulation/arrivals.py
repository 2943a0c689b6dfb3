"""When leaves fail: failures of their own, and shocks that hit several at once.

Failures arrive at random over the whole time (a Poisson process); those that fall into an outage
of the same leaf are dropped, which is the same as a time to failure that is exponential while up.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from standfast.engine.continuity.simulation.exposure import (
    HOURS_A_YEAR,
    Duration,
    Exposure,
    Shape,
    Shock,
)
from standfast.engine.continuity.simulation.programme import Integers, Numbers

SHAPES = (Shape.FIXED, Shape.EXPONENTIAL, Shape.LOGNORMAL)


class Arrivals(NamedTuple):
    """Failures: in which stretch of years, of which leaf, when, and how long a repair works on it.

    `shock` is the number of the shock that caused it, -1 for a failure of its own.
    """

    stretch: Integers
    leaf: Integers
    begin: Numbers
    work: Numbers
    shock: Integers

    def picked(self, which: Integers | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Arrivals:
        """Only these, in this order."""
        return Arrivals(
            self.stretch[which],
            self.leaf[which],
            self.begin[which],
            self.work[which],
            self.shock[which],
        )


class Span(NamedTuple):
    """So many stretches of time from `begin` to `end`, in hours."""

    stretches: int
    begin: float
    end: float

    def moments(self, draw: np.random.Generator, count: int) -> tuple[Integers, Numbers]:
        """Draw moments spread evenly over all of it."""
        return (
            draw.integers(0, self.stretches, count),
            draw.uniform(self.begin, self.end, count),
        )

    def expected(self, frequency: float) -> float:
        """How often something happens in all of it."""
        return frequency * self.stretches * (self.end - self.begin) / HOURS_A_YEAR


def arrivals(exposure: Exposure, span: Span, draw: np.random.Generator) -> Arrivals:
    """Draw everything that happens in the span, in no order."""
    parts = [_own(exposure, span, draw)]
    for number, shock in enumerate(exposure.shocks):
        parts += _shock(number, shock, span, draw)
    return Arrivals(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _own(exposure: Exposure, span: Span, draw: np.random.Generator) -> Arrivals:
    """Failures of their own, of all leaves at once."""
    failing = [
        (number, leaf.frequency or 0.0, duration)
        for number, leaf in enumerate(exposure.graph.leaves)
        if (duration := exposure.duration(number)) is not None
    ]
    expected = [span.expected(frequency) for _, frequency, _ in failing]
    counts = draw.poisson(np.array(expected, dtype=np.float64)).astype(np.int64)
    owner = np.repeat(np.arange(len(failing)), counts)
    stretch, begin = span.moments(draw, len(owner))
    mean = np.array([duration.mean for _, _, duration in failing])[owner]
    sigma = np.array([duration.sigma for _, _, duration in failing])[owner]
    shapes = [SHAPES.index(duration.shape) for _, _, duration in failing]
    shape = np.array(shapes, dtype=np.int64)[owner]
    work = mean * np.choose(
        shape,
        [
            np.ones(len(owner)),
            draw.standard_exponential(len(owner)),
            np.exp(sigma * draw.standard_normal(len(owner)) - sigma * sigma / 2.0),
        ],
    )
    leaf = np.array([number for number, _, _ in failing], dtype=np.int64)[owner]
    return Arrivals(stretch, leaf, begin, work, np.full(len(owner), -1))


def _shock(number: int, shock: Shock, span: Span, draw: np.random.Generator) -> list[Arrivals]:
    count = int(draw.poisson(span.expected(shock.frequency)))
    stretch, begin = span.moments(draw, count)
    together = draw.standard_normal(count) * math.sqrt(shock.correlation)
    parts = []
    for hit in shock.hits:
        apart = draw.standard_normal(count) * math.sqrt(1.0 - shock.correlation)
        work = _hours(hit.duration, together + apart)
        touched = draw.random(count) < hit.probability
        every = Arrivals(
            stretch, np.full(count, hit.leaf), begin + hit.delay, work, np.full(count, number)
        )
        parts.append(every.picked(touched))
    return parts


def _hours(duration: Duration, normal: Numbers) -> Numbers:
    """Turn standard normal numbers into durations of this shape, larger into longer."""
    match duration.shape:
        case Shape.FIXED:
            return np.full(len(normal), duration.mean)
        case Shape.LOGNORMAL:
            sigma = duration.sigma
            hours: Numbers = duration.mean * np.exp(sigma * normal - sigma * sigma / 2.0)
            return hours
        case Shape.EXPONENTIAL:
            half = math.sqrt(0.5)
            above = [0.5 * math.erfc(value * half) for value in normal.tolist()]
            return -duration.mean * np.log(np.array(above, dtype=np.float64))


def without_overlaps(found: Arrivals) -> Arrivals:
    """Drop failures of their own that come while the same leaf is down by itself.

    The result is sorted by stretch, leaf and time.
    """
    found = found.picked(np.lexsort((found.begin, found.leaf, found.stretch)))
    if not len(found.begin):
        return found
    same = (np.diff(found.stretch) == 0) & (np.diff(found.leaf) == 0)
    end = found.begin + found.work
    doubtful = np.flatnonzero(same & (found.begin[1:] < end[:-1])) + 1
    keep = np.ones(len(end), dtype=bool)
    seen = -1
    for first in doubtful.tolist():
        if first <= seen:
            continue
        # From the first overlap to the last failure of this leaf in this stretch.
        place, until = first, end[first - 1]
        while place < len(end) and same[place - 1]:
            if found.begin[place] < until:
                keep[place] = False
            else:
                until = end[place]
            place += 1
        seen = place - 1
    return found.picked(keep)
