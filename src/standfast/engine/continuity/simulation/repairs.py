"""When leaves are back: at once after the work on them, or when a crew gets round to it.

A crew works first come first served on so many repairs at a time and only while on duty. Waiting is
counted in hours on duty, so that a roster is a change of clock and not another queue. All stretches
of years are walked side by side, one arrival of each at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from standfast.engine.continuity.simulation.arrivals import Arrivals, without_overlaps
from standfast.engine.continuity.simulation.exposure import (
    HOURS_A_WEEK,
    Crew,
    Exposure,
    Roster,
)
from standfast.engine.continuity.simulation.programme import Integers, Numbers


class Outages(NamedTuple):
    """A leaf is down from `begin` to `end` in this stretch of years."""

    stretch: Integers
    leaf: Integers
    begin: Numbers
    end: Numbers

    def picked(self, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Outages:
        """Only these."""
        return Outages(self.stretch[which], self.leaf[which], self.begin[which], self.end[which])


def outages(exposure: Exposure, found: Arrivals, stretches: int) -> Outages:
    """Return when every leaf is down; outages of one leaf may overlap where shocks hit it."""
    crew_of = np.full(len(exposure.graph.leaves), -1)
    for number, crew in enumerate(exposure.crews):
        crew_of[list(crew.leaves)] = number
    free = found.picked(crew_of[found.leaf] < 0)
    own = without_overlaps(free.picked(free.shock < 0))
    parts = [_outages(part, part.begin + part.work) for part in (own, free.picked(free.shock >= 0))]
    for number, crew in enumerate(exposure.crews):
        parts.append(_repaired(crew, found.picked(crew_of[found.leaf] == number), stretches))
    return Outages(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _outages(found: Arrivals, end: Numbers) -> Outages:
    return Outages(found.stretch, found.leaf, found.begin, end)


def _repaired(crew: Crew, found: Arrivals, stretches: int) -> Outages:
    """Queue what arrives; what fails while it is down already waits there already."""
    found = found.picked(np.lexsort((found.begin, found.stretch)))
    count = len(found.begin)
    per = np.bincount(found.stretch, minlength=stretches)
    place = np.arange(count) - np.repeat(np.cumsum(per) - per, per)
    order = np.full((stretches, int(per.max(initial=0))), -1)
    order[found.stretch, place] = np.arange(count)

    numbers = {leaf: number for number, leaf in enumerate(sorted(crew.leaves))}
    own = np.array([numbers[leaf] for leaf in found.leaf.tolist()], dtype=np.int64)
    down_until = np.full((stretches, len(numbers)), -np.inf)
    available = np.full((stretches, crew.size), -np.inf)
    clock = DutyClock(crew.roster)
    duty = clock.duty(found.begin)
    end = np.full(count, -np.inf)
    for column in order.T:
        row = np.flatnonzero(column >= 0)
        item = column[row]
        fresh = found.begin[item] >= down_until[row, own[item]]
        row, item = row[fresh], item[fresh]
        member = available[row].argmin(axis=1)
        done = np.maximum(available[row, member], duty[item]) + found.work[item]
        available[row, member] = done
        end[item] = np.maximum(clock.calendar(done), found.begin[item])
        down_until[row, own[item]] = end[item]
    kept = found.picked(end > -np.inf)
    return _outages(kept, end[end > -np.inf])


class DutyClock:
    """Hours on duty since hour 0, and back; without a roster both are the calendar's."""

    def __init__(self, roster: Roster | None) -> None:
        spans = roster.spans if roster else ((0.0, HOURS_A_WEEK),)
        edges = np.array([edge for span in spans for edge in span])
        lengths = np.array([end - begin for begin, end in spans])
        self.edges = edges
        self.done = np.repeat(np.cumsum(lengths), 2)
        self.done[::2] -= lengths
        self.week = float(lengths.sum())

    def duty(self, hours: Numbers) -> Numbers:
        """Hours on duty up to these moments."""
        weeks = np.floor(hours / HOURS_A_WEEK)
        inside: Numbers = np.interp(hours - weeks * HOURS_A_WEEK, self.edges, self.done)
        return weeks * self.week + inside

    def calendar(self, duty: Numbers) -> Numbers:
        """The first moments at which so many hours on duty have passed."""
        weeks = np.ceil(duty / self.week) - 1.0
        inside = duty - weeks * self.week
        place = np.maximum(np.searchsorted(self.done[1::2], inside, side="left"), 0)
        place = np.minimum(place, len(self.done) // 2 - 1)
        moments: Numbers = (
            weeks * HOURS_A_WEEK + self.edges[1::2][place] - (self.done[1::2][place] - inside)
        )
        return moments
