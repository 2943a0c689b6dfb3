"""Policies applied: the organisation as it would be with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from standfast.engine.continuity.model.amounts import Amount
from standfast.engine.continuity.model.elements import Group, Location, Party, Place, System
from standfast.engine.continuity.model.organisation import Organisation
from standfast.engine.continuity.model.policies import (
    AddFallback,
    Change,
    Improve,
    MoreHeads,
    MoreSeats,
    Shield,
    WorkElsewhere,
)
from standfast.engine.continuity.model.requirements import Fallbacks, Step


def in_place(organisation: Organisation) -> frozenset[str]:
    """The names of the policies that are done already."""
    return frozenset(name for name, policy in organisation.policies.items() if policy.in_place)


def with_policies(
    organisation: Organisation, policies: Iterable[str] | None = None
) -> Organisation:
    """Return the organisation with the changes of these policies (None: those in place) made.

    The result has no policies left, so that nothing is applied twice. Raises KeyError for a policy
    that does not exist.
    """
    chosen = in_place(organisation) if policies is None else set(policies)
    unknown = sorted(chosen - organisation.policies.keys())
    if unknown:
        raise KeyError(f"there is no policy “{unknown[0]}”")
    tables: dict[str, dict[str, Any]] = {
        table: dict(getattr(organisation, table))
        for table in ("groups", "locations", "systems", "paths", "parties", "functions", "events")
    }
    for name, policy in organisation.policies.items():  # in the order of the document
        if name in chosen:
            for change in policy.changes:
                _make(change, tables)
    changed: Any = {"policies": {}, **tables}
    return replace(organisation, **changed)


def _make(change: Change, tables: dict[str, dict[str, Any]]) -> None:
    match change:
        case WorkElsewhere(group, location, heads):
            tables["groups"][group] = _can_work_at(tables["groups"][group], location, heads)
        case MoreHeads(group, heads):
            tables["groups"][group] = _with_heads(tables["groups"][group], heads)
        case MoreSeats(path, seats):
            found = tables["paths"][path]
            if found.seats is not None:  # a path without a limit has enough already
                tables["paths"][path] = replace(found, seats=found.seats + seats)
        case AddFallback(element, step):
            table = _table_of(element, tables)
            table[element] = replace(table[element], needs=_with_step(table[element], step))
        case Shield(event, element):
            found = tables["events"][event]
            left = tuple(effect for effect in found.effects if effect.target != element)
            tables["events"][event] = replace(found, effects=left)
        case Improve():
            table = _table_of(change.element, tables)
            table[change.element] = _improved(table[change.element], change)


def _table_of(element: str, tables: dict[str, dict[str, Any]]) -> dict[str, Any]:
    for table in ("groups", "locations", "systems", "parties", "functions"):
        if element in tables[table]:
            return tables[table]
    raise KeyError(f"there is no element “{element}”")


def _can_work_at(group: Group, location: str, heads: Amount) -> Group:
    for number, place in enumerate(group.elsewhere):
        if place.location == location:
            more = Place(location, _sum(place.heads, heads, group.heads))
            elsewhere = (*group.elsewhere[:number], more, *group.elsewhere[number + 1 :])
            return replace(group, elsewhere=elsewhere)
    return replace(group, elsewhere=(*group.elsewhere, Place(location, heads)))


def _sum(one: Amount, other: Amount, whole: int) -> Amount:
    if one.share is not None and other.share is not None:
        return Amount(share=min(1.0, one.share + other.share))
    return Amount(count=min(whole, one.available(whole) + other.available(whole)))


def _with_heads(group: Group, heads: int) -> Group:
    """Add people; where places are counted in heads, the first place gets them."""
    places = group.places
    if places and places[0].heads.count is not None:
        first = Place(places[0].location, Amount(count=places[0].heads.count + heads))
        places = (first, *places[1:])
    return replace(group, heads=group.heads + heads, places=places)


def _with_step(element: Any, step: Step) -> Fallbacks:
    needs = element.needs
    if isinstance(needs, Fallbacks):
        return Fallbacks(needs.primary, (*needs.steps, step))
    return Fallbacks(needs, (step,))


def _improved(element: Any, change: Improve) -> Any:
    """Set what the change gives; an unavailability that no longer follows is worked out anew."""
    changed: dict[str, timedelta | Any] = {}
    if isinstance(element, Group | Location | System | Party):
        old = element.reliability
        rates = change.frequency is not None or change.repair_hours is not None
        unavailability = change.unavailability
        if unavailability is None and not rates:
            unavailability = old.unavailability
        changed["reliability"] = replace(
            old,
            frequency=old.frequency if change.frequency is None else change.frequency,
            repair_hours=old.repair_hours if change.repair_hours is None else change.repair_hours,
            unavailability=unavailability,
        )
    if change.recovery is not None and isinstance(element, System | Party):
        changed["recovery"] = change.recovery
    return replace(element, **changed)
