"""The inner loops of the compiled kernel: integer tables, explicit stacks, no objects.

Every loop can stop after any step and go on later, for all that it knows is in the arrays: that is
how a deadline is kept without a clock in here, and how nodes no longer needed are swept away in
the middle of an operation. Importing this module loads numba; nothing on the quick path does.

Hash table and cache are powers of two and grow with the work done. They are allocated at their
largest and touched only up to the present size, so that what is not used costs no memory.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numba import njit

Ints: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
Whole: TypeAlias = Any
"""An integer of the width that numba chooses."""


class Tables(NamedTuple):
    """All that the loops work on.

    `nodes` has rows of level, low, high and the next node of the same bucket; `stack` rows of
    left, right, the low result (-1: not yet) and the stage. The rest are `buckets` of the hash
    table, `keys` and `values` of the cache, and the `state`.
    """

    nodes: Ints
    buckets: Ints
    keys: Ints
    values: Ints
    stack: Ints
    state: Ints


# The operations: the first three as in `program`, then those on families.
AND: Final = 0
OR: Final = 1
OUTSIDE: Final = 3
APART: Final = 4

# How a loop ended.
DONE: Final = 0
TIRED: Final = 1
FULL: Final = 2

# Places in the state.
COUNT: Final = 0
BUCKETS: Final = 1
CACHED: Final = 2
CAP: Final = 3
DEPTH: Final = 4
LEFT: Final = 5
RIGHT: Final = 6
RESULT: Final = 7
COUNTER: Final = 8
WORK: Final = 9
BUSY: Final = 10
FUEL: Final = 11
ROOM: Final = 12
STATE_SIZE: Final = 13

NO_LIMIT: Final = 63
"""The room for failures when there is no limit to them."""

GOLDEN: Final = -7046029254386353131
"""2 ** 64 divided by the golden ratio, as a signed number: spreads keys by multiplication."""


@njit(cache=True, inline="always")
def _spread(key: Whole) -> Whole:
    mixed = key * GOLDEN
    return mixed ^ (mixed >> 29)


@njit(cache=True)
def rehash(tables: Tables) -> None:
    """Put every node into the hash table again."""
    nodes, buckets, mask = tables.nodes, tables.buckets, tables.state[BUCKETS]
    buckets[: mask + 1] = 0
    for node in range(2, tables.state[COUNT]):
        key = (nodes[node, 1] << 32) ^ (nodes[node, 2] << 3) ^ (nodes[node, 0] << 17)
        place = _spread(key) & mask
        nodes[node, 3] = buckets[place]
        buckets[place] = node


@njit(cache=True)
def node_of(tables: Tables, level: Whole, low: Whole, high: Whole) -> Whole:
    """The node with these parts, made when it is new; -1 when the table is full."""
    nodes, buckets, state = tables.nodes, tables.buckets, tables.state
    if low == high:
        return low
    key = (np.int64(low) << 32) ^ (np.int64(high) << 3) ^ (np.int64(level) << 17)
    place = _spread(key) & state[BUCKETS]
    node = buckets[place]
    while node:
        if nodes[node, 1] == low and nodes[node, 2] == high and nodes[node, 0] == level:
            return node
        node = nodes[node, 3]
    count = state[COUNT]
    if count >= state[CAP]:
        return -1
    nodes[count, 0] = level
    nodes[count, 1] = low
    nodes[count, 2] = high
    nodes[count, 3] = buckets[place]
    buckets[place] = count
    state[COUNT] = count + 1
    if count > state[BUCKETS] and 2 * (state[BUCKETS] + 1) <= buckets.shape[0]:
        state[BUCKETS] = 2 * state[BUCKETS] + 1
        rehash(tables)
    return count


@njit(cache=True)
def _widen(tables: Tables) -> None:
    """Double the cache: what stands at i belongs at i or at i + the old size."""
    keys, values = tables.keys, tables.values
    size = tables.state[CACHED] + 1
    mask = 2 * size - 1
    for place in range(size):
        key = keys[place]
        if key:
            moved = _spread(key) & mask
            if moved != place:
                keys[moved] = key
                values[moved] = values[place]
                keys[place] = 0
    tables.state[CACHED] = mask
    tables.state[WORK] = 0


@njit(cache=True)
def _remember(tables: Tables, key: Whole, result: Whole) -> None:
    state = tables.state
    place = _spread(key) & state[CACHED]
    tables.keys[place] = key
    tables.values[place] = result
    state[WORK] += 1
    if state[WORK] > 2 * state[CACHED] and 2 * (state[CACHED] + 1) <= tables.keys.shape[0]:
        _widen(tables)


@njit(cache=True, inline="always")
def _key(left: Whole, right: Whole, room: Whole, operation: int) -> Whole:
    """A cache key; never 0. Nodes are below 2 ** 27."""
    return ((np.int64(left) << 27 | right) << 6 | room) << 3 | (operation + 1)


@njit(cache=True)
def _end(operation: int, left: Whole, right: Whole) -> Whole:
    """The result of AND, OR, XOR where it is known at once, else -1; left <= right."""
    if left == right:
        return 0 if operation > OR else left
    if left > 1:
        return -1
    if operation == AND:
        return right if left else 0
    if operation == OR:
        return 1 if left else right
    if left == 0:
        return right
    return 1 - right if right <= 1 else -1


@njit(cache=True)
def combine(operation: int, tables: Tables) -> int:
    """AND, OR or XOR of state[LEFT] and state[RIGHT] into state[RESULT].

    The result need be right only where at most state[ROOM] variables are true.
    """
    nodes, keys, values = tables.nodes, tables.keys, tables.values
    stack, state = tables.stack, tables.state
    left, right, result = state[LEFT], state[RIGHT], state[RESULT]
    room = state[ROOM]
    used = 0 if room == NO_LIMIT else 1
    depth = state[DEPTH]
    fuel = state[FUEL]
    status = DONE
    while True:
        if result < 0:
            while room == 0 and left > 1:
                left = np.int64(nodes[left, 1])
            while room == 0 and right > 1:
                right = np.int64(nodes[right, 1])
            if left > right:
                left, right = right, left
            result = _end(operation, left, right)
            if result < 0:
                key = _key(left, right, room, operation)
                place = _spread(key) & state[CACHED]
                if keys[place] == key:
                    result = np.int64(values[place])
        if result < 0:
            if fuel <= 0:
                status = TIRED
                break
            fuel -= 1
            stack[depth, 0] = left
            stack[depth, 1] = right
            stack[depth, 2] = -1
            stack[depth, 3] = room
            depth += 1
            above, below = nodes[left, 0], nodes[right, 0]
            if above <= below:
                left = np.int64(nodes[left, 1])
            if below <= above:
                right = np.int64(nodes[right, 1])
            continue
        if depth == 0:
            break
        left = np.int64(stack[depth - 1, 0])
        right = np.int64(stack[depth - 1, 1])
        room = np.int64(stack[depth - 1, 3])
        above, below = nodes[left, 0], nodes[right, 0]
        if stack[depth - 1, 2] < 0:
            stack[depth - 1, 2] = result
            if above <= below:
                left = np.int64(nodes[left, 2])
            if below <= above:
                right = np.int64(nodes[right, 2])
            room -= used
            result = np.int64(-1)
            continue
        made = node_of(tables, min(above, below), stack[depth - 1, 2], result)
        if made < 0:
            status = FULL
            break
        result = np.int64(made)
        depth -= 1
        _remember(tables, _key(left, right, room, operation), result)
    state[LEFT], state[RIGHT], state[RESULT] = left, right, result
    state[ROOM] = room
    state[DEPTH] = depth
    state[FUEL] = fuel
    return status


@njit(cache=True)
def subtract(operation: int, tables: Tables, others: Ints) -> int:
    """The sets of family state[LEFT] that stay outside of, or apart from, state[RIGHT].

    OUTSIDE: the right side is a coherent function in `others`, and sets that make it true go.
    APART: it is a family in `nodes`, and sets that contain one of its sets go.
    """
    nodes, keys, values = tables.nodes, tables.keys, tables.values
    stack, state = tables.stack, tables.state
    left, right, result = state[LEFT], state[RIGHT], state[RESULT]
    depth = state[DEPTH]
    fuel = state[FUEL]
    status = DONE
    while True:
        if result < 0:
            level = nodes[left, 0]
            while others[right, 0] < level:  # no set on the left has this variable
                right = np.int64(others[right, 1])
            if right <= 1 or left == 0:
                result = np.int64(0) if right == 1 else left
            else:
                key = _key(left, right, NO_LIMIT, operation)
                place = _spread(key) & state[CACHED]
                if keys[place] == key:
                    result = np.int64(values[place])
        if result < 0:
            if fuel <= 0:
                status = TIRED
                break
            fuel -= 1
            stack[depth, 0] = left
            stack[depth, 1] = right
            stack[depth, 2] = 0
            stack[depth, 3] = 0
            depth += 1
            if others[right, 0] == nodes[left, 0]:
                right = np.int64(others[right, 1])
            left = np.int64(nodes[left, 1])
            continue
        if depth == 0:
            break
        left = np.int64(stack[depth - 1, 0])
        right = np.int64(stack[depth - 1, 1])
        stage = stack[depth - 1, 3]
        same = others[right, 0] == nodes[left, 0]
        if stage == 0:
            stack[depth - 1, 2] = result
            stack[depth - 1, 3] = 1 if same and operation == APART else 2
            left = np.int64(nodes[left, 2])
            if same:
                right = np.int64(others[right, 2])
            result = np.int64(-1)
            continue
        if stage == 1:  # apart from the high branch, now also from the low one
            stack[depth - 1, 3] = 2
            left = result
            right = np.int64(others[right, 1])
            result = np.int64(-1)
            continue
        made = stack[depth - 1, 2]
        if result:
            made = node_of(tables, nodes[left, 0], stack[depth - 1, 2], result)
            if made < 0:
                status = FULL
                break
        result = np.int64(made)
        depth -= 1
        _remember(tables, _key(left, right, NO_LIMIT, operation), result)
    state[LEFT], state[RIGHT], state[RESULT] = left, right, result
    state[DEPTH] = depth
    state[FUEL] = fuel
    return status
