"""Exact downtime curves: the probability that a function is still down after t hours.

A leaf that went down is down after t hours with the tail of its restoration. With “all needed” a
function is back when the last is back (the maximum of times), with “any” when the first is (the
minimum), with k of n at the order statistic: in each case “still down after t” is the very same
Boolean function, asked of “leaf still down after t”. So each point of the curve is one walk over
the diagrams, exactly, for one disruption at time 0 whose causes are leaves of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from standfast.engine.continuity.diagrams.solving import Solved
from standfast.engine.continuity.gates import Leaf
from standfast.engine.continuity.probability.bounds import bounded
from standfast.engine.continuity.probability.tails import Exponential, Fixed, Remaining, Tail


@dataclass(frozen=True, slots=True)
class Hit:
    """What a disruption does to a leaf: `chance` that it goes down, and how long it then stays."""

    chance: float
    tail: Tail

    def still_down(self, hours: float) -> float:
        """The probability of being down after so many hours."""
        return self.chance * self.tail(hours)


@dataclass(frozen=True, slots=True)
class Mark:
    """A limit on the curve, such as an RTO: the probability that the function is down longer."""

    name: str
    hours: float
    breached: float


@dataclass(frozen=True, slots=True)
class DowntimeCurve:
    """P(down longer than `hours[i]`) = `probabilities[i]` after a disruption at time 0.

    `expected_hours` is the area below the curve: mean hours down per disruption, those without
    any downtime counted too. what lies beyond its end is left out.
    """

    hours: tuple[float, ...]
    probabilities: tuple[float, ...]
    marks: tuple[Mark, ...]

    @property
    def expected_hours(self) -> float:
        """The mean hours down within the span of the curve."""
        pairs = zip(pairwise(self.hours), pairwise(self.probabilities), strict=True)
        return sum((end - begin) * (first + last) / 2 for (begin, end), (first, last) in pairs)

    @property
    def beyond(self) -> float:
        """The probability of being down longer than the whole span."""
        return self.probabilities[-1]


def downtime_curve(
    solved: Solved,
    hits: Sequence[Hit],
    *,
    until: float,
    points: int = 201,
    limits: Mapping[str, float] | None = None,
) -> DowntimeCurve:
    """The curve from 0 to `until` hours; `hits[i]` is what happens to leaf i.

    `limits` (name to hours, such as RTO and MTPD) are marked. Points stand closer at the
    beginning, where curves are steep. Raises ValueError when the functions are not exact.
    """
    if not until > 0 or points < 2:
        raise ValueError("a curve needs at least 2 points over more than 0 hours")
    down_after = _down_after(solved, hits)
    hours = tuple(until * (step / (points - 1)) ** 2 for step in range(points))
    marks = tuple(Mark(name, limit, down_after(limit)) for name, limit in (limits or {}).items())
    return DowntimeCurve(hours, tuple(down_after(each) for each in hours), marks)


def _down_after(solved: Solved, hits: Sequence[Hit]) -> Callable[[float], float]:
    if not solved.exact:
        raise ValueError("a downtime curve needs exact functions")
    known: dict[float, float] = {}

    def down_after(hours: float) -> float:
        if hours not in known:
            known[hours] = bounded(solved, [hit.still_down(hours) for hit in hits]).lower
        return known[hours]

    return down_after


def hits_of(
    leaves: Sequence[Leaf],
    *,
    down: Mapping[int, float] | None = None,
    tails: Mapping[int, Tail] | None = None,
    chances: Mapping[int, float] | None = None,
) -> list[Hit]:
    """What happens to each leaf, from what the model knows.

    A leaf is hit with its unavailability and restored exponentially with its mean repair time (at
    once when neither is known). `tails` and `chances` replace that by leaf number. `down` maps
    leaves that are down now to the hours since: they are surely down, for what remains.
    """
    found = []
    for number, leaf in enumerate(leaves):
        tail = (tails or {}).get(number) or _tail(leaf)
        chance = (chances or {}).get(number, leaf.unavailability or 0.0)
        if down and number in down:
            found.append(Hit(1.0, Remaining(tail, down[number])))
        else:
            found.append(Hit(chance, tail))
    return found


def _tail(leaf: Leaf) -> Tail:
    return Exponential(leaf.repair_hours) if leaf.repair_hours else Fixed(0.0)
