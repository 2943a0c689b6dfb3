"""How often and how long a function is down, and what that costs, exactly from its solved diagram.

Unavailability is one pass over the diagram. How often it fails is the sum over leaves of how often
each fails while the rest is such that it matters (Birnbaum's importance), one pass back down.

Losses grow with the age of an outage. The time spent in outages older than a is, by symmetry, the
time spent in outages that last for another a; and that is the same diagram asked with every leaf's
probability of being down and staying so for a. So each step of a loss curve is one more pass. What
fails anew in the meantime is left out, which matters only where outages are long and frequent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from standfast.engine.continuity.diagrams.solving import Solved
from standfast.engine.continuity.gates import Leaf
from standfast.engine.continuity.probability.exact import derivatives, top_probability

HOURS_A_YEAR = 8766.0
# An element of which only the share of time down is known fails for so long at a time.
ASSUMED_HOURS = 4.0


@dataclass(frozen=True, slots=True)
class Downtime:
    """Unavailability (0..1), failures a year, and what the downtime of a year costs."""

    unavailability: float
    failures: float
    loss: float

    @property
    def hours(self) -> float:
        """Hours of downtime a year."""
        return self.unavailability * HOURS_A_YEAR

    @property
    def outage_hours(self) -> float:
        """Mean hours of one outage; 0 where there is none."""
        return self.hours / self.failures if self.failures > 0.0 else 0.0


class Wait(StrEnum):
    """How long a leaf stays down, seen from a random moment of an outage."""

    EXPONENTIAL = "exponential"  # a repair
    FIXED = "fixed"  # an event of known length
    ENDLESS = "endless"  # a condition that holds or does not


def failures_a_year(leaf: Leaf) -> float:
    """How often a leaf fails: its rate while it is up, in the part of time that it is up."""
    down = leaf.unavailability or 0.0
    if leaf.frequency is not None:
        return leaf.frequency * (1.0 - down)
    if not 0.0 < down < 1.0 or leaf.repair_hours == 0.0:
        return 0.0
    return down * HOURS_A_YEAR / (leaf.repair_hours or ASSUMED_HOURS)


def still_down(leaf: Leaf, wait: Wait, hours: float) -> float:
    """The probability that a leaf is down and stays so for so many hours."""
    down = leaf.unavailability or 0.0
    mean = ASSUMED_HOURS if leaf.repair_hours is None else leaf.repair_hours
    if hours == 0.0 or wait is Wait.ENDLESS:
        return down
    if mean <= 0.0:
        return 0.0
    if wait is Wait.FIXED:
        return down * max(0.0, 1.0 - hours / mean)
    return down * math.exp(-hours / mean)


def downtime(
    leaves: Sequence[Leaf],
    solved: Solved,
    *,
    waits: Sequence[Wait],
    steps: Sequence[tuple[float, float]] = (),
) -> Downtime:
    """Work it out for the top that was solved.

    `waits` says for each leaf how it comes back. `steps`: the loss (after so many hours of an
    outage, so much an hour). A leaf without an unavailability never fails.
    """
    both = list(zip(leaves, waits, strict=True))
    unavailability, slopes = derivatives(solved, [leaf.unavailability or 0.0 for leaf in leaves])
    failures = sum(
        slope * failures_a_year(leaf)
        for slope, (leaf, wait) in zip(slopes, both, strict=True)
        if wait is not Wait.ENDLESS
    )
    loss = before = 0.0
    for after, per_hour in sorted(steps):
        aged = top_probability(solved, [still_down(leaf, wait, after) for leaf, wait in both])
        loss += (per_hour - before) * aged * HOURS_A_YEAR
        before = per_hour
    return Downtime(unavailability, failures, loss)
