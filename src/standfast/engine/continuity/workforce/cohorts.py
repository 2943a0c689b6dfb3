"""People of a group split into cohorts: same normal place, same places to go instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from standfast.engine.continuity.model.amounts import Amount, whole_part
from standfast.engine.continuity.model.elements import Group


@dataclass(frozen=True, slots=True)
class Cohort:
    """So many people who can work at any of these locations, the normal one first.

    Without any location they can work wherever they are.
    """

    heads: int
    locations: tuple[str, ...]


def cohorts_of(group: Group) -> tuple[Cohort, ...]:
    """Split a group. Nobody is lost: heads add up to the group's.

    Shares of people who can work elsewhere are taken at each normal place, rounded down; they
    overlap as far as possible: who can work from the rarer place can work from the commoner one.
    """
    bases = _bases(group)
    cohorts: list[Cohort] = []
    for location, heads in bases:
        cohorts.extend(_split(group, location, heads))
    return tuple(cohort for cohort in cohorts if cohort.heads)


def _bases(group: Group) -> list[tuple[str, int]]:
    wanted = [_wish(place.heads, group.heads) for place in group.places]
    placed = shared(min(group.heads, round(sum(wanted))), wanted)
    bases = [(place.location, heads) for place, heads in zip(group.places, placed, strict=True)]
    rest = group.heads - sum(placed)
    return [*bases, ("", rest)] if rest else bases


def _wish(amount: Amount, whole: int) -> float:
    return amount.count if amount.count is not None else whole * (amount.share or 0)


def _split(group: Group, base: str, heads: int) -> list[Cohort]:
    """Cut the people of one place where fewer of them can go to one of the other locations."""
    reach = [
        (place.location, _equipped(place.heads, group.heads, heads))
        for place in group.elsewhere
        if place.location != base
    ]
    first = (base,) if base else ()
    if not base:
        return [Cohort(heads, ())]
    cuts = sorted({0, heads, *(count for _, count in reach)})
    return [
        Cohort(upper - lower, first + tuple(name for name, count in reach if count >= upper))
        for lower, upper in pairwise(cuts)
    ]


def _equipped(amount: Amount, whole: int, here: int) -> int:
    """How many of the people at one place: a number for the group is spread in proportion."""
    if amount.share is not None:
        return amount.available(here)
    return min(here, whole_part((amount.count or 0) * here / whole)) if whole else 0


def shared(total: int, weights: Sequence[float]) -> list[int]:
    """Share out whole things in proportion, the largest remainders rounded up first."""
    whole = sum(weights)
    if whole <= 0:
        return [0 for _ in weights]
    exact = [total * weight / whole for weight in weights]
    given = [whole_part(each) for each in exact]
    order = sorted(range(len(exact)), key=lambda place: (given[place] - exact[place], place))
    for place in order[: total - sum(given)]:
        given[place] += 1
    return given
