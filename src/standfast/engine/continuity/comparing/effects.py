"""What a change of the model does: single points, cut sets, downtime and gaps by function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from standfast.engine.continuity.checks.every import check_model
from standfast.engine.continuity.checks.finding import Finding
from standfast.engine.continuity.diagrams.budget import UNLIMITED, Budget
from standfast.engine.continuity.gates import Area
from standfast.engine.continuity.mitigation.worth import State, Worth
from standfast.engine.continuity.model import Organisation

Region = frozenset[Area]
# Smaller differences are rounding.
NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class FunctionEffect:
    """One function in both versions; None where it is not in one of them."""

    name: str
    before: State | None
    after: State | None

    @property
    def points_gone(self) -> tuple[str, ...]:
        """Single points of failure that are none any more."""
        return _without(self.before, self.after)

    @property
    def points_new(self) -> tuple[str, ...]:
        """Single points of failure that were none before."""
        return _without(self.after, self.before)

    @property
    def hours(self) -> tuple[float, float]:
        """Hours of downtime a year, before and after."""
        return _hours(self.before), _hours(self.after)

    @property
    def regions(self) -> Mapping[Region, tuple[int, int]]:
        """Cut sets by region before and after, where their number changed."""
        before = self.before.by_region if self.before else {}
        after = self.after.by_region if self.after else {}
        return {
            region: (before.get(region, 0), after.get(region, 0))
            for region in dict.fromkeys([*before, *after])
            if before.get(region, 0) != after.get(region, 0)
        }

    @property
    def changed(self) -> bool:
        """Whether anything is different."""
        before, after = self.hours
        return (
            (self.before is None) != (self.after is None)
            or abs(before - after) > NOTHING
            or bool(self.regions or self.points_gone or self.points_new)
        )


@dataclass(frozen=True, slots=True)
class Effects:
    """All functions of either version, and the findings that are gone or new."""

    functions: tuple[FunctionEffect, ...]
    findings_gone: tuple[Finding, ...]
    findings_new: tuple[Finding, ...]

    @property
    def worse(self) -> tuple[FunctionEffect, ...]:
        """The functions with a new single point of failure."""
        return tuple(
            effect for effect in self.functions if effect.before is not None and effect.points_new
        )


def effects(before: Organisation, after: Organisation, *, budget: Budget = UNLIMITED) -> Effects:
    """Ask both versions everything, with the policies that each has in place.

    Raises BudgetSpent when a function is too hard for the budget.
    """
    old, new = Worth(before, (), budget=budget), Worth(after, (), budget=budget)
    names = dict.fromkeys([*before.functions, *after.functions])
    found = tuple(
        FunctionEffect(
            name,
            old.state(name) if name in before.functions else None,
            new.state(name) if name in after.functions else None,
        )
        for name in names
    )
    said_before, said_after = check_model(before), check_model(after)
    return Effects(found, _left(said_before, said_after), _left(said_after, said_before))


def _left(findings: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that are not among the others, by what they are about."""
    known = {(found.rule, found.place, str(found.sentence)) for found in others}
    return tuple(
        found for found in findings if (found.rule, found.place, str(found.sentence)) not in known
    )


def _without(one: State | None, other: State | None) -> tuple[str, ...]:
    if one is None:
        return ()
    known = set(other.single_points) if other else set()
    return tuple(name for name in one.single_points if name not in known)


def _hours(state: State | None) -> float:
    return state.downtime.hours if state else 0.0
