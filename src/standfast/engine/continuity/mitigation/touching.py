"""Which measures can touch which function: a careful answer, never too few.

Everything that a function can come to rest on once all policies are in place is followed: needs and
fallbacks, people, the places where they work, the access paths there, whoever shares the seats of
these, and the events that hit any of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from standfast.engine.continuity.mitigation.measures import Measure, MeasureKind
from standfast.engine.continuity.model import (
    AddFallback,
    Change,
    Improve,
    MoreHeads,
    MoreSeats,
    Organisation,
    Shield,
    WorkElsewhere,
    elements_of,
    needs_of,
    with_policies,
)


def touched_by(
    organisation: Organisation, measures: Iterable[Measure]
) -> Mapping[str, frozenset[str]]:
    """The names of the measures that can touch each function."""
    everything = with_policies(organisation, organisation.policies)
    changed = {measure.name: set(_changed(organisation, measure)) for measure in measures}
    found = {}
    for function in organisation.functions:
        below = rests_on(everything, function)
        found[function] = frozenset(name for name, names in changed.items() if names & below)
    return found


def _changed(organisation: Organisation, measure: Measure) -> Iterator[str]:
    if measure.kind is not MeasureKind.POLICY:
        yield measure.target
        return
    for change in organisation.policies[measure.target].changes:
        yield from _names(change)


def _names(change: Change) -> Iterator[str]:
    match change:
        case WorkElsewhere(group, location, _):
            yield group
            yield location
        case MoreHeads(group, _):
            yield group
        case MoreSeats(path, _):
            yield path
        case Shield(event, element):
            yield event
            yield element
        case AddFallback(element, _) | Improve(element):
            yield element


def rests_on(organisation: Organisation, start: str) -> set[str]:
    """Names of elements, access paths and events that matter to this element."""
    events_of: dict[str, list[str]] = {}
    for event in organisation.events.values():
        for effect in event.effects:
            events_of.setdefault(effect.target, []).append(event.name)
    seen: set[str] = set()
    stack = [start]
    while stack:
        name = stack.pop()
        if name in seen:
            continue
        seen.add(name)
        stack += events_of.get(name, ())
        stack += _below(organisation, name)
    return seen


def _below(organisation: Organisation, name: str) -> Iterator[str]:
    if name in organisation.groups:
        group = organisation.groups[name]
        yield from (place.location for place in (*group.places, *group.elsewhere))
    elif name in organisation.paths:
        path = organisation.paths[name]
        yield from elements_of(path.needs)
        if path.seats is not None:
            yield from path.groups or organisation.groups
    elif (element := organisation.element(name)) is not None:
        yield from elements_of(needs_of(element))
    if name in organisation.locations:
        yield from (path.name for path in organisation.paths.values() if path.at == name)
