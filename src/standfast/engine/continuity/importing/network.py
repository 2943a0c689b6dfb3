"""Sites and links as readers of topologies give them, and the part of a model that they make."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from standfast.engine.continuity.importing.faults import Faults
from standfast.engine.continuity.model import (
    AllOf,
    Group,
    Location,
    LocationKind,
    Needs,
    Organisation,
    Requirement,
    System,
    SystemKind,
)

# Kilometres; no cable is longer than the way around the world.
FARTHEST = 50_000.0


@dataclass(frozen=True, slots=True)
class Site:
    """A node of a topology."""

    key: str
    label: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An edge of a topology, from one node's key to another's; `line` is where the file has it."""

    first: str
    second: str
    label: str = ""
    kilometres: float | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Topology:
    """What a file says, before it means anything."""

    name: str
    sites: tuple[Site, ...]
    links: tuple[Link, ...]


class Direction(StrEnum):
    """What an edge from A to B means.

    `LINKS`: a line between two places, a system of its own that needs both. `NEEDS`: A needs B;
    `NEEDED_BY`: B needs A; then nodes are systems and edges their needs.
    """

    LINKS = "links"
    NEEDS = "needs"
    NEEDED_BY = "needed-by"


@dataclass(frozen=True, slots=True)
class Fragment:
    """Elements to be merged into a model."""

    groups: Mapping[str, Group] = field(default_factory=dict)
    locations: Mapping[str, Location] = field(default_factory=dict)
    systems: Mapping[str, System] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.groups) + len(self.locations) + len(self.systems)

    def alone(self, name: str) -> Organisation:
        """The fragment as a model with nothing else in it."""
        return Organisation(
            name, groups=self.groups, locations=self.locations, systems=self.systems
        )


def fragment(
    topology: Topology,
    *,
    direction: Direction = Direction.LINKS,
    kind: SystemKind | None = None,
    taken: Iterable[str] = (),
) -> Fragment:
    """Turn a topology into locations and links, or into systems that need each other.

    `kind` is that of the systems (a WAN for links, an application otherwise); names in `taken` are
    not used. Raises ImportRefused for an edge whose end is no node, and for one from a node to
    itself when that would be a need.
    """
    names = Names(taken)
    faults = Faults()
    keys = {site.key for site in topology.sites}
    for link in topology.links:
        for end in (link.first, link.second):
            if end not in keys:
                faults.add(link.line, "edge", f"“{end}” is no node of the file")
        if direction is not Direction.LINKS and link.first == link.second:
            faults.add(link.line, "edge", f"“{link.first}” cannot need itself")
    faults.done()
    if direction is Direction.LINKS:
        return _places(topology, names, kind or SystemKind.WAN)
    return _needs(topology, names, kind or SystemKind.APPLICATION, direction)


class Names:
    """Gives each thing a short name that nothing else has."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def give(self, label: str, otherwise: str) -> str:
        """A name like the label: lower case, dashes, a number where it is taken."""
        base = short_name(label) or short_name(otherwise) or "element"
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}-{number}"
        self._taken.add(name)
        return name


def short_name(label: str) -> str:
    """The label as a name: letters of any script, digits and dashes."""
    plain = unicodedata.normalize("NFKC", label).casefold()
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:60].strip("-")


def _places(topology: Topology, names: Names, kind: SystemKind) -> Fragment:
    place_of: dict[str, Location] = {}
    for site in topology.sites:
        name = names.give(site.label, site.key)
        positioned = site.latitude is not None and site.longitude is not None
        place_of[site.key] = Location(
            name,
            kind=LocationKind.SITE if positioned else LocationKind.NETWORK,
            title=site.label if site.label != name else "",
            latitude=site.latitude if positioned else None,
            longitude=site.longitude if positioned else None,
        )
    systems: dict[str, System] = {}
    for link in topology.links:
        first, second = place_of[link.first], place_of[link.second]
        ends = f"{first.title or first.name} – {second.title or second.name}"
        name = names.give(f"link {first.name} {second.name}", "link")
        systems[name] = System(
            name,
            kind=kind,
            title=f"{link.label} ({ends})" if link.label else ends,
            needs=AllOf(tuple(Needs(end) for end in dict.fromkeys((first.name, second.name)))),
            description="" if link.kilometres is None else f"{link.kilometres:,.0f} km",
        )
    return Fragment(locations={place.name: place for place in place_of.values()}, systems=systems)


def _needs(topology: Topology, names: Names, kind: SystemKind, direction: Direction) -> Fragment:
    system_of: dict[str, System] = {}
    needed: dict[str, dict[str, None]] = {}
    for site in topology.sites:
        name = names.give(site.label, site.key)
        title = site.label if site.label != name else ""
        system_of[site.key] = System(name, kind=kind, title=title)
    for link in topology.links:
        whose, what = link.first, link.second
        if direction is Direction.NEEDED_BY:
            whose, what = what, whose
        needed.setdefault(whose, {})[system_of[what].name] = None
    systems = {}
    for key, system in system_of.items():
        parts: tuple[Requirement, ...] = tuple(Needs(name) for name in needed.get(key, ()))
        systems[system.name] = replace(system, needs=AllOf(parts))
    return Fragment(systems=systems)
