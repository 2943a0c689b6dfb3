"""The whole model of an organisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from standfast.engine.continuity.gates import Area
from standfast.engine.continuity.model.elements import (
    AccessPath,
    Group,
    Location,
    Party,
    System,
)
from standfast.engine.continuity.model.events import Event, Scenario
from standfast.engine.continuity.model.functions import Function
from standfast.engine.continuity.model.policies import Policy
from standfast.engine.continuity.model.requirements import (
    NOTHING,
    AllOf,
    Needs,
    Requirement,
)

Element = Group | Location | System | Party | Function


@dataclass(frozen=True, slots=True, eq=False)
class Organisation:
    """Everything by name, in the order of the document.

    Groups, locations, systems, parties and functions are *elements*: they share one set of names,
    and requirements, effects and outages refer to them.
    """

    name: str
    groups: Mapping[str, Group] = field(default_factory=dict)
    locations: Mapping[str, Location] = field(default_factory=dict)
    systems: Mapping[str, System] = field(default_factory=dict)
    paths: Mapping[str, AccessPath] = field(default_factory=dict)
    parties: Mapping[str, Party] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    description: str = ""
    currency: str = ""

    def element(self, name: str) -> Element | None:
        """The element with this name."""
        return (
            self.groups.get(name)
            or self.locations.get(name)
            or self.systems.get(name)
            or self.parties.get(name)
            or self.functions.get(name)
        )

    def elements(self) -> Iterator[Element]:
        """Every element: people, locations, systems, parties, then functions."""
        yield from self.groups.values()
        yield from self.locations.values()
        yield from self.systems.values()
        yield from self.parties.values()
        yield from self.functions.values()

    def title(self, name: str) -> str:
        """What people read for a name in the model; the name itself when it has no title."""
        named = (
            self.element(name)
            or self.paths.get(name)
            or self.events.get(name)
            or self.policies.get(name)
            or self.scenarios.get(name)
        )
        return (named.title if named else "") or name


def needs_of(element: Element) -> Requirement:
    """What an element needs, the location where it is included; people need nothing themselves."""
    match element:
        case Group():
            return NOTHING
        case Location(within=place) | System(at=place) if place:
            return (
                Needs(place) if element.needs == NOTHING else AllOf((Needs(place), element.needs))
            )
        case _:
            return element.needs


def area_of(element: Element) -> Area:
    """The circle of the Venn diagram in which an element lies."""
    match element:
        case Group():
            return Area.PEOPLE
        case Location():
            return Area.LOCATION
        case System():
            return Area.SYSTEMS
        case _:
            return Area.NONE
