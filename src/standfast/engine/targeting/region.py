"""A region: a set of positions, and how to sum it from roll-ups of whole subtrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standfast.engine.targeting.arrays import AnyArray, Flags, Ints, distinct, in_ranges, ints


@dataclass(frozen=True)
class Region:
    """Positions in the sorted, disjoint ranges [begins[k], ends[k]).

    `joints` are the positions that may be inside while their parent in the spanning tree is
    outside, or the other way round: the tops of subtrees put in, and of those taken out.
    """

    begins: Ints
    ends: Ints
    joints: Ints

    def holds(self, positions: AnyArray) -> Flags:
        """Say for each position whether it is inside; -1 is not."""
        return in_ranges(self.begins, self.ends, ints(positions))

    def __and__(self, other: Region) -> Region:
        """Give the positions that are in both."""
        begins, ends = [], []
        mine, theirs = 0, 0
        while mine < self.begins.size and theirs < other.begins.size:
            begin = max(self.begins[mine], other.begins[theirs])
            end = min(self.ends[mine], other.ends[theirs])
            if begin < end:
                begins.append(begin)
                ends.append(end)
            if self.ends[mine] < other.ends[theirs]:
                mine += 1
            else:
                theirs += 1
        joints = np.union1d(self.joints, other.joints)
        return Region(ints(begins), ints(ends), joints)

    def subtrees(self, parent: AnyArray) -> tuple[list[int], list[int]]:
        """Give positions (plus, minus): summing plus subtrees less minus ones sums the region.

        `parent` is the spanning tree by position; positions beyond it have no roll-up. Each
        position of the region is counted once, however many paths lead to it.
        """
        joints = distinct(self.joints[self.joints < len(parent)])
        inside, above = self.holds(joints), self.holds(parent[joints])
        plus: list[int] = joints[inside & ~above].tolist()
        minus: list[int] = joints[~inside & above].tolist()
        return plus, minus
