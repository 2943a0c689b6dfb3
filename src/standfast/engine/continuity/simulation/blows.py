"""What chosen failures stop: each blow is one trial, 64 of them a machine word."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from standfast.engine.continuity.gates import GateGraph
from standfast.engine.continuity.simulation.evaluating import evaluated
from standfast.engine.continuity.simulation.programme import programme

# So many blows at a time: a table of a hundred thousand nodes stays below 50 MB.
AT_ONCE = 4096


def stopped(graph: GateGraph, blows: Sequence[Collection[int]]) -> dict[str, list[bool]]:
    """Say for every top whether each blow, so many leaves that fail at once, stops it."""
    found: dict[str, list[bool]] = {name: [] for name in graph.tops}
    prog = programme(graph)
    for begin in range(0, len(blows), AT_ONCE):
        part = blows[begin : begin + AT_ONCE]
        rows = np.zeros((len(graph.leaves), -(-len(part) // 64)), dtype=np.uint64)
        for place, leaves in enumerate(part):
            for leaf in leaves:
                rows[leaf, place >> 6] |= np.uint64(1) << np.uint64(place & 63)
        states = evaluated(prog, rows)
        for name, node in graph.tops.items():
            bits = np.unpackbits(states[node].view(np.uint8), bitorder="little")[: len(part)]
            found[name] += bits.astype(bool).tolist()
    return found


def single_points(graph: GateGraph) -> dict[str, tuple[int, ...]]:
    """The leaves that stop each top alone, when nothing else has failed."""
    hit = stopped(graph, [(leaf,) for leaf in range(len(graph.leaves))])
    return {
        name: tuple(leaf for leaf, stops in enumerate(states) if stops)
        for name, states in hit.items()
    }
