"""Why a tenant is in an audience, or why it is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standfast.engine.targeting.arrays import ints
from standfast.engine.targeting.index import PlacementIndex
from standfast.engine.targeting.resolve import possibly_hit, region_of
from standfast.engine.targeting.scope import Scope


@dataclass(frozen=True)
class Because:
    """One reason. Kinds of being in:

    - `placement`: `users` users of `service` are on `component`, which is in the scope
    - `subscription`: the scope is unclear or means whole services, and where its users of
      `service` are is not known
    - `included`: added by hand

    and of being out:

    - `excluded`: taken out by hand
    - `empty_scope`: nothing is chosen, or only tenants by name and this is not one
    - `no_placement_here`: its users of `service` are on `component`, outside the scope
    - `other_service`: what it has in the chosen components is `users` users of another `service`
    - `no_placement`: it subscribes to `service`, but no placement of its users is known
    - `not_subscribed`: it neither subscribes to nor has users of the services of the scope
    """

    kind: str
    component: int | None = None
    service: int | None = None
    users: int = 0


@dataclass(frozen=True)
class Explanation:
    """Whether a tenant is in, why (largest first), and how many of its users are affected.

    `users`: its users in the scope. `users_total`: all its placed users of the scope's services.
    """

    included: bool
    reasons: tuple[Because, ...]
    users: int
    users_total: int


def explain(index: PlacementIndex, scope: Scope, tenant: int, *, elsewhere: int = 5) -> Explanation:
    """Say whether and why a tenant is in the audience of a scope, in agreement with `resolve`.

    `elsewhere`: most reasons given of a kind that tells where else its users are.
    Raises UnknownComponents.
    """
    rows = index.placements_of(tenant)
    positions = ints([position for position, _, _ in rows])
    inside = region_of(index, scope).holds(positions) if rows else np.zeros(0, np.bool_)
    here, away, other = [], [], []
    for (position, service, users), within in zip(rows, inside.tolist(), strict=True):
        component = index.graph.component(position)
        if scope.services and service not in scope.services:
            if within:
                other.append(Because("other_service", component, service, users))
        elif within:
            here.append(Because("placement", component, service, users))
        else:
            away.append(Because("no_placement_here", component, service, users))
    total = sum(reason.users for reason in here + away)
    if tenant in scope.exclude:
        return Explanation(False, (Because("excluded"),), 0, total)
    reasons = _largest_first(here)
    if scope.reaches_unplaced:
        reasons += [
            Because("subscription", service=service)
            for service, unplaced in possibly_hit(index, scope).items()
            if tenant in unplaced
        ]
    if tenant in scope.include:
        reasons.append(Because("included"))
    if reasons:
        return Explanation(True, tuple(reasons), sum(each.users for each in here), total)
    if not scope.looks_at_placements:
        return Explanation(False, (Because("empty_scope"),), 0, total)
    missed = _largest_first(away)[:elsewhere] + _largest_first(other)[:elsewhere]
    return Explanation(False, tuple(missed or _absent(index, scope, tenant)), 0, total)


def _absent(index: PlacementIndex, scope: Scope, tenant: int) -> list[Because]:
    """Tell apart tenants without any placement: subscribed to the services, or not even that."""
    subscribed = [
        Because("no_placement", service=service)
        for service in sorted(scope.services) or index.subscriptions.services()
        if tenant in index.subscriptions.of(service)
    ]
    return subscribed or [Because("not_subscribed")]


def _largest_first(reasons: list[Because]) -> list[Because]:
    return sorted(reasons, key=lambda each: (-each.users, each.component or 0, each.service or 0))
