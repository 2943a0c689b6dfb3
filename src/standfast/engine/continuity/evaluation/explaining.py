"""The reasons behind a state: from a function down to the events that began it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from standfast.engine.continuity.evaluation.causes import Cause
from standfast.engine.continuity.evaluation.network import opening
from standfast.engine.continuity.evaluation.reasons import (
    Parameter,
    Reason,
    as_percent,
    as_time,
)
from standfast.engine.continuity.evaluation.staffing import count
from standfast.engine.continuity.evaluation.state import State
from standfast.engine.continuity.model.elements import Group
from standfast.engine.continuity.model.events import Aspect
from standfast.engine.continuity.model.functions import Function
from standfast.engine.continuity.model.organisation import needs_of
from standfast.engine.continuity.model.requirements import (
    AllOf,
    AnyOf,
    AtLeast,
    Fallbacks,
    Needs,
    Requirement,
    Staff,
    Step,
)
from standfast.engine.continuity.workforce import HEAD, UNIT, able, in_units


def explain(state: State, element: str, causes: Iterable[Cause] = ()) -> Reason:
    """Say why an element is as it is. `causes`: what happens in the scenario, for naming events.

    Raises KeyError for an element that does not exist.
    """
    if element not in state.network.nodes:
        raise KeyError(f"there is no element “{element}”")
    return _Explainer(state, causes).element(element, UNIT)


class _Explainer:
    """Goes down from what fails to what makes it fail; tells each element once."""

    def __init__(self, state: State, causes: Iterable[Cause]) -> None:
        self.state, self.network = state, state.network
        self.organisation = state.network.organisation
        self.told: set[str] = set()
        self.active: dict[tuple[str, Aspect], list[Cause]] = {}
        for cause in causes:
            if cause.start <= state.now < cause.end:
                self.active.setdefault((cause.element, cause.aspect), []).append(cause)

    def element(self, name: str, least: int) -> Reason:
        """Why an element has less than `least`."""
        title = self.organisation.title(name)
        if name in self.told:
            return Reason("again", {"title": title})
        self.told.add(name)
        found = self.organisation.element(name)
        assert found is not None
        if isinstance(found, Function):
            return self._function(found, title)
        value = self.state.value(name)
        own = tuple(self._own(name, Aspect.WHOLE))
        if isinstance(found, Group) or value >= least:
            if own:
                return own[0]
            key = "element.degraded" if value < UNIT else "function.up"
            return Reason(key, _degree(title, value))
        if len(own) == 1 and own[0].key in {"hit", "outage"}:
            return own[0]
        needs = tuple(self.need(needs_of(found), 1)) if not value else ()
        key = "element.degraded" if value else "element.down"
        return Reason(key, _degree(title, value), own + needs)

    def _function(self, function: Function, title: str) -> Reason:
        value = self.state.value(function.name)
        own = tuple(self._own(function.name, Aspect.WHOLE))
        if value >= UNIT:
            return Reason("function.up", {"title": title}, own)
        if value:
            because = own + tuple(self.need(function.needs, UNIT))
            return Reason("function.degraded", _degree(title, value), because)
        minimum = in_units(function.minimum_capacity)
        because = own + tuple(self.need(function.needs, max(1, minimum)))
        left = min(self._value(function.needs), self.state.own[self.network.nodes[function.name]])
        if left:
            params = {"minimum": as_percent(minimum), **_degree(title, left)}
            return Reason("function.below", params, because)
        return Reason("function.down", {"title": title}, because)

    def need(self, need: Requirement, least: int) -> Iterator[Reason]:
        """Why a requirement gives less than `least`; nothing when it gives as much."""
        if self._value(need) >= least:
            return
        match need:
            case Needs(element):
                yield self.element(element, least)
            case AllOf(parts):
                for part in parts:
                    yield from self.need(part, least)
            case AnyOf(parts):
                because = tuple(reason for part in parts for reason in self.need(part, least))
                yield Reason("any", {"count": len(parts)}, because)
            case AtLeast(_, parts):
                working = sum(self._value(part) >= least for part in parts)
                because = tuple(reason for part in parts for reason in self.need(part, least))
                params = {"working": working, "count": len(parts), "needed": need.k}
                yield Reason("at_least", params, because)
            case Staff():
                yield self.staff(need)
            case Fallbacks():
                yield self._fallbacks(need, least)

    def staff(self, need: Staff) -> Reason:
        """How many can work, where they do, and what keeps the others."""
        node, _plan = self.network.plans[need.group, tuple(sorted(need.using))]
        counted = count(self.state, need.group, tuple(sorted(need.using)))
        title = self.organisation.title(need.group)
        value = self.state.values[node]
        enough = need.amount.needed(counted.heads)
        least = need.minimum.needed(counted.heads) if need.minimum is not None else enough
        params: dict[str, Parameter] = {
            "able": counted.able, "heads": counted.heads, "title": title, "needed": enough,
        }  # fmt: skip
        key = "staff.enough" if counted.able >= enough else "staff.short"
        if least <= counted.able < enough:
            key, params["capacity"] = "staff.partly", as_percent(value * UNIT // (enough * HEAD))
        places = [
            Reason("staff.at", {"able": people, "title": self.organisation.title(location)})
            for location, people in counted.places
        ]
        if counted.anywhere and counted.places:
            places.append(Reason("staff.free", {"able": counted.anywhere}))
        ill = tuple(self._own(need.group, Aspect.WHOLE))
        return Reason(key, params, (*places, *ill, *self._spots(node, need)))

    def _spots(self, node: int, need: Staff) -> Iterator[Reason]:
        plan = self.network.plans[need.group, tuple(sorted(need.using))][1]
        for number, nodes in enumerate(self.network.spots[node]):
            spot = plan.spots[number]
            title = self.organisation.title(spot.location)
            yield from self._entries(spot.location)
            if self.state.values[nodes.location] < UNIT:
                yield self.element(spot.location, UNIT)
            if not opening(nodes._replace(uses=None), self.state.values)[0]:
                continue  # nobody is there, so no matter how they would connect
            if spot.paths == ():
                yield Reason("staff.no_path", {"title": title})
                continue
            presence, seats = opening(nodes, self.state.values)
            failing = tuple(self._paths([use.path for use in spot.paths or ()]))
            if not presence:
                yield Reason("staff.path", {"title": title}, failing)
            elif seats is not None and self._crowded(node, number):
                yield Reason("staff.seats", {"seats": seats // HEAD, "title": title}, failing)

    def _crowded(self, node: int, spot: int) -> bool:
        """Whether more people could work if there were seats for all of them at this spot."""
        values = self.state.values
        openings = [opening(each, values) for each in self.network.spots[node]]
        openings[spot] = (openings[spot][0], None)
        health = values[self.network.children[node][0]]
        return able(health, self.network.crowds[node], openings) > values[node]

    def _entries(self, location: str) -> Iterator[Reason]:
        """Why people cannot get into a location: its own entry or that of what it is in."""
        while location:
            yield from self._own(location, Aspect.ENTRY)
            location = self.organisation.locations[location].within

    def _paths(self, names: list[str]) -> Iterator[Reason]:
        for name in names:
            needs = self.organisation.paths[name].needs
            value = self._value(needs)
            if value >= UNIT:
                continue
            because = tuple(self.need(needs, UNIT))
            key = "path.partly" if value else "path"
            yield Reason(key, _degree(self.organisation.title(name), value), because)

    def _fallbacks(self, need: Fallbacks, least: int) -> Reason:
        node = self._node(need)
        elapsed = self.state.now - self.state.clocks.get(node, self.state.now)
        because = list(self.need(need.primary, least))
        for step, spec in zip(need.steps, self.network.steps[node], strict=True):
            name = step.name or self._named(step)
            if elapsed < spec.start:
                because.append(
                    Reason("step.waiting", {"name": name, "time": as_time(spec.start - elapsed)})
                )
            elif elapsed >= spec.end:
                because.append(Reason("step.over", {"name": name}))
            elif not self.state.values[spec.node]:
                reasons = tuple(self.need(step.requirement, 1))
                because.append(Reason("step.fails", {"name": name}, reasons))
            else:
                gives = self.state.values[spec.node] * spec.capacity // UNIT
                because.append(Reason("step.used", {"name": name, "capacity": as_percent(gives)}))
        return Reason("fallbacks", {}, tuple(because))

    def _named(self, step: Step) -> str:
        requirement = step.requirement
        if isinstance(requirement, Needs):
            return self.organisation.title(requirement.element)
        return "the fallback"

    def _own(self, name: str, aspect: Aspect) -> Iterator[Reason]:
        """What is taken of an element itself, and by what."""
        title = self.organisation.title(name)
        prefix = "entry" if aspect is Aspect.ENTRY else ""
        for cause in self.active.get((name, aspect), ()):
            kind = "" if cause.event else "outage"
            key = ".".join(part for part in (prefix, kind) if part) or "hit"
            if cause.units < UNIT:
                key += ".partly"
            if not cause.certain:
                key += ".perhaps"
            event = self.organisation.title(cause.event) if cause.event else ""
            params = {"title": title, "event": event, "lost": as_percent(cause.units)}
            yield Reason(key, params)

    def _node(self, need: Requirement) -> int:
        node = self.network.known.get(need)
        assert node is not None, "every requirement has a node, or lists elements only"
        return node

    def _value(self, need: Requirement) -> int:
        if isinstance(need, Needs):
            return self.state.value(need.element)
        node = self.network.known.get(need)
        if node is not None:
            return self.state.values[node]
        assert isinstance(need, AllOf)
        return min((self._value(part) for part in need.parts), default=UNIT)


def _degree(title: str, value: int) -> Mapping[str, Parameter]:
    return {"title": title, "capacity": as_percent(value)}
