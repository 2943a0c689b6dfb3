"""The state of every node in many trials at once, by numpy: a row of words for each node."""

from __future__ import annotations

import numpy as np

from standfast.engine.continuity.simulation.programme import Integers, Programme, Words

ALL = np.uint64(2**64 - 1)


def evaluated(prog: Programme, leaves: Words) -> Words:
    """Return a row for each node, the leaves' own first."""
    rows = np.empty((prog.node_count, leaves.shape[1]), dtype=np.uint64)
    rows[: prog.leaf_count] = leaves
    for gate in range(prog.gate_count):
        span = slice(int(prog.first[gate]), int(prog.first[gate + 1]))
        children = prog.children[span]
        out = rows[prog.leaf_count + gate]
        match int(prog.codes[gate]):
            case 0:
                np.bitwise_and.reduce(rows[children], axis=0, out=out)
            case 1:
                np.bitwise_or.reduce(rows[children], axis=0, out=out)
            case 2:
                planes, start = int(prog.planes[gate]), int(prog.start[gate])
                out[:] = _reaches(rows, children, prog.weights[span], planes=planes, start=start)
            case 3:
                np.bitwise_xor(rows[children[0]], ALL, out=out)
            case _:
                np.bitwise_xor.reduce(rows[children], axis=0, out=out)
    return rows


def _reaches(
    rows: Words, children: Integers, weights: Integers, *, planes: int, start: int
) -> Words:
    counter = np.zeros((planes + 1, rows.shape[1]), dtype=np.uint64)
    for plane in range(planes + 1):
        if start >> plane & 1:
            counter[plane] = ALL
    for child, weight in zip(children.tolist(), weights.tolist(), strict=True):
        _add(counter, rows[child], weight)
    top: Words = counter[planes]
    return top


def _add(counter: Words, mask: Words, weight: int) -> None:
    """Add `weight` to the counters of the trials in `mask`."""
    carry = np.zeros_like(mask)
    lowest = (weight & -weight).bit_length() - 1
    for plane in range(lowest, len(counter)) if weight else ():
        old = counter[plane].copy()
        if weight >> plane & 1:
            counter[plane] ^= mask ^ carry
            carry = (old & (mask | carry)) | (mask & carry)
        else:
            counter[plane] ^= carry
            carry &= old


def counted(rows: Words) -> Integers:
    """Return in how many trials each row has failed."""
    counts: Integers = np.bitwise_count(rows).sum(axis=1, dtype=np.int64)
    return counts
