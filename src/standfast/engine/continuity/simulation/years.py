"""Many years lived through: downtime, breaches and losses of every function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from standfast.engine.continuity.simulation.arrivals import Span, arrivals
from standfast.engine.continuity.simulation.curves import Spread, exceedance, lost, spread
from standfast.engine.continuity.simulation.exposure import (
    HOURS_A_YEAR,
    Duration,
    Exposure,
    Watch,
)
from standfast.engine.continuity.simulation.intervals import DEFAULT_CONFIDENCE
from standfast.engine.continuity.simulation.kernels import KernelName, kernel
from standfast.engine.continuity.simulation.programme import Integers, Numbers, programme
from standfast.engine.continuity.simulation.repairs import outages
from standfast.engine.continuity.simulation.timeline import Downs, downs

# So many years in a row, between a warm-up and a time to finish what has begun.
STRETCH_YEARS = 10
# At a time: enough to keep the kernels busy, little enough to keep to a budget.
BATCH_CHANGES = 200_000
MOST_WARM_UP = HOURS_A_YEAR


@dataclass(frozen=True, slots=True)
class Lived:
    """One top over the years; `downtime` in hours, `outages` and breaches counted a year.

    `triggers`: hours of downtime a year by the leaf whose failure began the outage, most first.
    """

    name: str
    downtime: Spread
    loss: Spread
    outages: float
    rto_breaches: float
    mtpd_breaches: float
    longest: float
    triggers: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Years:
    """What came out of so many years; `curve` is (loss, share of years that lose more)."""

    tops: Mapping[str, Lived]
    loss: Spread
    curve: tuple[tuple[float, float], ...]
    years: int
    seed: int
    confidence: float
    stopped: str


@dataclass(frozen=True, slots=True)
class Budget:
    """So many years at most, and so many seconds by `clock`, when one is given."""

    years: int = 10_000
    seconds: float | None = None
    clock: Callable[[], float] | None = None


DEFAULT_BUDGET = Budget()


def live_through(
    exposure: Exposure,
    *,
    seed: int,
    budget: Budget = DEFAULT_BUDGET,
    confidence: float = DEFAULT_CONFIDENCE,
    kernel_name: KernelName | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Years:
    """Live through years of failures, shocks and repairs.

    An outage belongs to the year in which it began, with its whole length. Years come ten in a row,
    after a warm-up, so that they begin with what is still broken from before. The result depends on
    the seed and on where it stopped only.
    """
    clock = budget.clock or (lambda: 0.0)
    begun = clock()
    warm = _warm_up(exposure)
    wanted = -(-max(budget.years, 1) // STRETCH_YEARS)
    batch = _batch(exposure, warm)
    prog = programme(exposure.graph)
    changes = _expected_changes(exposure, warm) * wanted
    work = kernel(kernel_name, states=int(changes * len(exposure.graph)))
    tallies = {name: _Tally(exposure.watches.get(name, Watch())) for name in exposure.graph.tops}
    done, stopped = 0, "years"
    while done < wanted:
        size = min(batch, wanted - done)
        draw = np.random.default_rng(np.random.SeedSequence([seed % 2**64, done]))
        span = Span(size, -warm, STRETCH_YEARS * HOURS_A_YEAR + warm)
        broken = outages(exposure, arrivals(exposure, span, draw), size)
        for name, found in downs(exposure.graph, prog, broken, work).items():
            tallies[name].add(found, size)
        done += size
        if progress is not None:
            progress(done * STRETCH_YEARS, wanted * STRETCH_YEARS)
        if budget.seconds is not None and done < wanted and clock() - begun >= budget.seconds:
            stopped = "budget"
            break
    names = [leaf.name for leaf in exposure.graph.leaves]
    total = sum((tally.loss() for tally in tallies.values()), np.zeros(done * STRETCH_YEARS))
    return Years(
        {name: tally.lived(name, names, confidence) for name, tally in tallies.items()},
        spread(total, confidence=confidence),
        exceedance(total),
        done * STRETCH_YEARS,
        seed,
        confidence,
        stopped,
    )


def _durations(exposure: Exposure) -> list[tuple[float, Duration]]:
    """How often something happens, and how long it takes."""
    own = [
        (leaf.frequency or 0.0, duration)
        for number, leaf in enumerate(exposure.graph.leaves)
        if (duration := exposure.duration(number)) is not None
    ]
    return own + [
        (shock.frequency * hit.probability, hit.duration)
        for shock in exposure.shocks
        for hit in shock.hits
    ]


def _warm_up(exposure: Exposure) -> float:
    longest = max((duration.mean for _, duration in _durations(exposure)), default=0.0)
    return min(6.0 * longest, MOST_WARM_UP)


def _expected_changes(exposure: Exposure, warm: float) -> float:
    """How often some leaf fails or is back in one stretch of years."""
    years = STRETCH_YEARS + 2.0 * warm / HOURS_A_YEAR
    return 1.0 + 2.0 * years * sum(frequency for frequency, _ in _durations(exposure))


def _batch(exposure: Exposure, warm: float) -> int:
    return max(1, min(1000, int(BATCH_CHANGES / _expected_changes(exposure, warm))))


def _by_year(slot: Integers, values: Numbers, years: int) -> Numbers:
    totals: Numbers = np.bincount(slot, values, years).astype(np.float64)
    return totals


def _longer(hours: Numbers, most: float | None) -> int:
    return 0 if most is None else int((hours > most).sum())


class _Tally:
    """Adds up the outages of one top, year by year."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.hours: list[Numbers] = []
        self.losses: list[Numbers] = []
        self.outages = self.rto_breaches = self.mtpd_breaches = 0
        self.longest = 0.0
        self.triggers: dict[int, float] = {}

    def add(self, found: Downs, stretches: int) -> None:
        year = np.floor(found.begin / HOURS_A_YEAR).astype(np.int64)
        inside = (year >= 0) & (year < STRETCH_YEARS)
        slot = (found.stretch * STRETCH_YEARS + year)[inside]
        hours = (found.end - found.begin)[inside]
        years = stretches * STRETCH_YEARS
        self.hours.append(_by_year(slot, hours, years))
        self.losses.append(_by_year(slot, lost(hours, self.watch.loss), years))
        self.outages += len(hours)
        self.longest = max(self.longest, float(hours.max(initial=0.0)))
        self.rto_breaches += _longer(hours, self.watch.rto)
        self.mtpd_breaches += _longer(hours, self.watch.mtpd)
        shares = np.bincount(found.trigger[inside], hours)
        for leaf in np.flatnonzero(shares).tolist():
            self.triggers[leaf] = self.triggers.get(leaf, 0.0) + float(shares[leaf])

    def loss(self) -> Numbers:
        return np.concatenate(self.losses)

    def lived(self, name: str, leaves: list[str], confidence: float) -> Lived:
        hours = np.concatenate(self.hours)
        years = len(hours)
        triggers = sorted(self.triggers.items(), key=lambda found: (-found[1], found[0]))
        return Lived(
            name,
            spread(hours, confidence=confidence),
            spread(self.loss(), confidence=confidence),
            self.outages / years,
            self.rto_breaches / years,
            self.mtpd_breaches / years,
            self.longest,
            tuple((leaves[leaf], total / years) for leaf, total in triggers),
        )
