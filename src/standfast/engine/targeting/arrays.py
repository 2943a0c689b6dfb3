"""Array types and the few operations on sorted arrays and half-open ranges that the index uses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

AnyArray = NDArray[Any]
Ints = NDArray[np.int64]
Numbers = NDArray[np.uint32]
Entries = tuple[AnyArray, AnyArray]
Flags = NDArray[np.bool_]

NO_INTS: Ints = np.empty(0, np.int64)


def ints(values: Any) -> Ints:
    """Give `values` as an array of int64."""
    array: Ints = np.asarray(values, dtype=np.int64)
    return array


def distinct(values: Ints) -> Ints:
    """Sort values and drop repeats; the usual single value costs nothing."""
    return values if values.size <= 1 else np.unique(values)


def spread(begins: Ints, ends: Ints) -> Ints:
    """List every number of the ranges [begin, end): shapes (k,), (k,) to (sum of lengths,)."""
    lengths = ends - begins
    before = np.cumsum(lengths) - lengths
    offsets: Ints = np.repeat(begins - before, lengths)
    return offsets + np.arange(offsets.size)


def merge_ranges(begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Unite ranges [begin, end) in any order into sorted, disjoint, non-touching ones."""
    if begins.size <= 1:
        return begins, ends
    order = np.argsort(begins, kind="stable")
    begins, reach = begins[order], np.maximum.accumulate(ends[order])
    fresh = np.flatnonzero(np.concatenate(([True], begins[1:] > reach[:-1])))
    return begins[fresh], reach[np.concatenate((fresh[1:] - 1, [begins.size - 1]))]


def in_ranges(begins: Ints, ends: Ints, values: Ints) -> Flags:
    """Say for each value whether one of the sorted, disjoint ranges holds it."""
    if not begins.size:
        return np.zeros(values.shape, np.bool_)
    at = np.searchsorted(begins, values, side="right") - 1
    inside: Flags = (at >= 0) & (values < ends[at])
    return inside


def sum_equal(keys: Ints, amounts: Ints) -> tuple[Ints, Ints]:
    """Add up the amounts of equal keys; gives sorted distinct keys and their sums."""
    if not keys.size:
        return keys, amounts
    order = np.argsort(keys)
    keys, amounts = keys[order], amounts[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[first], np.add.reduceat(amounts, first)
