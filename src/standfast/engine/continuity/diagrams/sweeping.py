"""Sweeping the compiled kernel's table: only what is still needed stays, in the same order."""

from __future__ import annotations

import numpy as np
from numba import njit

from standfast.engine.continuity.diagrams.machine import (
    CACHED,
    COUNT,
    DEPTH,
    LEFT,
    RESULT,
    RIGHT,
    WORK,
    Ints,
    Tables,
    rehash,
)


@njit(cache=True)
def sweep(tables: Tables, registers: Ints, needed: Ints, now: int, right_is_ours: bool) -> int:
    """Keep what registers needed at `now` or later, and the stack, refer to; the nodes left."""
    nodes, stack, state = tables.nodes, tables.stack, tables.state
    count = state[COUNT]
    kept = np.zeros(count, np.uint8)
    kept[:2] = 1
    for register in range(registers.shape[0]):
        if needed[register] >= now:
            kept[registers[register]] = 1
    for frame in range(state[DEPTH]):
        kept[stack[frame, 0]] = 1
        if right_is_ours:
            kept[stack[frame, 1]] = 1
        if stack[frame, 2] > 0:
            kept[stack[frame, 2]] = 1
    kept[state[LEFT]] = 1
    if right_is_ours:
        kept[state[RIGHT]] = 1
    if state[RESULT] > 0:
        kept[state[RESULT]] = 1
    for node in range(count - 1, 1, -1):
        if kept[node]:
            kept[nodes[node, 1]] = 1
            kept[nodes[node, 2]] = 1
    moved = np.zeros(count, np.int32)
    moved[1] = 1
    place = 2
    for node in range(2, count):
        if kept[node]:
            moved[node] = place
            nodes[place, 0] = nodes[node, 0]
            nodes[place, 1] = moved[nodes[node, 1]]
            nodes[place, 2] = moved[nodes[node, 2]]
            place += 1
    for register in range(registers.shape[0]):
        registers[register] = moved[registers[register]] if needed[register] >= now else 0
    for frame in range(state[DEPTH]):
        stack[frame, 0] = moved[stack[frame, 0]]
        if right_is_ours:
            stack[frame, 1] = moved[stack[frame, 1]]
        if stack[frame, 2] > 0:
            stack[frame, 2] = moved[stack[frame, 2]]
    state[LEFT] = moved[state[LEFT]]
    if right_is_ours:
        state[RIGHT] = moved[state[RIGHT]]
    if state[RESULT] > 0:
        state[RESULT] = moved[state[RESULT]]
    state[COUNT] = place
    tables.keys[: state[CACHED] + 1] = 0
    state[WORK] = 0
    rehash(tables)
    return place


@njit(cache=True)
def trim(nodes: Ints, count: int, root: int) -> tuple[Ints, int]:
    """The three columns of what `root` needs, and the root's new place."""
    kept = np.zeros(count, np.uint8)
    kept[:2] = 1
    kept[root] = 1
    for node in range(count - 1, 1, -1):
        if kept[node]:
            kept[nodes[node, 1]] = 1
            kept[nodes[node, 2]] = 1
    moved = np.zeros(count, np.int32)
    columns = np.empty((3, int(kept.sum())), np.int32)
    place = 0
    for node in range(count):
        if kept[node]:
            moved[node] = place
            columns[0, place] = nodes[node, 0]
            columns[1, place] = moved[nodes[node, 1]]
            columns[2, place] = moved[nodes[node, 2]]
            place += 1
    return columns, moved[root]
