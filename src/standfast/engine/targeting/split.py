"""Splitting an audience: how much of it is below each of some components, or of each service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from standfast.engine.targeting.arrays import ints
from standfast.engine.targeting.index import PlacementIndex
from standfast.engine.targeting.region import Region
from standfast.engine.targeting.resolve import possibly_hit, region_of
from standfast.engine.targeting.scope import Scope


@dataclass(frozen=True)
class Share:
    """The part of an audience that belongs to the component or service `key`."""

    key: int
    tenants: BitMap
    users: int


def split_by(index: PlacementIndex, scope: Scope, components: Sequence[int]) -> list[Share]:
    """Give, for each component in the given order, the placed part of the audience below it.

    Shares overlap where a tenant has users below several components. Tenants that are in only
    because they subscribe, or were included, are below none. Raises UnknownComponents.
    """
    region = region_of(index, scope)
    return [
        _share(index, scope, component, region & index.graph.below([component]), scope.services)
        for component in components
    ]


def split_by_service(index: PlacementIndex, scope: Scope) -> list[Share]:
    """Give, for each service with part of the audience, that part; by ascending service id.

    An unclear scope, and one of whole services, counts the subscribers whose placement is unknown
    too, with no users. Raises UnknownComponents.
    """
    region = region_of(index, scope)
    unplaced = possibly_hit(index, scope) if scope.reaches_unplaced else {}
    shares = []
    for service in sorted(scope.services) or index.services():
        share = _share(index, scope, service, region, frozenset([service]))
        more = unplaced.get(service, BitMap()) - BitMap(scope.exclude)
        share = Share(service, share.tenants | more, share.users)
        if share.tenants:
            shares.append(share)
    return shares


def _share(
    index: PlacementIndex, scope: Scope, key: int, region: Region, services: frozenset[int]
) -> Share:
    measured = index.measure(region, services)
    out = ints(sorted(scope.exclude))
    return Share(
        key,
        tenants=measured.tenants() - BitMap(scope.exclude),
        users=measured.total() - int(measured.users_of(out).sum()),
    )
