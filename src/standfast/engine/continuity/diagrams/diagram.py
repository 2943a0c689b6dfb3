"""A finished diagram: nodes in three columns, children before parents, nodes 0 and 1 the ends.

As a *decision diagram* of a function, node n is "if variable[n] has failed then high[n] else
low[n]", and 0 and 1 are false and true. As a *family* of sets, node n holds the sets of low[n],
and those of high[n] with variable[n] added; 0 is no set at all and 1 is the empty set alone.
Variables are levels: a child's is larger than its parent's.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Diagram:
    """The three columns (32-bit integers) and where to begin."""

    variable: array[int]
    low: array[int]
    high: array[int]
    root: int

    def __len__(self) -> int:
        """Nodes, the two ends included."""
        return len(self.variable)

    @property
    def columns(self) -> tuple[array[int], array[int], array[int]]:
        """Variable, low and high."""
        return self.variable, self.low, self.high


def constant(root: int) -> Diagram:
    """The diagram of an end: 0 or 1."""
    ends = array("i", (END_LEVEL, END_LEVEL))
    return Diagram(ends, array("i", (0, 1)), array("i", (0, 1)), root)


END_LEVEL = (1 << 31) - 1
"""The level of the two ends, below every variable."""


def trimmed(
    variable: array[int] | list[int],
    low: array[int] | list[int],
    high: array[int] | list[int],
    root: int,
) -> Diagram:
    """What of these columns can be reached from `root`, in the same order."""
    reached = bytearray(len(variable))
    reached[0] = reached[1] = reached[root] = 1
    for node in range(root, 1, -1):
        if reached[node]:
            reached[low[node]] = reached[high[node]] = 1
    moved = [0] * (root + 1)
    columns = (array("i", (END_LEVEL,) * 2), array("i", (0, 1)), array("i", (0, 1)))
    count = 0
    for node in range(max(root, 1) + 1):
        if not reached[node]:
            continue
        if node > 1:
            columns[0].append(variable[node])
            columns[1].append(moved[low[node]])
            columns[2].append(moved[high[node]])
        if node <= root:
            moved[node] = count
        count += 1
    return Diagram(*columns, moved[root])
