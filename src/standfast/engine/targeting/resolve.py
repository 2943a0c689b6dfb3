"""From a scope to its audience."""

from __future__ import annotations

import numpy as np
from pyroaring import BitMap

from standfast.engine.targeting.arrays import NO_INTS, Ints, ints
from standfast.engine.targeting.audience import Audience
from standfast.engine.targeting.index import PlacementIndex
from standfast.engine.targeting.measure import Measure
from standfast.engine.targeting.region import Region
from standfast.engine.targeting.scope import Scope

_NOWHERE = Region(NO_INTS, NO_INTS, NO_INTS)


def resolve(index: PlacementIndex, scope: Scope) -> Audience:
    """Give exactly the tenants that a scope reaches.

    Those with users placed in it (on its components or below, of its services); when it is unclear
    or means whole services also those that may be hit (see `possibly_hit`); plus those included,
    less those excluded. Raises UnknownComponents.
    """
    region = region_of(index, scope)
    measured = index.measure(region, scope.services)
    tenants = measured.tenants()
    if scope.reaches_unplaced:
        for unplaced in possibly_hit(index, scope).values():
            tenants |= unplaced
    if scope.include:
        tenants |= BitMap(scope.include)
    if scope.exclude:
        tenants -= BitMap(scope.exclude)
    out = ints(sorted(scope.exclude))
    return Audience(
        tenants,
        count_users=lambda: _without(measured, out),
        count_total=lambda: measured.total() - int(measured.users_of(out).sum()),
    )


def region_of(index: PlacementIndex, scope: Scope) -> Region:
    """Give the positions that a scope means. Raises UnknownComponents."""
    if not scope.looks_at_placements:
        return _NOWHERE
    if not scope.components:
        return index.graph.everything()
    return index.graph.below(scope.components)


def possibly_hit(index: PlacementIndex, scope: Scope) -> dict[int, BitMap]:
    """Give, by service, the tenants that such a scope reaches beside those placed in it.

    These subscribe to one of its services, and where their users of that service are is unknown.
    """
    everything = index.graph.everything()
    found = {}
    for service in sorted(scope.services) or index.subscriptions.services():
        subscribers = index.subscriptions.of(service)
        subscribers -= index.measure(everything, frozenset([service])).tenants()
        found[service] = subscribers
    return found


def _without(measured: Measure, out: Ints) -> tuple[Ints, Ints]:
    tenants, users = measured.users()
    if not out.size:
        return tenants, users
    kept = ~np.isin(tenants, out)
    return tenants[kept], users[kept]
