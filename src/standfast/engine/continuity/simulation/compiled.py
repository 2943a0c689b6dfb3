"""The same trials by compiled code: sampling, evaluation and counting in one pass (needs numba).

A stretch is worked through in blocks of 64 words, so that the states of a thousand nodes stay in
the processor's cache; each leaf's stream goes on from block to block, which makes the numbers the
same as numpy's.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from standfast.engine.continuity.simulation.programme import Integers, Programme, Words
from standfast.engine.continuity.simulation.sampling import (
    DIGITS,
    STRETCH_TRIALS,
    STRETCH_WORDS,
    Chances,
)
from standfast.engine.continuity.simulation.streams import FIRST, GAMMA, SECOND, TO_UNIT, keys

BLOCK = 64
ALL = np.uint64(2**64 - 1)
ONE = np.uint64(1)
NONE = np.uint64(0)


def _jit(function: Any, **options: Any) -> Any:
    """Compile on first use; keep the code beside the module, where that can be written."""
    try:
        return numba.njit(function, nogil=True, cache=True, **options)
    except RuntimeError:  # no place to keep it: compiled anew by each process
        return numba.njit(function, nogil=True, **options)


def _word(key: Any, position: Any) -> Any:
    value = key + (np.uint64(position) + ONE) * GAMMA
    value = (value ^ (value >> np.uint64(30))) * FIRST
    value = (value ^ (value >> np.uint64(27))) * SECOND
    return value ^ (value >> np.uint64(31))


word = _jit(_word, inline="always")


def _gap(key: Any, position: Any, stride: Any) -> Any:
    drawn = np.float64((word(key, position) >> np.uint64(11)) + ONE) * TO_UNIT
    gap = math.log(drawn) * stride
    return STRETCH_TRIALS + 1 if gap >= STRETCH_TRIALS else np.int64(gap) + 1


gap = _jit(_gap, inline="always")


def _jump(row: Any, stream: Any, stride: Any, begin: Any, fill: Any) -> None:
    """Flip the failed trials of a rare leaf; `stream` is key, next position, words drawn."""
    key, position, number = stream[0], np.int64(stream[1]), np.int64(stream[2])
    for place in range(BLOCK):
        row[place] = fill
    while position < begin + BLOCK * 64:
        offset = position - begin
        row[offset >> 6] ^= ONE << np.uint64(offset & 63)
        position += gap(key, number, stride)
        number += 1
    stream[1] = position
    stream[2] = number


jump = _jit(_jump)


def _compare(row: Any, key: Any, digits: Any, begin: Any, fill: Any) -> None:
    """Compare 64 uniform numbers a word with the probability, digit by digit."""
    for place in range(BLOCK):
        less = NONE
        undecided = ALL
        rest = digits << np.uint64(64 - DIGITS)
        position = begin + place * 64
        while rest != 0 and undecided != 0:
            bits = word(key, position)
            if rest >> np.uint64(63):
                less |= undecided & ~bits
                undecided &= bits
            else:
                undecided &= ~bits
            rest <<= ONE
            position += 1
        row[place] = less ^ fill


compare = _jit(_compare)


def _add(counter: Any, mask: Any, weight: Any, planes: Any) -> None:
    """Add `weight` to the counters of the trials in `mask`; the last row of `counter` carries."""
    width = len(mask)
    carry = counter[-1]
    carry[:] = NONE
    for plane in range(planes + 1):
        digits = counter[plane]
        if weight >> plane & 1:
            for place in range(width):
                old = digits[place]
                digits[place] = old ^ mask[place] ^ carry[place]
                carry[place] = (old & (mask[place] | carry[place])) | (mask[place] & carry[place])
        elif weight >> plane << plane != weight:
            for place in range(width):
                old = digits[place]
                digits[place] = old ^ carry[place]
                carry[place] &= old


add = _jit(_add)


def _threshold(rows: Any, gate: Any, prog: Any, counter: Any) -> None:
    planes = prog.planes[gate]
    for plane in range(planes + 1):
        counter[plane, :] = ALL if prog.start[gate] >> plane & 1 else NONE
    for item in range(prog.first[gate], prog.first[gate + 1]):
        if prog.weights[item]:
            add(counter, rows[prog.children[item]], prog.weights[item], planes)
    rows[prog.leaf_count + gate, :] = counter[planes]


threshold = _jit(_threshold)


def _join(out: Any, child: Any, code: Any) -> None:
    """Take one more child into an AND (0), an OR (1) or an XOR."""
    if code == 0:
        for place in range(len(out)):
            out[place] &= child[place]
    elif code == 1:
        for place in range(len(out)):
            out[place] |= child[place]
    else:
        for place in range(len(out)):
            out[place] ^= child[place]


join = _jit(_join)


def _evaluate(rows: Any, prog: Any, counter: Any) -> None:
    for gate in range(len(prog.codes)):
        code = prog.codes[gate]
        if code == 2:
            threshold(rows, gate, prog, counter)
            continue
        out = rows[prog.leaf_count + gate]
        begin = prog.first[gate]
        child = rows[prog.children[begin]]
        flip = ALL if code == 3 else NONE
        for place in range(len(out)):
            out[place] = child[place] ^ flip
        for item in range(begin + 1, prog.first[gate + 1]):
            join(out, rows[prog.children[item]], code)


evaluate = _jit(_evaluate)


def _count_rows(rows: Any, counts: Any) -> None:
    for node in range(len(rows)):
        total = NONE
        for place in range(rows.shape[1]):
            value = rows[node, place]
            value -= (value >> ONE) & np.uint64(0x5555555555555555)
            value = (value & np.uint64(0x3333333333333333)) + (
                (value >> np.uint64(2)) & np.uint64(0x3333333333333333)
            )
            value = (value + (value >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
            total += (value * np.uint64(0x0101010101010101)) >> np.uint64(56)
        counts[node] += np.int64(total)


count_rows = _jit(_count_rows)


def _count_stretch(streams: Any, how: Any, prog: Any, rows: Any, counter: Any) -> Any:
    counts = np.zeros(len(rows), dtype=np.int64)
    for leaf in range(prog.leaf_count):
        if how.stride[leaf] < 0.0:
            streams[leaf, 1] = gap(streams[leaf, 0], 0, how.stride[leaf]) - 1
            streams[leaf, 2] = 1
    for block in range(STRETCH_WORDS // BLOCK):
        begin = block * BLOCK * 64
        for leaf in range(prog.leaf_count):
            fill = ALL if how.flipped[leaf] else NONE
            if how.stride[leaf] < 0.0:
                jump(rows[leaf], streams[leaf], how.stride[leaf], begin, fill)
            else:
                compare(rows[leaf], streams[leaf, 0], how.digits[leaf], begin, fill)
        evaluate(rows, prog, counter)
        count_rows(rows, counts)
    return counts


count_stretch = _jit(_count_stretch)


def counted(prog: Programme, how: Chances, *, seed: int, stretch: int) -> Integers:
    """Return in how many trials of the stretch each node has failed."""
    streams = np.zeros((prog.leaf_count, 3), dtype=np.uint64)
    streams[:, 0] = keys(seed, stretch, prog.leaf_count)
    rows = np.empty((prog.node_count, BLOCK), dtype=np.uint64)
    counts: Integers = count_stretch(streams, how, prog, rows, _counter(prog, BLOCK))
    return counts


def evaluated(prog: Programme, leaves: Words) -> Words:
    """Return a row for each node, the leaves' own first."""
    rows = np.empty((prog.node_count, leaves.shape[1]), dtype=np.uint64)
    rows[: prog.leaf_count] = leaves
    evaluate(rows, prog, _counter(prog, leaves.shape[1]))
    return rows


def _counter(prog: Programme, width: int) -> Words:
    """Room for the planes of the largest threshold, and a row for the carry."""
    return np.empty((int(prog.planes.max(initial=0)) + 2, width), dtype=np.uint64)
