"""Placements and subscriptions that changed since the index was built: a small overlay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from pyroaring import BitMap

from standfast.engine.targeting.arrays import NO_INTS, Flags, Ints, ints, sum_equal
from standfast.engine.targeting.region import Region
from standfast.engine.targeting.tables import Tables


@dataclass(frozen=True)
class PendingPlacements:
    """Changed placement rows, columns of equal shape (k,), no (position, tenant, service) twice.

    `users` is the count now, `before` the count in the built arrays (0 for a new row).
    """

    position: Ints = field(default_factory=lambda: NO_INTS)
    tenant: Ints = field(default_factory=lambda: NO_INTS)
    service: Ints = field(default_factory=lambda: NO_INTS)
    users: Ints = field(default_factory=lambda: NO_INTS)
    before: Ints = field(default_factory=lambda: NO_INTS)

    def __len__(self) -> int:
        return self.position.size

    def merged(
        self, tables: Tables, rows: Iterable[tuple[int, int, int, int]]
    ) -> PendingPlacements:
        """Add (position, tenant, service, users) rows; of several for one key the last counts."""
        latest = {row[:3]: row[3] for row in rows}
        if not latest:
            return self
        keys = list(latest)
        before = [built_users(tables, *key) for key in keys]
        fresh = ints(keys).T
        position = np.concatenate((self.position, fresh[0]))
        tenant = np.concatenate((self.tenant, fresh[1]))
        service = np.concatenate((self.service, fresh[2]))
        order = np.lexsort((service, tenant, position))  # stable: the later row comes last
        same = np.ones(order.size - 1, np.bool_)
        for column in (position, tenant, service):
            same &= column[order][1:] == column[order][:-1]
        kept = order[np.append(~same, True)]
        return PendingPlacements(
            position[kept],
            tenant[kept],
            service[kept],
            np.concatenate((self.users, ints(list(latest.values()))))[kept],
            np.concatenate((self.before, ints(before)))[kept],
        )

    def differences(self, region: Region, services: frozenset[int]) -> tuple[Ints, Ints]:
        """Give the tenants (ascending) that changed in a region and by how many users, not 0."""
        if not len(self):
            return NO_INTS, NO_INTS
        chosen: Flags = region.holds(self.position)
        if services:
            chosen &= np.isin(self.service, ints(sorted(services)))
        tenants, delta = sum_equal(self.tenant[chosen], (self.users - self.before)[chosen])
        return tenants[delta != 0], delta[delta != 0]

    def rows(self, tenant: int) -> dict[tuple[int, int], int]:
        """Give a tenant's changed rows: (position, service) to users."""
        mine = self.tenant == tenant
        keys = zip(self.position[mine].tolist(), self.service[mine].tolist(), strict=True)
        return dict(zip(keys, self.users[mine].tolist(), strict=True))


def built_users(tables: Tables, position: int, tenant: int, service: int) -> int:
    """Give the users of one placement in the built arrays, 0 when there is none."""
    positions, services, users = tables.rows(tenant)
    found = users[(positions == position) & (services == service)]
    return int(found[0]) if found.size else 0


@dataclass(frozen=True)
class Subscriptions:
    """Who subscribes to what: the built sets, and whole new sets for services that changed."""

    tables: Tables
    changed: Mapping[int, BitMap] = field(default_factory=dict)

    def services(self) -> list[int]:
        """List the services that have, or had, subscribers; ascending."""
        return sorted({*self.tables.subscribed_services(), *self.changed})

    def of(self, service: int) -> BitMap:
        """Give the subscribers of a service as a new set."""
        changed = self.changed.get(service)
        return self.tables.subscribers(service) if changed is None else changed.copy()

    def merged(self, rows: Iterable[tuple[int, int, bool]]) -> Subscriptions:
        """Apply (service, tenant, subscribed) rows in order."""
        changed = dict(self.changed)
        own: dict[int, BitMap] = {}
        for service, tenant, subscribed in rows:
            if service not in own:
                own[service] = changed[service] = self.of(service)
            if subscribed:
                own[service].add(tenant)
            else:
                own[service].discard(tenant)
        return Subscriptions(self.tables, changed) if own else self
