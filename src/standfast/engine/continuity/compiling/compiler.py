"""A model compiled into the gate graph: what must fail together so that a function stops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from standfast.engine.continuity.compiling.failing import ElementKey, Failing, Key
from standfast.engine.continuity.compiling.formula import ALWAYS, MAX_FORMULAS, NEVER, Formulas
from standfast.engine.continuity.compiling.losses import Depends, Losses, Target
from standfast.engine.continuity.compiling.unfolding import unfold
from standfast.engine.continuity.gates import Area, Gate, GateGraph, Leaf
from standfast.engine.continuity.model.applying import with_policies
from standfast.engine.continuity.model.elements import Reliability
from standfast.engine.continuity.model.events import Event, Outage
from standfast.engine.continuity.model.functions import Function
from standfast.engine.continuity.model.organisation import Organisation, area_of
from standfast.engine.continuity.workforce import UNIT, in_units


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """The graph, with one top for each function that can stop and does not stand still anyway.

    `always`: functions that are down whatever else happens. `never`: functions that nothing in the
    model can stop. `areas`: the areas that each leaf touches, which for an event may be several
    (the leaf itself then lies outside of all three circles).
    """

    graph: GateGraph
    always: frozenset[str]
    never: frozenset[str]
    areas: Mapping[str, frozenset[Area]]

    @property
    def leaf_numbers(self) -> dict[str, int]:
        """The node of each leaf by its name, which is that of an element or event."""
        return {leaf.name: number for number, leaf in enumerate(self.graph.leaves)}


def compile_model(
    organisation: Organisation,
    *,
    policies: Iterable[str] | None = None,
    events: Iterable[str] | None = None,
    down: Iterable[Outage] = (),
    after: timedelta | None = None,
    depends: Depends = Depends.WORST,
    functions: Iterable[str] | None = None,
    most: int = MAX_FORMULAS,
) -> Compiled:
    """Compile an organisation with some policies (None: those in place) applied.

    `events`: which of them are leaves (None: all). `down`: what is out already, wholly or in part;
    times are ignored. `after`: how long ago everything failed, which decides what fallbacks are
    ready (None: all of them, however long they last). `functions`: the tops (None: all).
    `most`: how many gates there may be.
    Raises KeyError for a name that does not exist, ModelTooLarge where circles are too large.
    """
    changed = with_policies(organisation, policies)
    chosen = list(changed.events) if events is None else list(events)
    formulas = Formulas(most)
    losses = Losses(formulas, [changed.events[name] for name in chosen], _lost(down), depends)
    failing = Failing(changed, formulas, losses, None if after is None else after.total_seconds())
    wanted = list(changed.functions) if functions is None else list(functions)
    tops = {name: ElementKey(changed.functions[name].name, 1) for name in wanted}
    done = unfold(failing, list(tops.values()))
    found = {name: done[key] for name, key in tops.items()}
    graph, areas = _Drawn(changed, formulas, losses, done).graph(found)
    return Compiled(
        graph,
        frozenset(name for name, number in found.items() if number == ALWAYS),
        frozenset(name for name, number in found.items() if number == NEVER),
        areas,
    )


def _lost(down: Iterable[Outage]) -> dict[Target, int]:
    lost: dict[Target, int] = {}
    for outage in down:
        target = (outage.element, outage.aspect)
        lost[target] = lost.get(target, 0) + in_units(outage.share)
    return lost


class _Drawn:
    """Makes leaves and gates of the formulas that the tops reach."""

    def __init__(
        self,
        organisation: Organisation,
        formulas: Formulas,
        losses: Losses,
        done: Mapping[Key, int],
    ) -> None:
        self._organisation, self._formulas, self._losses = organisation, formulas, losses
        self._areas: dict[str, frozenset[Area]] = {}
        self._names: dict[int, str] = {}
        for key, number in done.items():
            if isinstance(key, ElementKey):
                level = "" if key.least == 1 else f".{key.least / UNIT:g}"
                self._names.setdefault(number, f"fails.{key.element}{level}")
            else:
                self._names.setdefault(number, f"too-few.{key.group}.{key.people}")

    def graph(self, tops: Mapping[str, int]) -> tuple[GateGraph, dict[str, frozenset[Area]]]:
        real = {name: top for name, top in tops.items() if top not in (ALWAYS, NEVER)}
        reached = self._reached(real.values())
        variables = [each for each in reached if isinstance(self._formulas.bodies[each], str)]
        gates = [each for each in reached if isinstance(self._formulas.bodies[each], tuple)]
        place = {number: at for at, number in enumerate([*variables, *gates])}
        leaves = tuple(self._leaf(str(self._formulas.bodies[each])) for each in variables)
        made = tuple(self._gate(each, place) for each in gates)
        graph = GateGraph(leaves, made, {name: place[top] for name, top in real.items()})
        return graph, self._areas

    def _reached(self, tops: Iterable[int]) -> list[int]:
        """Everything below the tops; a formula comes after those that it is made of."""
        found = set(tops)
        stack = list(found)
        while stack:
            body = self._formulas.bodies[stack.pop()]
            if isinstance(body, tuple):
                for child in body[1]:
                    if child not in found:
                        found.add(child)
                        stack.append(child)
        return sorted(found)

    def _gate(self, number: int, place: Mapping[int, int]) -> Gate:
        body = self._formulas.bodies[number]
        assert isinstance(body, tuple)
        operator, children, threshold, weights = body
        name = self._names.get(number, f"gate.{number}")
        return Gate(name, operator, tuple(place[each] for each in children), threshold, weights)

    def _leaf(self, name: str) -> Leaf:
        if name in self._losses.conditions:
            self._areas[name] = frozenset({Area.NONE})
            return Leaf(name, unavailability=self._losses.conditions[name])
        element = self._organisation.element(name)
        if element is None or isinstance(element, Function):
            return self._event(self._organisation.events[name])
        area = area_of(element)
        self._areas[name] = frozenset({area})
        return _leaf(name, area, element.reliability)

    def _event(self, event: Event) -> Leaf:
        areas = set()
        for effect in event.effects:
            element = self._organisation.element(effect.target)
            if element is not None:
                areas.add(area_of(element))
        self._areas[event.name] = frozenset(areas)
        (area,) = areas if len(areas) == 1 else (Area.NONE,)
        hours = None if event.duration is None else event.duration / timedelta(hours=1)
        return _leaf(event.name, area, Reliability(event.frequency, hours))


def _leaf(name: str, area: Area, reliability: Reliability) -> Leaf:
    return Leaf(
        name,
        area,
        unavailability=reliability.share_down,
        frequency=reliability.frequency,
        repair_hours=reliability.repair_hours,
    )
