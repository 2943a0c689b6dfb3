"""A gate graph flattened into arrays, as the kernels walk it.

A threshold gate is counted in binary, one bit plane a machine word: 64 trials are added up at once.
Its counter starts at 2^planes - threshold, so that the threshold is reached exactly when the top
plane is set, and needs no comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from standfast.engine.continuity.gates import Gate, GateGraph, Operator

Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

CODES = {
    Operator.AND: 0,
    Operator.OR: 1,
    Operator.ATLEAST: 2,
    Operator.NOT: 3,
    Operator.XOR: 4,
}


class Programme(NamedTuple):
    """The gates in order: gate g has `children[first[g]:first[g + 1]]`, with `weights` beside them.

    `planes` is the number of binary digits that gate g counts with, `start` what its counter begins
    with (both 0 unless it is a threshold).
    """

    leaf_count: int
    codes: Integers
    first: Integers
    children: Integers
    weights: Integers
    planes: Integers
    start: Integers

    @property
    def gate_count(self) -> int:
        """How many gates there are."""
        return len(self.codes)

    @property
    def node_count(self) -> int:
        """How many rows a table of states has: leaves, then gates."""
        return self.leaf_count + self.gate_count


def programme(graph: GateGraph) -> Programme:
    """Flatten the graph; nodes keep their numbers."""
    counts = [len(gate.children) for gate in graph.gates]
    counting = [_counting(gate) for gate in graph.gates]
    return Programme(
        leaf_count=len(graph.leaves),
        codes=_integers([CODES[gate.operator] for gate in graph.gates]),
        first=_integers([0, *np.cumsum(counts, dtype=np.int64).tolist()]),
        children=_integers([child for gate in graph.gates for child in gate.children]),
        weights=_integers(
            [weight for gate in graph.gates for weight in gate.weights or (1,) * len(gate.children)]
        ),
        planes=_integers([planes for planes, _ in counting]),
        start=_integers([start for _, start in counting]),
    )


def probabilities(graph: GateGraph, given: Sequence[float | None] | None = None) -> Numbers:
    """Return the probability of each leaf.

    `given` overrides a leaf's own unavailability where it is not None (1.0 for what is down now,
    say). Raises ValueError for a leaf with neither, and for one that lies outside of 0..1.
    """
    own = [leaf.unavailability for leaf in graph.leaves]
    if given is not None:
        if len(given) != len(own):
            raise ValueError(f"{len(own)} probabilities are needed, one per leaf")
        own = [mine if other is None else other for mine, other in zip(own, given, strict=True)]
    for leaf, probability in zip(graph.leaves, own, strict=True):
        if probability is None:
            raise ValueError(f"“{leaf.name}” has no unavailability; give one to simulate it")
        if not 0.0 <= probability <= 1.0:
            raise ValueError(f"“{leaf.name}” has the unavailability {probability}, not 0 to 1")
    return np.array(own, dtype=np.float64)


def _integers(values: Sequence[int]) -> Integers:
    return np.array(values, dtype=np.int64)


def _counting(gate: Gate) -> tuple[int, int]:
    if gate.operator is not Operator.ATLEAST:
        return 0, 0
    total = sum(gate.weights) if gate.weights else len(gate.children)
    planes = total.bit_length()
    return planes, (1 << planes) - gate.threshold
