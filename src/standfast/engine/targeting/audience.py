"""An audience: the tenants that a scope reaches, and how many of their users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from pyroaring import BitMap

from standfast.engine.targeting.arrays import Ints, ints


@dataclass(frozen=True)
class Audience:
    """`tenants`: the set of tenant numbers. Users are counted when somebody asks for them.

    Users are those placed in the scope: they are 0 for a tenant that was included by hand, or that
    is in only because it subscribes. A user of two services counts for each.
    """

    tenants: BitMap
    count_users: Callable[[], tuple[Ints, Ints]] = field(repr=False, compare=False)
    count_total: Callable[[], int] = field(repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.tenants)

    @cached_property
    def _users(self) -> tuple[Ints, Ints]:
        placed, users = self.count_users()
        if placed.size == len(self.tenants):
            return placed, users
        tenants = ints(self.tenants.to_array())
        counts = np.zeros(tenants.size, np.int64)
        counts[np.searchsorted(tenants, placed)] = users
        return tenants, counts

    def users_by_tenant(self) -> tuple[Ints, Ints]:
        """Give tenants (ascending, all of `tenants`) and users of each: arrays of equal shape."""
        return self._users

    @cached_property
    def total_users(self) -> int:
        """The users of all tenants together."""
        return self.count_total()


class Comparison(NamedTuple):
    """What became of an audience: who is in now, and who no longer is."""

    added: BitMap
    released: BitMap


def compare(old: BitMap, new: BitMap) -> Comparison:
    """Give the tenants added by, and released by, going from an old audience to a new one."""
    return Comparison(added=new - old, released=old - new)


def largest(audience: Audience, n: int) -> list[tuple[int, int]]:
    """List up to n (tenant, users) with the most users, most first, then by tenant number."""
    tenants, users = audience.users_by_tenant()
    if n <= 0 or not tenants.size:
        return []
    if tenants.size > n:
        least = np.partition(users, tenants.size - n)[tenants.size - n]
        above, equal = np.flatnonzero(users > least), np.flatnonzero(users == least)
        chosen = np.concatenate((above, equal[: n - above.size]))
        tenants, users = tenants[chosen], users[chosen]
    order = np.lexsort((tenants, -users))
    return list(zip(tenants[order].tolist(), users[order].tolist(), strict=True))
