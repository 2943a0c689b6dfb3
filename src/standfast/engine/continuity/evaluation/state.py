"""The values of a network at one moment, and what changes when something in it does.

A change re-evaluates what depends on it and nothing else. In a circle of dependencies everything
is taken to work unless something outside of the circle says otherwise: the greatest fixed point.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from standfast.engine.continuity.evaluation.network import Network, Situation, Values
from standfast.engine.continuity.model.events import Aspect
from standfast.engine.continuity.workforce import HEAD, UNIT

_AGES_AGO = -1e15


class State:
    """Values of every node. `now` is in seconds since the scenario began."""

    __slots__ = ("clocks", "lost", "network", "now", "own", "values")

    def __init__(self, network: Network) -> None:
        """Everything is there."""
        count = len(network.rules)
        self.network = network
        self.now = 0.0
        self.own: Values = [UNIT] * count
        self.lost: dict[int, int] = {}  # what effects take of a node, added up
        self.clocks: dict[int, float] = {}
        self.values: Values = [UNIT] * count
        self._all_anew()
        self._start_clocks()

    def copy(self) -> State:
        """A state of its own with the same values."""
        other = State.__new__(State)
        other.network, other.now = self.network, self.now
        other.own, other.values = self.own.copy(), self.values.copy()
        other.lost, other.clocks = self.lost.copy(), self.clocks.copy()
        return other

    def value(self, element: str) -> int:
        """The capacity of an element, in units."""
        return self.values[self.network.nodes[element]]

    def able(self, group: str, using: tuple[str, ...] = ()) -> int:
        """How many people of a group can work; a staffing must ask for them like this."""
        node, _plan = self.network.plans[group, tuple(sorted(using))]
        return self.values[node] // HEAD

    def lose(self, element: str, units: int, aspect: Aspect = Aspect.WHOLE) -> int:
        """Take so much of an element (give it back when negative); returns the node to settle."""
        nodes = self.network.entries if aspect is Aspect.ENTRY else self.network.nodes
        node = nodes[element]
        lost = self.lost.get(node, 0) + units
        if lost:
            self.lost[node] = lost
        else:
            self.lost.pop(node, None)
        self.own[node] = max(0, UNIT - lost)
        return node

    def settle(self, touched: Iterable[int]) -> set[int]:
        """Work out anew what depends on these nodes. Returns the nodes whose values changed."""
        network, values = self.network, self.values
        rules, single, above = network.rules, network.single, network.above
        situation = Situation(self.own, self.clocks, self.now)
        waiting = list({network.rank[node] for node in touched})
        heapify(waiting)
        queued = bytearray(len(single))
        changed: set[int] = set()
        while waiting:
            place = heappop(waiting)
            queued[place] = False
            node = single[place]
            if node >= 0:
                value = rules[node](values, situation)
                if value == values[node]:
                    continue
                values[node] = value
                news: Iterable[int] = (node,)
            else:
                news = self._circle(network.order[place], situation)
            for each in news:
                changed.add(each)
                for higher in above[each]:
                    if not queued[higher]:
                        queued[higher] = True
                        heappush(waiting, higher)
        return changed

    def _circle(self, component: list[int], situation: Situation) -> list[int]:
        """Settle a circle: begin with everything working and take away what cannot be."""
        values, network = self.values, self.network
        before = [values[node] for node in component]
        inside = set(component)
        for node in component:
            values[node] = network.most.get(node, UNIT)
        waiting = component.copy()
        queued = set(waiting)
        while waiting:
            node = waiting.pop()
            queued.discard(node)
            value = network.rules[node](values, situation)
            if value < values[node]:
                values[node] = value
                for parent in network.parents[node]:
                    if parent in inside and parent not in queued:
                        queued.add(parent)
                        waiting.append(parent)
        return [node for node, was in zip(component, before, strict=True) if values[node] != was]

    def keep_time(self, changed: Iterable[int]) -> list[tuple[float, int]]:
        """Start and stop the clocks of fallbacks; returns when those that started are to be seen.

        `changed`: the nodes whose values changed, as `settle` told.
        """
        network, moments = self.network, list[tuple[float, int]]()
        touched = {parent for node in changed for parent in network.parents[node]}
        for node in touched & network.fallbacks.keys():
            primary = network.children[node][0]
            if self.values[primary] >= UNIT:
                self.clocks.pop(node, None)
            elif node not in self.clocks:
                self.clocks[node] = self.now
                moments += [(self.now + after, node) for after in network.fallbacks[node]]
        return moments

    def _start_clocks(self) -> None:
        """What is not fully there even on a normal day has had its fallbacks for ages."""
        fresh = True
        while fresh:
            short = [
                node
                for node in self.network.fallbacks
                if node not in self.clocks and self.values[self.network.children[node][0]] < UNIT
            ]
            fresh = bool(short)
            self.clocks.update(dict.fromkeys(short, _AGES_AGO))
            self.settle(short)

    def _all_anew(self) -> None:
        situation = Situation(self.own, self.clocks, self.now)
        for place, component in enumerate(self.network.order):
            node = self.network.single[place]
            if node >= 0:
                self.values[node] = self.network.rules[node](self.values, situation)
            else:
                self._circle(component, situation)
