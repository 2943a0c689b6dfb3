"""Which leaves have failed in each of a stretch of trials, by numpy.

A rare failure jumps from one failed trial to the next (the gap is geometric), so it costs what
fails. A common one compares 64 uniform numbers with its probability at a time, binary digit by
digit from the first, until all 64 are decided: some seven random words for 64 trials.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from standfast.engine.continuity.simulation.programme import Integers, Numbers, Words
from standfast.engine.continuity.simulation.streams import keys, units, words

STRETCH_WORDS = 1024
STRETCH_TRIALS = STRETCH_WORDS * 64
# Below this jumping is the cheaper of the two (measured with the compiled kernel).
JUMPING = 0.06
DIGITS = 53
ALL = np.uint64(2**64 - 1)
# Draws at once, so that they stay near the processor.
GROUP_DRAWS = 1 << 17


class Chances(NamedTuple):
    """How each leaf is drawn: by jumps when `stride` is below 0, else by digits.

    `stride` is 1 / log(1 - p), which turns the logarithm of a uniform number into a gap; `digits`
    is p as a whole number of 2^-53. `flipped` leaves fail so often that their *not* failing is
    drawn.
    """

    stride: Numbers
    flipped: np.ndarray[tuple[int], np.dtype[np.bool_]]
    digits: Words


def chances(probability: Numbers) -> Chances:
    """Decide how to draw each leaf."""
    flipped = probability > 1.0 - JUMPING
    rarer = np.where(flipped, 1.0 - probability, probability)
    jumping = (rarer > 0.0) & (rarer < JUMPING)
    stride = np.zeros(len(rarer))
    stride[jumping] = 1.0 / np.log1p(-rarer[jumping])
    digits = np.where(jumping, 0.0, np.floor(rarer * 2.0**DIGITS)).astype(np.uint64)
    return Chances(stride, flipped, digits)


def sampled(how: Chances, *, seed: int, stretch: int) -> Words:
    """Return one row for each leaf; bit t of word w is trial 64 w + t of the stretch."""
    count = len(how.stride)
    rows = np.zeros((count, STRETCH_WORDS), dtype=np.uint64)
    key = keys(seed, stretch, count)
    jumping = np.flatnonzero(how.stride < 0.0)
    for group in _groups(jumping, how.stride):
        _jump(rows, group, key[group], how.stride[group])
    for leaf in np.flatnonzero(how.stride == 0.0):
        rows[leaf] = _by_digits(key[leaf], int(how.digits[leaf]))
    rows[how.flipped] ^= ALL
    return rows


def _draws(stride: Numbers) -> Integers:
    mean = STRETCH_TRIALS * -np.expm1(1.0 / stride)
    draws: Integers = np.ceil(mean + 8.0 * np.sqrt(mean) + 16.0).astype(np.int64)
    return draws


def _groups(leaves: Integers, stride: Numbers) -> list[Integers]:
    if not len(leaves):
        return []
    bins = np.cumsum(_draws(stride[leaves])) // GROUP_DRAWS
    return np.split(leaves, np.flatnonzero(np.diff(bins)) + 1)


def _jump(rows: Words, leaves: Integers, key: Words, stride: Numbers) -> None:
    draws = _draws(stride)
    while True:
        first = np.cumsum(draws) - draws
        owner = np.repeat(np.arange(len(leaves)), draws)
        drawn = units(words(key[owner], (np.arange(len(owner)) - first[owner]).astype(np.uint64)))
        with np.errstate(over="ignore"):
            gaps = np.minimum(np.log(drawn) * stride[owner], STRETCH_TRIALS).astype(np.int64) + 1
        total = np.cumsum(gaps)
        before = total[first] - gaps[first]
        position = total - before[owner] - 1
        if (position[first + draws - 1] >= STRETCH_TRIALS).all():
            break
        draws = draws * 2
    hit = position < STRETCH_TRIALS
    place = leaves[owner[hit]] * STRETCH_WORDS + (position[hit] >> 6)
    if len(place):
        bits = np.uint64(1) << (position[hit] & 63).astype(np.uint64)
        starts = np.concatenate(([0], np.flatnonzero(np.diff(place)) + 1))
        rows.reshape(-1)[place[starts]] = np.bitwise_or.reduceat(bits, starts)


def _by_digits(key: np.uint64, digits: int) -> Words:
    less = np.zeros(STRETCH_WORDS, dtype=np.uint64)
    undecided = np.full(STRETCH_WORDS, ALL)
    base = np.arange(STRETCH_WORDS, dtype=np.uint64) * np.uint64(64)
    for place in range(DIGITS):
        rest = digits & ((1 << (DIGITS - place)) - 1)
        if rest == 0 or not undecided.any():
            break
        drawn = words(np.full(STRETCH_WORDS, key), base + np.uint64(place))
        if digits >> (DIGITS - 1 - place) & 1:
            less |= undecided & ~drawn
            undecided &= drawn
        else:
            undecided &= ~drawn
    return less
