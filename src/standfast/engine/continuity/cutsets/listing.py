"""Minimal cut sets one by one: by order, or the most probable first. Nothing is listed in advance.

A position is a chain of diagrams still to walk through: taking a variable that stands for a module
puts that module's diagram in front. For each node it is known beforehand which orders (or what
best probability) its sets have, so that no walk ends in nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from math import log
from typing import NamedTuple

from standfast.engine.continuity.diagrams.solving import Part


class Chain(NamedTuple):
    """Node `node` of part `place`, then the rest; `promise` is what all of it together can give:

    the orders it has, as bits, or the cost of the most probable set.
    """

    promise: int
    place: int
    node: int
    rest: Chain | None


Taken = tuple[int, "Taken"] | None
"""The leaves taken so far, the last first."""


def in_order(parts: Sequence[Part], *, up_to: int | None = None) -> Iterator[tuple[int, ...]]:
    """The sets with the fewest leaves first, up to an order; each as sorted leaf numbers."""
    walk = _Walk(parts, _orders(parts, up_to), _together)
    start = walk.start()
    for order in range(start.promise.bit_length()):
        if start.promise >> order & 1:
            yield from _of_order(walk, start, order)


def most_probable(
    parts: Sequence[Part], probabilities: Sequence[float]
) -> Iterator[tuple[int, ...]]:
    """The sets, the most probable first; each as sorted leaf numbers.

    Best-first search; the best that a position can still become is known exactly, so each set
    found is the next one. Of equal positions the newest goes on, so that a million equally
    probable sets are not all begun at once.
    """
    costs = [_cost(probability) for probability in probabilities]
    walk = _Walk(parts, _cheapest(parts, costs), int.__add__)
    start = walk.start()
    serial = count(step=-1)
    heap: list[tuple[int, int, int, Chain | None, Taken]] = []
    if parts[-1].family.root:
        heap.append((start.promise, next(serial), 0, start, None))
    while heap:
        _, _, so_far, chain, taken = heappop(heap)
        while chain is not None and chain.node == 1:
            chain = chain.rest
        if chain is None:
            yield _leaves(taken)
            continue
        for following, leaf in walk.steps(chain):
            now = so_far if leaf is None else so_far + costs[leaf]
            with_leaf = taken if leaf is None else (leaf, taken)
            heappush(heap, (now + following.promise, next(serial), now, following, with_leaf))


def _cost(probability: float) -> int:
    """The negative logarithm as a whole number, so that sums are exact and ties are ties."""
    return round(-log(probability) * (1 << 40)) if probability > 0 else 1 << 56


class _Walk:
    """The steps from one position to the next; `join` gives the promise of two diagrams in turn."""

    def __init__(
        self,
        parts: Sequence[Part],
        promises: list[list[int]],
        join: Callable[[int, int], int],
    ) -> None:
        self.parts = parts
        self._promises = promises
        self._join = join

    def start(self) -> Chain:
        last = len(self.parts) - 1
        return self._chain(last, self.parts[last].family.root, None)

    def _chain(self, place: int, node: int, rest: Chain | None) -> Chain:
        own = self._promises[place][node]
        return Chain(own if rest is None else self._join(own, rest.promise), place, node, rest)

    def steps(self, chain: Chain) -> Iterator[tuple[Chain, int | None]]:
        """Without the variable of this position, and with it: the leaf that it stands for."""
        part = self.parts[chain.place]
        family, node = part.family, chain.node
        if family.low[node]:
            yield self._chain(chain.place, family.low[node], chain.rest), None
        name = part.variables[family.variable[node]]
        onward = self._chain(chain.place, family.high[node], chain.rest)
        if name >= 0:
            yield onward, name
        elif self.parts[~name].family.root:
            yield self._chain(~name, self.parts[~name].family.root, onward), None


def _of_order(walk: _Walk, start: Chain, order: int) -> Iterator[tuple[int, ...]]:
    stack: list[tuple[Chain | None, int, Taken]] = [(start, order, None)]
    while stack:
        chain, missing, taken = stack.pop()
        while chain is not None and chain.node == 1:
            chain = chain.rest
        if chain is None:
            yield _leaves(taken)
            continue
        for following, leaf in walk.steps(chain):
            needed = missing if leaf is None else missing - 1
            if needed >= 0 and following.promise >> needed & 1:
                stack.append((following, needed, taken if leaf is None else (leaf, taken)))


def _leaves(taken: Taken) -> tuple[int, ...]:
    found = []
    while taken is not None:
        leaf, taken = taken
        found.append(leaf)
    return tuple(sorted(found))


def _orders(parts: Sequence[Part], up_to: int | None) -> list[list[int]]:
    """For each node the orders of its sets, as bits."""
    limit = -1 if up_to is None else (2 << up_to) - 1
    found: list[list[int]] = []
    for part in parts:
        family = part.family
        own = [
            2 if name >= 0 else found[~name][parts[~name].family.root] for name in part.variables
        ]
        orders = [0, 1]
        nodes = zip(family.variable[2:], family.low[2:], family.high[2:], strict=True)
        for variable, low, high in nodes:
            orders.append((orders[low] | _together(own[variable], orders[high])) & limit)
        found.append(orders)
    return found


def _together(left: int, right: int) -> int:
    """The orders of unions of one set of each."""
    both = 0
    while left:
        lowest = left & -left
        both |= right * lowest
        left ^= lowest
    return both


def _cheapest(parts: Sequence[Part], costs: Sequence[int]) -> list[list[int]]:
    """For each node the cost of the most probable of its sets."""
    found: list[list[int]] = []
    for part in parts:
        family = part.family
        own = [
            costs[name] if name >= 0 else found[~name][parts[~name].family.root]
            for name in part.variables
        ]
        cheapest = [1 << 62, 0]
        nodes = zip(family.variable[2:], family.low[2:], family.high[2:], strict=True)
        for variable, low, high in nodes:
            cheapest.append(min(cheapest[low], own[variable] + cheapest[high]))
        found.append(cheapest)
    return found
