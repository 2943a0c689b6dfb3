"""What no single value shows: people who are not there, places inside of themselves, and so on."""

from __future__ import annotations

from datetime import timedelta

from standfast.engine.continuity.document.problems import ROOT
from standfast.engine.continuity.document.source import Node
from standfast.engine.continuity.document.values import Reading
from standfast.engine.continuity.model.elements import Group, Location
from standfast.engine.continuity.model.events import Aspect
from standfast.engine.continuity.model.organisation import Organisation
from standfast.engine.continuity.model.policies import AddFallback
from standfast.engine.continuity.model.requirements import Needs, Requirement, Staff, walk

# Each choice of crowded locations is looked at, so there may not be too many of them.
CROWDED = 8

_TABLES = (
    ("locations", "locations"),
    ("systems", "systems"),
    ("parties", "parties"),
    ("functions", "functions"),
    ("paths", "access_paths"),
)


def check_consistency(organisation: Organisation, root: Node, reading: Reading) -> None:
    """Note everything that contradicts itself. References are known to be right."""
    where = _Where(root, reading)
    for group in organisation.groups.values():
        _check_places(group, where)
        _check_crowds(group, organisation, where)
    for location in organisation.locations.values():
        _check_containment(location, organisation, where)
    for attribute, table in _TABLES:
        for name, element in getattr(organisation, attribute).items():
            _check_needs(element.needs, name, organisation, where, (table, name))
    for name, function in organisation.functions.items():
        rto, mtpd = function.rto, function.mtpd
        if rto is not None and mtpd is not None and rto > mtpd:
            message = f"the RTO ({_spoken(rto)}) is longer than the MTPD ({_spoken(mtpd)})"
            where.wrong(("functions", name, "rto"), message)
    for name, policy in organisation.policies.items():
        for number, change in enumerate(policy.changes):
            if isinstance(change, AddFallback):
                need, at = change.step.requirement, ("policies", name, "changes", number)
                _check_needs(need, change.element, organisation, where, at)
    _check_entries(organisation, where)


class _Where:
    """Finds the line of a place in the document, as near as there is one."""

    def __init__(self, root: Node, reading: Reading) -> None:
        self._root, self._reading = root, reading

    def wrong(self, parts: tuple[str | int, ...], message: str) -> None:
        """Note a mistake at the place that these keys lead to."""
        node, at = self._root, ROOT
        for part in parts:
            inside = _inside(node, part)
            if inside is None:
                break
            node, at = inside, at.to(part)
        self._reading.wrong(node, at, message)


def _inside(node: Node, part: str | int) -> Node | None:
    if isinstance(node.value, dict):
        found: Node | None = node.value.get(part)
        return found
    if isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
        item: Node = node.value[part]
        return item
    return None


def _check_places(group: Group, where: _Where) -> None:
    at = ("groups", group.name, "at")
    counted = sum(place.heads.available(group.heads) for place in group.places)
    shares = sum(place.heads.share or 0 for place in group.places)
    if counted > group.heads or shares > 1 + 1e-9:
        where.wrong(at, f"more people have a place than the {group.heads} of the group")
    elif group.places and counted < group.heads and shares < 1 - 1e-9:
        missing = group.heads - counted
        if all(place.heads.count is not None for place in group.places) or shares == 0:
            where.wrong(at, f"{missing} of the {group.heads} people have no place")
    for place in group.elsewhere:
        if place.heads.count is not None and place.heads.count > group.heads:
            message = f"{place.heads.count} of {group.heads} people cannot work elsewhere"
            where.wrong(("groups", group.name, "elsewhere", place.location), message)


def _check_crowds(group: Group, organisation: Organisation, where: _Where) -> None:
    limited = {
        path.at
        for path in organisation.paths.values()
        if path.seats is not None and (not path.groups or group.name in path.groups)
    }
    crowded = {place.location for place in (*group.places, *group.elsewhere)} & limited
    if len(crowded) > CROWDED:
        message = (
            f"this group comes to {len(crowded)} locations whose access paths have limited seats;"
            f" at most {CROWDED} can be counted. Split the group."
        )
        where.wrong(("groups", group.name), message)


def _check_containment(location: Location, organisation: Organisation, where: _Where) -> None:
    chain = [location.name]
    while organisation.locations[chain[-1]].within:
        chain.append(organisation.locations[chain[-1]].within)
        if chain[-1] == location.name:
            circle = " in ".join(f"“{name}”" for name in chain)
            message = f"locations cannot contain each other: {circle}"
            where.wrong(("locations", location.name, "within"), message)
            return
        if chain[-1] in chain[:-1]:
            return  # a circle that this location only leads to; it is told where it is


def _check_needs(
    need: Requirement,
    name: str,
    organisation: Organisation,
    where: _Where,
    at: tuple[str | int, ...],
) -> None:
    for part in walk(need):
        if part == Needs(name):
            where.wrong((*at, "needs"), f"“{name}” cannot need itself")
        elif isinstance(part, Staff):
            _check_staff(part, organisation.groups[part.group], where, at)


def _check_staff(need: Staff, group: Group, where: _Where, at: tuple[str | int, ...]) -> None:
    enough = need.amount.needed(group.heads)
    if enough > group.heads:
        message = f"{enough} of “{group.name}” are needed, but there are only {group.heads}"
        where.wrong((*at, "needs"), message)
    if need.minimum is not None and need.minimum.needed(group.heads) > enough:
        message = f"the minimum of “{group.name}” ({need.minimum}) is more than {need.amount}"
        where.wrong((*at, "needs"), message)


def _check_entries(organisation: Organisation, where: _Where) -> None:
    """Only a location has an entry that can be closed."""
    for name, event in organisation.events.items():
        for number, effect in enumerate(event.effects):
            if effect.aspect is Aspect.ENTRY and effect.target not in organisation.locations:
                message = f"“{effect.target}” is no location, so it has no entry"
                where.wrong(("events", name, "effects", number, "aspect"), message)
    for name, scenario in organisation.scenarios.items():
        for number, outage in enumerate(scenario.outages):
            if outage.aspect is Aspect.ENTRY and outage.element not in organisation.locations:
                message = f"“{outage.element}” is no location, so it has no entry"
                where.wrong(("scenarios", name, "down", number, "aspect"), message)


def _spoken(length: timedelta) -> str:
    hours = length / timedelta(hours=1)
    return f"{hours:g}h"
