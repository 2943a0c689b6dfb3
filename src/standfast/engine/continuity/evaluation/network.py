"""The model as a network of values, ready to be evaluated again and again.

Every element, nested requirement, access path and count of able people is a node with a whole
number for a value: a capacity in millionths, or people in thousandths. `rules[node]` computes it
from the values of others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from standfast.engine.continuity.evaluation.order import components
from standfast.engine.continuity.evaluation.results import FunctionCourse
from standfast.engine.continuity.model.elements import Group
from standfast.engine.continuity.model.functions import Function
from standfast.engine.continuity.model.organisation import Element, Organisation, needs_of
from standfast.engine.continuity.model.requirements import (
    AllOf,
    AnyOf,
    AtLeast,
    Fallbacks,
    Needs,
    Requirement,
    Staff,
)
from standfast.engine.continuity.workforce import HEAD, UNIT, StaffPlan, Workforce, in_units, part
from standfast.engine.continuity.workforce.counting import CLOSED, Crowd, Opening, able

Values = list[int]


class Situation(NamedTuple):
    """What a rule looks at beside other values.

    `own`: what is left of each element by itself. `clocks`: for each node of fallbacks, since when
    its normal way gives less than all. `now`: seconds since the scenario began.
    """

    own: Values
    clocks: dict[int, float]
    now: float


Rule = Callable[[Values, Situation], int]


class FallbackStep(NamedTuple):
    """A fallback: ready from `start` until `end`, in seconds after the clock starts."""

    node: int
    capacity: int
    start: float
    end: float


class OpenSpot(NamedTuple):
    """The nodes that say how far a spot is open. `uses`: (path, seats in thousandths)."""

    location: int
    entry: int
    uses: tuple[tuple[int, int | None], ...] | None


@dataclass(slots=True, eq=False)
class Network:
    """Nodes of an organisation whose policies have been applied."""

    organisation: Organisation
    rules: list[Rule] = field(default_factory=list)
    children: list[tuple[int, ...]] = field(default_factory=list)
    parents: list[list[int]] = field(default_factory=list)
    # Elements by name, functions by node, and of each location what people can get into.
    nodes: dict[str, int] = field(default_factory=dict)
    function_nodes: dict[int, Function] = field(default_factory=dict)
    entries: dict[str, int] = field(default_factory=dict)
    # Access paths by name, and nested requirements.
    paths: dict[str, int] = field(default_factory=dict)
    known: dict[Requirement, int] = field(default_factory=dict)
    # Nodes that count people, by group and the systems that they use; what the count looks at.
    plans: dict[tuple[str, tuple[str, ...]], tuple[int, StaffPlan]] = field(default_factory=dict)
    spots: dict[int, list[OpenSpot]] = field(default_factory=dict)
    crowds: dict[int, list[Crowd]] = field(default_factory=dict)
    # Nodes of fallbacks: their steps, and when after the clock starts something changes (seconds).
    steps: dict[int, list[FallbackStep]] = field(default_factory=dict)
    fallbacks: dict[int, tuple[float, ...]] = field(default_factory=dict)
    # The highest value of nodes that can have more than UNIT.
    most: dict[int, int] = field(default_factory=dict)
    # Components, children first; the place of each node among them; the node at a place, or -1 for
    # a circle; the places of what rests on a node.
    order: list[list[int]] = field(default_factory=list)
    rank: list[int] = field(default_factory=list)
    single: list[int] = field(default_factory=list)
    above: list[tuple[int, ...]] = field(default_factory=list)
    # How functions fare that nothing touches, by when a scenario begins.
    quiet: dict[float, dict[str, FunctionCourse]] = field(default_factory=dict)


def build_network(organisation: Organisation) -> Network:
    """Compile an organisation as it is; its policies must have been applied before."""
    network = Network(organisation)
    builder = _Builder(network)
    for element in organisation.elements():
        network.nodes[element.name] = builder.reserve()
    for name in organisation.locations:
        network.entries[name] = builder.reserve()
    for element in organisation.elements():
        builder.element(element)
    builder.entries()
    _arrange(network)
    return network


def _arrange(network: Network) -> None:
    count = len(network.rules)
    network.parents = [[] for _ in range(count)]
    for node, below in enumerate(network.children):
        for child in set(below):
            network.parents[child].append(node)
    network.order = components(network.children)
    network.rank = [0] * count
    for place, component in enumerate(network.order):
        for node in component:
            network.rank[node] = place
        circle = len(component) > 1 or component[0] in network.children[component[0]]
        network.single.append(-1 if circle else component[0])
    rank = network.rank
    network.above = [
        tuple({rank[parent] for parent in parents} - {rank[node]})
        for node, parents in enumerate(network.parents)
    ]


class _Builder:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.organisation = network.organisation
        self.known = network.known
        self.workforce = Workforce(network.organisation)

    def reserve(self) -> int:
        """A node whose rule comes later."""
        self.network.rules.append(_always)
        self.network.children.append(())
        return len(self.network.rules) - 1

    def settle(self, node: int, rule: Rule, children: Iterable[int]) -> int:
        """Give a node its rule."""
        self.network.rules[node] = rule
        self.network.children[node] = tuple(children)
        return node

    def element(self, element: Element) -> None:
        node = self.network.nodes[element.name]
        if isinstance(element, Group):
            self.settle(node, _own(node), ())
            return
        needs = needs_of(element)
        if isinstance(element, Function):
            children = (self.requirement(needs),)
            self.network.function_nodes[node] = element
            least = max(1, in_units(element.minimum_capacity))
            self.settle(node, _function(node, children[0], least), children)
        elif (together := self._together(needs)) is not None:
            self.settle(node, _element(node, together), together)
        else:
            needed = (self.requirement(needs),)
            self.settle(node, _element(node, needed), needed)

    def _together(self, needs: Requirement) -> tuple[int, ...] | None:
        """The nodes of a requirement that only lists elements, which is what most do."""
        found: list[int] = []
        stack = [needs]
        while stack:
            need = stack.pop()
            if isinstance(need, Needs):
                found.append(self.network.nodes[need.element])
            elif isinstance(need, AllOf):
                stack.extend(reversed(need.parts))
            else:
                return None
        return tuple(found)

    def entries(self) -> None:
        for name, node in self.network.entries.items():
            within = self.organisation.locations[name].within
            outer = (self.network.entries[within],) if within else ()
            self.settle(node, _entry(node, outer), outer)

    def requirement(self, need: Requirement) -> int:
        if isinstance(need, Needs):
            return self.network.nodes[need.element]
        node = self.known.get(need)
        if node is None:
            node = self.known[need] = self._made(need)
        return node

    def _made(self, need: Requirement) -> int:
        match need:
            case AllOf(parts):
                children = [self.requirement(part) for part in parts]
                return self.settle(self.reserve(), _all(children), children)
            case AnyOf(parts):
                children = [self.requirement(part) for part in parts]
                return self.settle(self.reserve(), _any(children), children)
            case AtLeast(_, parts):
                children = [self.requirement(part) for part in parts]
                return self.settle(self.reserve(), _at_least(children, need.k), children)
            case Fallbacks():
                return self._fallbacks(need)
            case Staff():
                return self._staff(need)
            case Needs(element):
                return self.network.nodes[element]

    def _fallbacks(self, need: Fallbacks) -> int:
        primary = self.requirement(need.primary)
        steps = [
            FallbackStep(
                self.requirement(step.requirement),
                in_units(step.capacity),
                step.activation.total_seconds(),
                _end(step.activation, step.lasts),
            )
            for step in need.steps
        ]
        node = self.reserve()
        self.network.steps[node] = steps
        moments = {each.start for each in steps} | {each.end for each in steps}
        self.network.fallbacks[node] = tuple(
            sorted(moment for moment in moments if 0 < moment < float("inf"))
        )
        children = [primary, *(step.node for step in steps)]
        return self.settle(node, _with_fallbacks(node, primary, steps), children)

    def _staff(self, need: Staff) -> int:
        heads = self.organisation.groups[need.group].heads
        enough = need.amount.needed(heads) * HEAD
        least = need.minimum.needed(heads) * HEAD if need.minimum is not None else enough
        counted = self._counted(need.group, need.using)
        return self.settle(self.reserve(), _staffed(counted, enough, least), (counted,))

    def _counted(self, group: str, using: tuple[str, ...]) -> int:
        key = (group, tuple(sorted(using)))
        if key not in self.network.plans:
            plan = self.workforce.plan(*key)
            node = self.reserve()
            self.network.plans[key] = (node, plan)
            self.network.most[node] = max(UNIT, plan.heads * HEAD)
            self._count(node, plan)
        return self.network.plans[key][0]

    def _count(self, node: int, plan: StaffPlan) -> None:
        places = {spot.location: number for number, spot in enumerate(plan.spots)}
        crowds = [
            (cohort.heads * HEAD, tuple(places[name] for name in cohort.locations))
            for cohort in plan.cohorts
        ]
        spots = []
        children = [self.network.nodes[plan.group]]
        for spot in plan.spots:
            here, entry = self.network.nodes[spot.location], self.network.entries[spot.location]
            uses = [
                (self.path(use.path), None if use.seats is None else use.seats * HEAD)
                for use in spot.paths or ()
            ]
            spots.append(OpenSpot(here, entry, None if spot.paths is None else tuple(uses)))
            children += [here, entry, *(path for path, _ in uses)]
        self.network.spots[node], self.network.crowds[node] = spots, crowds
        self.settle(node, _able(children[0], crowds, spots), dict.fromkeys(children))

    def path(self, name: str) -> int:
        if name not in self.network.paths:
            needs = self.organisation.paths[name].needs
            self.network.paths[name] = self.requirement(needs)
        return self.network.paths[name]


def opening(spot: OpenSpot, values: Values) -> Opening:
    """What of a spot is open, by these values."""
    inside = values[spot.location]
    presence = inside - (UNIT - values[spot.entry]) if inside else 0
    if presence <= 0:
        return CLOSED
    if spot.uses is None:
        return presence, None
    seats = 0
    for path, limit in spot.uses:
        capacity = values[path]
        if capacity and limit is None:
            return presence, None
        seats += part(limit or 0, capacity)
    return (presence, seats) if seats else CLOSED


def _end(activation: timedelta, lasts: timedelta | None) -> float:
    return float("inf") if lasts is None else (activation + lasts).total_seconds()


def _always(_values: Values, _situation: Situation) -> int:
    return UNIT


def _own(node: int) -> Rule:
    return lambda _values, situation: situation.own[node]


def _element(node: int, needed: tuple[int, ...]) -> Rule:
    if not needed:
        return _own(node)
    if len(needed) == 1:
        (only,) = needed
        return lambda values, situation: situation.own[node] if values[only] else 0

    def rule(values: Values, situation: Situation) -> int:
        for child in needed:
            if not values[child]:
                return 0
        return situation.own[node]

    return rule


def _function(node: int, needs: int, least: int) -> Rule:
    def rule(values: Values, situation: Situation) -> int:
        capacity = min(values[needs], situation.own[node])
        return capacity if capacity >= least else 0

    return rule


def _entry(node: int, outer: tuple[int, ...]) -> Rule:
    if not outer:
        return _own(node)
    (around,) = outer
    return lambda values, situation: max(0, values[around] + situation.own[node] - UNIT)


def _all(children: list[int]) -> Rule:
    if not children:
        return _always
    return lambda values, _situation: min([values[child] for child in children])


def _any(children: list[int]) -> Rule:
    return lambda values, _situation: max([values[child] for child in children])


def _at_least(children: list[int], k: int) -> Rule:
    return lambda values, _situation: sorted([values[child] for child in children])[-k]


def _staffed(counted: int, enough: int, least: int) -> Rule:
    def rule(values: Values, _situation: Situation) -> int:
        count = values[counted]
        if count >= enough:
            return UNIT
        return count * UNIT // enough if count >= least else 0

    return rule


def _with_fallbacks(node: int, primary: int, steps: list[FallbackStep]) -> Rule:
    def rule(values: Values, situation: Situation) -> int:
        best = values[primary]
        if best >= UNIT:
            return UNIT
        elapsed = situation.now - situation.clocks.get(node, situation.now)
        for step in steps:
            if step.start <= elapsed < step.end:
                best = max(best, part(values[step.node], step.capacity))
        return best

    return rule


def _able(group: int, crowds: list[Crowd], spots: list[OpenSpot]) -> Rule:
    return lambda values, _situation: able(
        values[group], crowds, [opening(spot, values) for spot in spots]
    )
