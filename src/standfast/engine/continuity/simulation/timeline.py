"""When functions are down, given when leaves are: every stretch between two changes is one trial.

The states between changes go through the same bit-parallel kernels as random trials do, 64 of them
a machine word.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from standfast.engine.continuity.gates import GateGraph
from standfast.engine.continuity.simulation.kernels import Kernel
from standfast.engine.continuity.simulation.programme import Integers, Numbers, Programme, Words
from standfast.engine.continuity.simulation.repairs import Outages

ALL = np.uint64(2**64 - 1)
# States of all nodes at a time.
TABLE_BYTES = 64_000_000


class Downs(NamedTuple):
    """One top is down from `begin` to `end`; `trigger` is the leaf that failed last."""

    stretch: Integers
    begin: Numbers
    end: Numbers
    trigger: Integers


def downs(graph: GateGraph, prog: Programme, found: Outages, kernel: Kernel) -> dict[str, Downs]:
    """Return when every top is down."""
    found = found.picked(found.end > found.begin)
    count = len(found.begin)
    time = np.concatenate((found.begin, found.end))
    stretch = np.concatenate((found.stretch, found.stretch))
    leaf = np.concatenate((found.leaf, found.leaf))
    order = np.lexsort((time, stretch))
    rank = np.empty(2 * count, dtype=np.int64)
    rank[order] = np.arange(2 * count)
    time, stretch, leaf = time[order], stretch[order], leaf[order]

    outages = _Ranked(found.leaf, rank[:count], rank[count:])
    bits = _states(graph, prog, outages, 2 * count, kernel)
    until = np.append(time[1:], 0.0)
    last = np.append(stretch[1:] != stretch[:-1], True)[: len(time)]
    lasting = ~last & (until > time)
    changes = _Changes(stretch[lasting], time[lasting], until[lasting], leaf, lasting)
    return {name: _runs(bits[name], changes) for name in graph.tops}


class _Ranked(NamedTuple):
    """Outages by the numbers of the changes: down in the states from `first` on, before `end`."""

    leaf: Integers
    first: Integers
    end: Integers


def _states(
    graph: GateGraph, prog: Programme, outages: _Ranked, count: int, kernel: Kernel
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.uint8]]]:
    """The state of every top after each change, worked out so many changes at a time."""
    at_once = max(64, TABLE_BYTES // (8 * len(graph))) * 64
    found: dict[str, list[np.ndarray[tuple[int], np.dtype[np.uint8]]]] = {
        name: [np.zeros(0, dtype=np.uint8)] for name in graph.tops
    }
    for begin in range(0, count, at_once):
        end = min(begin + at_once, count)
        here = (outages.first < end) & (outages.end > begin)
        first = np.maximum(outages.first[here], begin) - begin
        last = np.minimum(outages.end[here], end) - begin
        leaves = _filled(len(graph.leaves), end - begin, outages.leaf[here], first, last)
        rows = kernel.evaluated(prog, leaves)
        for name, node in graph.tops.items():
            bits = np.unpackbits(rows[node].view(np.uint8), bitorder="little")
            found[name].append(bits[: end - begin])
    return {name: np.concatenate(parts) for name, parts in found.items()}


class _Changes(NamedTuple):
    """The states that last: where, from when, until when; and who changed at each change."""

    stretch: Integers
    begin: Numbers
    until: Numbers
    leaf: Integers
    lasting: np.ndarray[tuple[int], np.dtype[np.bool_]]


def _filled(leaves: int, states: int, leaf: Integers, first: Integers, end: Integers) -> Words:
    """One row for each leaf with the bits `first` … `end` - 1 set for each of its outages."""
    rows = np.zeros((leaves, -(-states // 64)), dtype=np.uint64)
    if not len(leaf):
        return rows
    last = end - 1
    words = (last >> 6) - (first >> 6) + 1
    owner = np.repeat(np.arange(len(leaf)), words)
    word = np.arange(len(owner)) - np.repeat(np.cumsum(words) - words, words) + (first >> 6)[owner]
    mask = np.full(len(owner), ALL)
    opens = word == (first >> 6)[owner]
    mask[opens] &= ALL << (first[owner[opens]] & 63).astype(np.uint64)
    closes = word == (last >> 6)[owner]
    mask[closes] &= ALL >> (63 - (last[owner[closes]] & 63)).astype(np.uint64)
    np.bitwise_or.at(rows.reshape(-1), leaf[owner] * rows.shape[1] + word, mask)
    return rows


def _runs(bits: np.ndarray[tuple[int], np.dtype[np.uint8]], changes: _Changes) -> Downs:
    """Join neighbouring states in which the top is down."""
    place = np.flatnonzero(changes.lasting)
    down = bits[place].astype(bool)
    fresh = np.append(True, changes.stretch[1:] != changes.stretch[:-1])[: len(down)]
    before = np.append(False, down[:-1])[: len(down)] & ~fresh
    after = np.append(down[1:], False)[: len(down)] & ~np.append(fresh[1:], True)[: len(down)]
    starts, ends = np.flatnonzero(down & ~before), np.flatnonzero(down & ~after)
    return Downs(
        changes.stretch[starts],
        changes.begin[starts],
        changes.until[ends],
        changes.leaf[place[starts]],
    )
