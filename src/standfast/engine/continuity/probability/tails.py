"""How long a restoration takes: the probability that it is not done after t hours.

These are the tails R(t) = P(restoration takes longer than t) that downtime curves are made of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import erfc, exp, log, sqrt

Tail = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Exponential:
    """Restoration with a constant rate: many independent causes, some short, a few long."""

    mean_hours: float

    def __post_init__(self) -> None:
        _positive("mean_hours", self.mean_hours)

    def __call__(self, hours: float) -> float:
        """The probability that it takes longer than this."""
        return 1.0 if hours <= 0 else exp(-hours / self.mean_hours)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Restoration that takes exactly so long."""

    hours: float

    def __post_init__(self) -> None:
        if not self.hours >= 0:
            raise ValueError(f"hours must be 0 or more, not {self.hours:g}")

    def __call__(self, hours: float) -> float:
        """The probability that it takes longer than this."""
        return 1.0 if hours < self.hours else 0.0


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Restoration as it is often measured: half done after the median, a long tail.

    `spread` is the factor between the median and the 95 % point.
    """

    median_hours: float
    spread: float

    def __post_init__(self) -> None:
        _positive("median_hours", self.median_hours)
        if not self.spread > 1:
            raise ValueError(f"spread must be more than 1, not {self.spread:g}")

    def __call__(self, hours: float) -> float:
        """The probability that it takes longer than this."""
        if hours <= 0:
            return 1.0
        deviation = log(self.spread) / 1.6448536269514722
        return 0.5 * erfc(log(hours / self.median_hours) / deviation / sqrt(2.0))


@dataclass(frozen=True, slots=True)
class Delayed:
    """A restoration that begins later, as when a fallback needs time to be activated."""

    tail: Tail
    delay_hours: float

    def __post_init__(self) -> None:
        if not self.delay_hours >= 0:
            raise ValueError(f"delay_hours must be 0 or more, not {self.delay_hours:g}")

    def __call__(self, hours: float) -> float:
        """The probability that it takes longer than this, the delay included."""
        return 1.0 if hours < self.delay_hours else self.tail(hours - self.delay_hours)


@dataclass(frozen=True, slots=True)
class Remaining:
    """A restoration that has been going on for a while already, and is not done."""

    tail: Tail
    elapsed_hours: float

    def __call__(self, hours: float) -> float:
        """The probability that it takes longer than this from now on."""
        begun = self.tail(self.elapsed_hours)
        if begun <= 0.0:  # longer than was thought possible: it may end at any moment
            return 1.0 if hours < 0 else 0.0
        return min(1.0, self.tail(self.elapsed_hours + max(hours, 0.0)) / begun)


def _positive(name: str, value: float) -> None:
    if not value > 0:
        raise ValueError(f"{name} must be more than 0, not {value:g}")
