"""Rolling placements up the spanning tree: per component and service, users by tenant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standfast.engine.targeting.arrays import NO_INTS, Ints, Numbers, sum_equal
from standfast.engine.targeting.errors import TargetingError
from standfast.engine.targeting.intake import Placements
from standfast.engine.targeting.limits import MAX_USERS
from standfast.engine.targeting.numbering import Numbering

ALL_SERVICES = -1
"""Service of a segment that sums the services of a component with more than one."""


@dataclass(frozen=True)
class Rollup:
    """Segments, sorted by (position, service), into two long columns `tenants` and `users`.

    Segment k holds entries [begin[k], begin[k] + count[k]): the distinct tenants, ascending, that
    have users of service[k] anywhere in the tree below position[k], with the sum of these users.
    A position with one service has that one segment; with more, one more for `ALL_SERVICES`.
    """

    tenants: Numbers
    users: Numbers
    position: Ints
    service: Ints
    begin: Ints
    count: Ints
    total: Ints


def roll_up(layout: Numbering, position: Ints, rows: Placements) -> Rollup:
    """Sum placement rows upwards, level by level; `position` (shape (k,)) says where they are.

    Raises TargetingError when a tenant's users of a service, or the identifiers together, exceed
    what the file can hold.
    """
    parent, depth = layout.parent, layout.depth
    tenant = rows.tenant
    services, kind = np.unique(rows.service, return_inverse=True)
    tenants = int(tenant.max()) + 1 if tenant.size else 1
    below = max(services.size, 1) * tenants
    if parent.size * below >= 2**63:
        raise TargetingError("placements: too many components, services and tenants together")
    key = position * below + kind * tenants + tenant
    level_of = depth[position]
    order = np.argsort(level_of, kind="stable")
    deepest = int(depth.max())
    bounds = np.searchsorted(level_of[order], np.arange(deepest + 2))
    parts: list[_Part] = []
    carried, amounts = NO_INTS, NO_INTS
    for level in range(deepest, -1, -1):
        own = order[bounds[level] : bounds[level + 1]]
        carried, amounts = sum_equal(
            np.concatenate((carried, key[own])), np.concatenate((amounts, rows.users[own]))
        )
        if not carried.size:
            continue
        parts.append(_segments(carried, amounts, tenants, max(services.size, 1), services))
        joint = _over_services(carried, amounts, tenants, below)
        if joint[0].size:
            parts.append(_segments(*joint, tenants, 1, np.array([ALL_SERVICES])))
        at = carried // below
        carried = carried + (parent[at] - at) * below
    return _join(parts)


@dataclass(frozen=True)
class _Part:
    tenants: Numbers
    users: Numbers
    position: Ints
    service: Ints
    begin: Ints
    total: Ints


def _segments(key: Ints, users: Ints, tenants: int, kinds: int, services: Ints) -> _Part:
    if int(users.max()) > MAX_USERS:
        worst = int(key[users.argmax()] % tenants)
        raise TargetingError(f"placements: tenant {worst} has more than {MAX_USERS} users")
    group = key // tenants
    begin = np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1])))
    group = group[begin]
    return _Part(
        tenants=(key - np.repeat(group * tenants, np.diff(begin, append=key.size))).astype(
            np.uint32
        ),
        users=users.astype(np.uint32),
        position=group // kinds,
        service=services[group % kinds],
        begin=begin,
        total=np.add.reduceat(users, begin),
    )


def _over_services(key: Ints, users: Ints, tenants: int, below: int) -> tuple[Ints, Ints]:
    """Sum over services, for positions with several, to keys of (position, tenant)."""
    at = key // below
    first = np.flatnonzero(np.concatenate(([True], at[1:] != at[:-1])))
    kind = key // tenants
    several = kind[first] != kind[np.append(first[1:], key.size) - 1]
    chosen = np.repeat(several, np.diff(first, append=key.size))
    key, at = key[chosen], at[chosen]
    return sum_equal(at * tenants + key % tenants, users[chosen])


def _join(parts: list[_Part]) -> Rollup:
    if not parts:
        empty = np.empty(0, np.uint32)
        return Rollup(empty, empty, NO_INTS, NO_INTS, NO_INTS, NO_INTS, NO_INTS)
    sizes = [part.tenants.size for part in parts]
    starts = np.cumsum([0, *sizes[:-1]])
    count = np.concatenate([np.diff(part.begin, append=part.tenants.size) for part in parts])
    begin = np.concatenate([part.begin + s for part, s in zip(parts, starts, strict=True)])
    position = np.concatenate([part.position for part in parts])
    service = np.concatenate([part.service for part in parts])
    order = np.lexsort((service, position))
    return Rollup(
        tenants=np.concatenate([part.tenants for part in parts]),
        users=np.concatenate([part.users for part in parts]),
        position=position[order],
        service=service[order],
        begin=begin[order],
        count=count[order],
        total=np.concatenate([part.total for part in parts])[order],
    )
