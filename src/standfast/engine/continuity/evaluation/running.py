"""A scenario lived through: from change to change, no clock in between.

States change only when an effect begins or ends, an element is restored, or a fallback becomes
ready or is used up. Between such moments nothing needs to be evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush

from standfast.engine.continuity.evaluation.causes import ENDLESS, Cause
from standfast.engine.continuity.evaluation.network import Network
from standfast.engine.continuity.evaluation.state import State

Change = tuple[float, int, Cause]  # when, +1 begins or -1 ends, what


def live_through(
    normal: State, causes: Iterable[Cause], *, until: float = ENDLESS
) -> Iterator[tuple[State, set[int]]]:
    """Yield the state after each moment at which something changed, and the changed nodes.

    `normal`: the state before anything happens; it is left as it is. The state yielded is the same
    object every time; copy it to keep it.
    """
    state = normal.copy()
    network = state.network
    changes = _changes(causes)
    heapify(changes)
    moments = [when for when, _, _, _ in changes]
    heapify(moments)
    while moments and moments[0] <= until:
        now = state.now = heappop(moments)
        touched = set(_due_fallbacks(network, state, now))
        while changes and changes[0][0] <= now:
            _, sign, _, cause = heappop(changes)
            touched.add(state.lose(cause.element, sign * cause.units, cause.aspect))
        changed = state.settle(touched)
        for later in state.keep_time(changed):
            heappush(moments, later)
        if changed:
            yield state, changed


def state_at(normal: State, causes: Iterable[Cause], moment: float) -> State:
    """The state right after what happens at a moment."""
    last = normal.copy()
    for state, _ in live_through(normal, causes, until=moment):
        last = state
    last.now = moment
    return last


def _changes(causes: Iterable[Cause]) -> list[tuple[float, int, int, Cause]]:
    found: list[tuple[float, int, int, Cause]] = []
    for number, cause in enumerate(causes):
        found.append((cause.start, 1, number, cause))
        if cause.end < ENDLESS:
            found.append((cause.end, -1, number, cause))
    return found


def _due_fallbacks(network: Network, state: State, now: float) -> Iterator[int]:
    for node, since in state.clocks.items():
        if any(since + after == now for after in network.fallbacks[node]):
            yield node
