"""A scenario lived through: from change to change, no clock in between.

States change only when an effect begins or ends, an element is restored, or a fallback becomes
ready or is used up. Between such moments nothing needs to be evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush

from standfast.engine.continuity.evaluation.causes import ENDLESS, Cause
from standfast.engine.continuity.evaluation.state import State


def live_through(
    normal: State, causes: Iterable[Cause], *, until: float = ENDLESS
) -> Iterator[tuple[State, set[int]]]:
    """Yield the state after each moment at which something changed, and the changed nodes.

    `normal`: the state before anything happens; it is left as it is. The state yielded is the same
    object every time; copy it to keep it.
    """
    state = normal.copy()
    changes = _changes(causes)
    heapify(changes)
    due: list[tuple[float, int]] = []  # when a node of fallbacks is to be looked at
    while changes or due:
        now = min(changes[0][0] if changes else ENDLESS, due[0][0] if due else ENDLESS)
        if now > until:
            return
        state.now = now
        touched: set[int] = set()
        while due and due[0][0] == now:
            touched.add(heappop(due)[1])
        while changes and changes[0][0] == now:
            _, sign, _, cause = heappop(changes)
            touched.add(state.lose(cause.element, sign * cause.units, cause.aspect))
        changed = state.settle(touched)
        for moment in state.keep_time(changed):
            heappush(due, moment)
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
