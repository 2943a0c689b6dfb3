"""Which services a tenant uses, and on which components its users sit."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from standfast.cli.demo.world.infrastructure import REGIONS, ComponentPlan
from standfast.cli.demo.world.offerings import ServicePlan
from standfast.cli.demo.world.tenants import CAST, TenantPlan

# (tenant, service) → what is known to be where; the rest of its users is spread as usual.
PINNED: Mapping[tuple[str, str], Mapping[str, int]] = {
    ("harrowmere-foods", "mail"): {"MBX-0163": 318, "MBX-0173": 214},
    ("chengxi-precision", "mail"): {"MBX-0166": 190},
}
# The cast is at home only, so that who sees what is easily told; each of them has these services,
# whatever the dice say, so that the story can be told.
ALWAYS = {"mail", "identity", "files", "meetings", "voice", "records"}
UNPLACED = 0.04  # share of subscriptions of which nobody knows where the users are
ABROAD_FROM = 700  # larger tenants have people in a second region
ABROAD = 0.18


@dataclass(frozen=True, slots=True)
class Use:
    """A tenant uses a service with so many seats, spread over components (key → users)."""

    tenant: TenantPlan
    service: ServicePlan
    seats: int
    users_on: Mapping[str, int]


def uses(
    tenants: Iterable[TenantPlan],
    services: Iterable[ServicePlan],
    components: Iterable[ComponentPlan],
    chance: random.Random,
) -> Iterator[Use]:
    """Every subscription with its placements."""
    leaves: dict[tuple[str, str], list[str]] = defaultdict(list)
    for plan in components:
        if plan.is_leaf:
            leaves[plan.service, plan.region].append(plan.key)
    services = list(services)
    for tenant in tenants:
        for service in services:
            if _subscribes(tenant, service, chance):
                yield _use(tenant, service, leaves, chance)


def _subscribes(tenant: TenantPlan, service: ServicePlan, chance: random.Random) -> bool:
    drawn = chance.random()
    if tenant in CAST and service.key in ALWAYS:
        return True
    larger = 0.12 if tenant.size > 300 else 0.0
    return drawn < service.uptake + larger


def _use(
    tenant: TenantPlan,
    service: ServicePlan,
    leaves: Mapping[tuple[str, str], list[str]],
    chance: random.Random,
) -> Use:
    users = max(1, round(tenant.size * service.share))
    seats = users + round(users * chance.uniform(0, 0.1))
    if tenant not in CAST and chance.random() < UNPLACED:
        return Use(tenant, service, seats, {})
    pinned = dict(PINNED.get((tenant.slug, service.key), {}))
    users_on: dict[str, int] = defaultdict(int, pinned)
    for region, part in _regions(tenant, users - sum(pinned.values()), chance):
        free = [key for key in leaves[service.key, region] if key not in pinned]
        for key, count in _spread(part, free, service.together, chance):
            users_on[key] += count
    return Use(tenant, service, seats, dict(users_on))


def _regions(tenant: TenantPlan, users: int, chance: random.Random) -> Iterator[tuple[str, int]]:
    """The tenant's home and, for a large one, a second region, with the users in each."""
    goes_abroad = tenant.size >= ABROAD_FROM and tenant not in CAST
    abroad = round(users * ABROAD) if goes_abroad else 0
    others = [region.key for region in REGIONS if region.key != tenant.home]
    second = chance.choice(others)
    yield tenant.home, users - abroad
    if abroad:
        yield second, abroad


def _spread(
    users: int, leaves: list[str], together: int, chance: random.Random
) -> Iterator[tuple[str, int]]:
    """Split users over as few leaves as `together` asks, unevenly, at least one on each."""
    parts = min(len(leaves), -(-users // together), users)
    chosen = chance.sample(leaves, parts)
    weights = [chance.uniform(0.6, 1.4) for _part in chosen]
    left, weight_left = users, sum(weights)
    for place, (key, weight) in enumerate(zip(chosen, weights, strict=True), start=1):
        rest = parts - place
        share = left if not rest else min(left - rest, max(1, round(left * weight / weight_left)))
        left, weight_left = left - share, weight_left - weight
        yield key, share
