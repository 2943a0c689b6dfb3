"""Random numbers by position: word `n` of a stream is a function of the stream's key and `n`.

Splitmix64 (Steele, Lea and Flood 2014). A leaf has one stream for each stretch of trials, so the
kernels, and any number of threads, draw the same numbers in whatever order they work.
"""

from __future__ import annotations

import numpy as np

from standfast.engine.continuity.simulation.programme import Numbers, Words

GAMMA = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
TO_UNIT = 2.0**-53


def mixed(values: Words) -> Words:
    """Scatter each word's bits over all of it."""
    values = (values ^ (values >> np.uint64(30))) * FIRST
    values = (values ^ (values >> np.uint64(27))) * SECOND
    return values ^ (values >> np.uint64(31))


def keys(seed: int, stretch: int, leaf_count: int) -> Words:
    """Return the key of each leaf's stream in one stretch of trials."""
    own = np.array([seed % 2**64, stretch % 2**64], dtype=np.uint64)
    base = mixed(mixed(own[:1]) ^ (own[1:] * GAMMA))
    return mixed(base + mixed(np.arange(1, leaf_count + 1, dtype=np.uint64) * GAMMA))


def words(key: Words, position: Words) -> Words:
    """Return the words at these positions of these streams."""
    return mixed(key + (position + np.uint64(1)) * GAMMA)


def units(drawn: Words) -> Numbers:
    """Turn words into numbers above 0 and up to 1."""
    return ((drawn >> np.uint64(11)) + np.uint64(1)).astype(np.float64) * TO_UNIT
