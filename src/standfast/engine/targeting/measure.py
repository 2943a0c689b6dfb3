"""Measuring a region: its tenants, their users, and the total, from roll-ups and the overlay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from standfast.engine.targeting.arrays import NO_INTS, Entries, Ints, ints, sum_equal
from standfast.engine.targeting.pending import PendingPlacements
from standfast.engine.targeting.region import Region
from standfast.engine.targeting.tables import Tables

_SPARSE = 16
"""Below one entry for this many tenants, sorting entries is cheaper than a counter for each."""


@dataclass(frozen=True)
class Measure:
    """What to add up: roll-up segments to add and to take away, and changes since the build."""

    tables: Tables
    plus: tuple[int, ...] = ()
    minus: tuple[int, ...] = ()
    changed: tuple[Ints, Ints] = (NO_INTS, NO_INTS)

    def tenants(self) -> BitMap:
        """Give the tenants with users in the region, as a new set."""
        sets = [self.tables.bitmap(segment) for segment in self.plus]
        found = sets[0] if len(sets) == 1 else BitMap.union(*sets) if sets else BitMap()
        doubtful = [self.tables.entries(segment)[0] for segment in self.minus]
        if doubtful or self.changed[0].size:
            # Only tenants that something was taken from, or given to, may differ from the union.
            suspects = np.unique(np.concatenate((self.changed[0], *doubtful)))
            there = self.users_of(suspects) > 0
            found |= BitMap(suspects[there].astype(np.uint32))
            found -= BitMap(suspects[~there].astype(np.uint32))
        return found

    def users(self) -> tuple[Ints, Ints]:
        """Give the tenants, ascending, and the users of each: two arrays of equal shape."""
        if len(self.plus) == 1 and not self.minus and not self.changed[0].size:
            found, counts = self.tables.entries(self.plus[0])
            return ints(found), ints(counts)
        terms = [(s, 1) for s in self.plus] + [(s, -1) for s in self.minus]
        room = max(self.tables.tenants, int(self.changed[0].max(initial=-1)) + 1)
        if sum(self.tables.count(segment) for segment, _ in terms) * _SPARSE < room:
            tenants, sums = self._sum_sorted(terms)
        else:
            tenants, sums = self._sum_counted(terms, room)
        return tenants[sums > 0], sums[sums > 0]

    def _sum_sorted(self, terms: list[tuple[int, int]]) -> tuple[Ints, Ints]:
        entries = [self.tables.entries(segment) for segment, _ in terms]
        amounts = [ints(each[1]) * sign for each, (_, sign) in zip(entries, terms, strict=True)]
        keys = np.concatenate([self.changed[0], *(ints(each[0]) for each in entries)])
        return sum_equal(keys, np.concatenate([self.changed[1], *amounts]))

    def _sum_counted(self, terms: list[tuple[int, int]], room: int) -> tuple[Ints, Ints]:
        sums = np.zeros(room, np.int64)
        for segment, sign in terms:
            tenants, users = self.tables.entries(segment)
            if sign > 0:
                sums[tenants] += users
            else:
                sums[tenants] -= users
        sums[self.changed[0]] += self.changed[1]
        return np.arange(room), sums

    def users_of(self, tenants: Ints) -> Ints:
        """Give the users of chosen tenants (sorted, shape (k,)), 0 for those with none."""
        sums = np.zeros(tenants.size, np.int64)
        for segment in self.plus:
            self._add(sums, tenants, self.tables.entries(segment), 1)
        for segment in self.minus:
            self._add(sums, tenants, self.tables.entries(segment), -1)
        self._add(sums, tenants, self.changed, 1)
        return sums

    @staticmethod
    def _add(sums: Ints, wanted: Ints, entries: Entries, sign: int) -> None:
        tenants, users = entries
        if tenants.size:
            at = np.minimum(np.searchsorted(tenants, wanted), tenants.size - 1)
            sums += np.where(tenants[at] == wanted, ints(users[at]), 0) * sign

    def total(self) -> int:
        """Give the number of users of all tenants together."""
        return (
            sum(self.tables.total(segment) for segment in self.plus)
            - sum(self.tables.total(segment) for segment in self.minus)
            + int(self.changed[1].sum())
        )


def measure(
    tables: Tables, pending: PendingPlacements, region: Region, services: frozenset[int]
) -> Measure:
    """Prepare the sums of a region for services (empty: all)."""
    plus, minus = region.subtrees(tables.parent)
    return Measure(
        tables,
        tuple(s for position in plus for s in tables.segments(position, services)),
        tuple(s for position in minus for s in tables.segments(position, services)),
        pending.differences(region, services),
    )
