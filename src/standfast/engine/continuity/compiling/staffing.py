"""Too few people as a formula: for each choice of crowded spots, one weighted threshold.

The count of able people is the least of a few sums (see `workforce.counting`), so too few can work
when one of the sums is too small. In each, what fails has a weight: the people or seats lost by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from standfast.engine.continuity.compiling.failing import ElementKey, Failing, StaffKey
from standfast.engine.continuity.compiling.formula import ALWAYS
from standfast.engine.continuity.model.events import Aspect
from standfast.engine.continuity.workforce import HEAD, UNIT, Cohort, Spot, part

Weighted = tuple[int, int]  # a formula and what is lost when it fails


def too_few(failing: Failing, key: StaffKey) -> int:
    """The formula that fails when fewer people than the key says can work."""
    plan = failing.workforce.plan(key.group, key.using)
    spots = {spot.location: spot for spot in plan.spots}
    crowded = [spot for spot in plan.spots if spot.limited]
    sums = []
    for size in range(len(crowded) + 1):
        for chosen in combinations(crowded, size):
            names = {spot.location for spot in chosen}
            parts: list[Weighted] = []
            for spot in chosen:
                parts.extend(_seats(failing, spot, key.people))
            for cohort in plan.cohorts:
                where = [spots[name] for name in cohort.locations if name not in names]
                parts.extend(_people(failing, key.group, cohort, where))
            most = sum(weight for _, weight in parts)
            sums.append(failing.formulas.at_least(most - key.people + 1, parts))
    return failing.formulas.any(sums)


def _seats(failing: Failing, spot: Spot, enough: int) -> Iterator[Weighted]:
    """What is lost of the seats at a spot when its paths give less.

    A path without limit gives enough by itself.
    """
    for use in spot.paths or ():
        needs = failing.organisation.paths[use.path].needs
        if use.seats is None:
            yield failing.need(needs, 1), enough
            continue
        levels = sorted(failing.levels(needs) | {UNIT})
        before = 0
        for level in levels:
            seats = part(use.seats * HEAD, level)
            if seats > before:
                yield failing.need(needs, level), seats - before
            before = seats


def _people(failing: Failing, group: str, cohort: Cohort, where: list[Spot]) -> Iterator[Weighted]:
    """What is lost of a cohort when fewer of it can be at any of these spots."""
    people = cohort.heads * HEAD
    health = (group, Aspect.WHOLE)
    if not cohort.locations:
        choices = [_Choice(failing, people, [health], [failing.leaf(group)])]
    else:
        choices = [_at(failing, people, group, spot) for spot in where]
    levels = sorted({level for choice in choices for level in choice.levels})
    before = 0
    for level in levels:
        fewer = failing.formulas.all([choice.fewer_than(level) for choice in choices])
        yield fewer, level - before
        before = level


def _at(failing: Failing, people: int, group: str, spot: Spot) -> _Choice:
    targets = [
        (group, Aspect.WHOLE),
        (spot.location, Aspect.WHOLE),
        *failing.entry_targets(spot.location),
    ]
    closed = [failing.leaf(group), failing.refer(ElementKey(spot.location, 1))]
    if spot.paths is not None and not spot.limited:
        paths = (failing.organisation.paths[use.path].needs for use in spot.paths)
        closed.append(failing.formulas.all([failing.need(needs, 1) for needs in paths]))
    return _Choice(failing, people, targets, closed)


class _Choice:
    """How many of some people can be at one spot, and when it is fewer."""

    def __init__(
        self,
        failing: Failing,
        people: int,
        targets: list[tuple[str, Aspect]],
        closed: Iterable[int],
    ) -> None:
        self._failing, self._targets = failing, targets
        self._closed = list(closed)
        # The largest loss at which there are still so many people.
        self._losses: dict[int, int] = {}
        self._steps = failing.losses.levels(targets)
        for lost in self._steps:
            count = part(people, UNIT - lost)
            if count:
                self._losses[count] = lost

    @property
    def levels(self) -> Iterable[int]:
        """The numbers of people that there can be."""
        return self._losses

    def fewer_than(self, level: int) -> int:
        """The formula that fails when fewer people can be there."""
        bearable = [lost for count, lost in self._losses.items() if count >= level]
        if not bearable:
            return ALWAYS
        lost = self._failing.losses.fails(self._targets, max(bearable) + 1)
        return self._failing.formulas.any([*self._closed, lost])
