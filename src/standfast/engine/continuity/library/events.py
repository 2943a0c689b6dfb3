"""The library's events, applied to an organisation: which of its elements each of them hits.

The first four are the table of areas: a LAN failure hits systems; a pandemic people and locations;
severe weather people and locations, and perhaps systems; a security breach systems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from standfast.engine.continuity.library.kinds import KINDS, EventKind
from standfast.engine.continuity.model.elements import (
    Group,
    Location,
    LocationKind,
    PartyKind,
    System,
    SystemKind,
)
from standfast.engine.continuity.model.events import Aspect, Effect, Event
from standfast.engine.continuity.model.organisation import Organisation


def effects_of(
    kind: EventKind, organisation: Organisation, at: tuple[str, ...] = ()
) -> tuple[Effect, ...]:
    """What an event of this kind hits, at these locations (everywhere when none is given)."""
    found: dict[tuple[str, Aspect], Effect] = {}
    for effect in _EFFECTS[kind](_Ground(organisation, at)):
        found.setdefault((effect.target, effect.aspect), effect)
    return tuple(found.values())


def event_of(
    kind: EventKind, organisation: Organisation, *, name: str, at: tuple[str, ...] = ()
) -> Event:
    """The whole event, with what is usual for its kind."""
    facts = KINDS[kind]
    where = ", ".join(organisation.title(location) for location in at)
    return Event(
        name,
        effects_of(kind, organisation, at),
        title=f"{facts.title} ({where})" if where else facts.title,
        duration=facts.lasts,
        frequency=facts.per_year,
        hazards=facts.hazards,
    )


def starting_events(organisation: Organisation) -> dict[str, Event]:
    """Every event of the library that hits something, by name; local ones once for each site.

    Events of the organisation itself win over these where names are the same.
    """
    sites = _Ground(organisation, ()).sites()
    found: dict[str, Event] = {}
    for kind, facts in KINDS.items():
        places = (
            [(f"{kind}-{site}", (site,)) for site in sites] if facts.local else [(kind.value, ())]
        )
        for name, at in places:
            event = event_of(kind, organisation, name=name, at=at)
            if event.effects and name not in organisation.events:
                found[name] = event
    return found


class _Ground:
    """An organisation, seen from where an event happens."""

    def __init__(self, organisation: Organisation, at: tuple[str, ...]) -> None:
        self.organisation, self.at = organisation, frozenset(at)

    def sites(self) -> list[str]:
        """The locations that are hit: those given, or every site."""
        locations = self.organisation.locations.values()
        if self.at:
            return [each.name for each in locations if each.name in self.at]
        return [each.name for each in locations if each.kind is LocationKind.SITE]

    def systems(self, *kinds: SystemKind) -> Iterator[System]:
        """Systems of these kinds (of all when none is given) that stand where it happens."""
        for system in self.organisation.systems.values():
            if (not kinds or system.kind in kinds) and self._here(system.at):
                yield system

    def groups(self) -> Iterator[Group]:
        """People who normally work where it happens."""
        for group in self.organisation.groups.values():
            if not self.at or any(self._here(place.location) for place in group.places):
                yield group

    def _here(self, location: str) -> bool:
        if not self.at:
            return True
        seen: set[str] = set()
        while location and location not in seen:
            if location in self.at:
                return True
            seen.add(location)
            found: Location | None = self.organisation.locations.get(location)
            location = found.within if found else ""
        return False


def _hit(*kinds: SystemKind, share: float = 1.0) -> Callable[[_Ground], Iterator[Effect]]:
    def effects(ground: _Ground) -> Iterator[Effect]:
        for system in ground.systems(*kinds):
            yield Effect(system.name, share=share)

    return effects


def _pandemic(ground: _Ground) -> Iterator[Effect]:
    for group in ground.groups():
        yield Effect(group.name, share=0.4)
    for site in ground.sites():
        yield Effect(site, aspect=Aspect.ENTRY)


def _severe_weather(ground: _Ground) -> Iterator[Effect]:
    for site in ground.sites():
        yield Effect(site, aspect=Aspect.ENTRY)
    for group in ground.groups():
        yield Effect(group.name, share=0.1)
    for system in ground.systems():
        if system.at:
            yield Effect(system.name, certain=False, probability=0.1)


def _breach(ground: _Ground) -> Iterator[Effect]:
    for system in ground.systems(SystemKind.IDENTITY, SystemKind.APPLICATION):
        yield Effect(system.name)
    for system in ground.systems(SystemKind.VPN, SystemKind.CLOUD):
        yield Effect(system.name, certain=False, probability=0.3)


def _ransomware(ground: _Ground) -> Iterator[Effect]:
    for system in ground.systems(SystemKind.APPLICATION, SystemKind.DEVICE):
        yield Effect(system.name)
    for system in ground.systems(SystemKind.IDENTITY, SystemKind.LAN, SystemKind.VPN):
        yield Effect(system.name, certain=False, probability=0.5)


def _destroyed(ground: _Ground) -> Iterator[Effect]:
    for site in ground.sites():
        yield Effect(site)


def _flood(ground: _Ground) -> Iterator[Effect]:
    yield from _destroyed(ground)
    for group in ground.groups():
        yield Effect(group.name, share=0.1)


def _power_cut(ground: _Ground) -> Iterator[Effect]:
    powered = {system.at for system in ground.systems(SystemKind.POWER)}
    for system in ground.systems(SystemKind.POWER):
        yield Effect(system.name)
    for site in ground.sites():
        if site not in powered:
            yield Effect(site)


def _strike(ground: _Ground) -> Iterator[Effect]:
    for group in ground.groups():
        yield Effect(group.name, share=0.5)
    for site in ground.sites():
        yield Effect(site, aspect=Aspect.ENTRY, certain=False, probability=0.2)


def _supplier_failure(ground: _Ground) -> Iterator[Effect]:
    suppliers = {
        party.name
        for party in ground.organisation.parties.values()
        if party.kind is PartyKind.SUPPLIER
    }
    for name in ground.organisation.parties:
        if name in suppliers:
            yield Effect(name)
    for system in ground.systems():
        if system.supplier in suppliers:
            yield Effect(system.name, certain=False, probability=0.3)


_EFFECTS: dict[EventKind, Callable[[_Ground], Iterator[Effect]]] = {
    EventKind.LAN_FAILURE: _hit(SystemKind.LAN),
    EventKind.PANDEMIC: _pandemic,
    EventKind.SEVERE_WEATHER: _severe_weather,
    EventKind.SECURITY_BREACH: _breach,
    EventKind.IDENTITY_OUTAGE: _hit(SystemKind.IDENTITY),
    EventKind.CLOUD_OUTAGE: _hit(SystemKind.CLOUD),
    EventKind.WAN_CUT: _hit(SystemKind.WAN),
    EventKind.INTERNET_OUTAGE: _hit(SystemKind.INTERNET),
    EventKind.VPN_OVERLOAD: _hit(SystemKind.VPN, share=0.5),
    EventKind.OFFICE_FIRE: _destroyed,
    EventKind.FLOOD: _flood,
    EventKind.POWER_CUT: _power_cut,
    EventKind.STRIKE: _strike,
    EventKind.RANSOMWARE: _ransomware,
    EventKind.SUPPLIER_FAILURE: _supplier_failure,
}
