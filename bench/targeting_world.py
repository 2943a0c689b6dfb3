"""A provider of a chosen size for the targeting measurements: five levels, skewed tenants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REGIONS = 10
SERVICES = 6

Ints = NDArray[np.int64]
Columns = tuple[Ints, ...]


@dataclass(frozen=True)
class World:
    """Columns of components (parent 0: none; position and last: depth first) and placements.

    `asked` names the components to ask about: an id for each label.
    """

    parent: Ints
    position: Ints
    last: Ints
    placements: Columns
    asked: dict[str, int]

    @property
    def edges(self) -> tuple[Ints, Ints]:
        """Give parent and child ids of every edge."""
        children = np.flatnonzero(self.parent) + 1
        return self.parent[children - 1], children


def make_world(tenants: int, components: int, placements: int, seed: int = 1) -> World:
    """Make provider > region > datacenter > server > database, with skewed tenants.

    Each tenant has at least one placement, few have thousands; most are in its home region. A
    database carries one service.
    """
    random = np.random.default_rng(seed)
    inner = [1, REGIONS, max(components // 2_000, REGIONS), max(components // 10, REGIONS)]
    sizes = [*inner, components - sum(inner)]
    starts = np.cumsum([1, *sizes])
    parent = np.zeros(components, np.int64)
    for level in range(1, 5):
        spread = np.arange(sizes[level]) * sizes[level - 1] // sizes[level]
        parent[starts[level] - 1 : starts[level + 1] - 1] = starts[level - 1] + spread
    below = np.ones(components + 1, np.int64)
    for child in range(components, 1, -1):
        below[parent[child - 1]] += below[child]
    position = np.zeros(components + 1, np.int64)
    following = position.copy()
    for child in range(2, components + 1):
        above = parent[child - 1]
        position[child] = position[above] + 1 + following[above]
        following[above] += below[child]

    weights = random.pareto(1.2, tenants) + 0.2
    # A fifth too many, as those that fall on one database twice are dropped.
    most = max(sizes[4] // 40, 2 * placements // tenants)
    scale = 1.0
    while (per_tenant := 1 + np.floor(weights * scale).clip(max=most)).sum() < placements * 1.2:
        scale *= 1.05
    tenant = np.repeat(np.arange(tenants), per_tenant.astype(np.int64))
    region = random.integers(0, REGIONS, tenants)[tenant]
    away = random.random(tenant.size) < 0.05
    region[away] = random.integers(0, REGIONS, int(away.sum()))
    leaves = sizes[4]
    first, stop = region * leaves // REGIONS, (region + 1) * leaves // REGIONS
    leaf = first + (random.random(tenant.size) * (stop - first)).astype(np.int64)
    keys = np.unique(leaf * tenants + tenant)
    assert keys.size >= placements, "too few distinct placements; ask for more components"
    keys = random.permutation(keys)
    kept = np.zeros(keys.size, np.bool_)
    kept[np.unique(keys % tenants, return_index=True)[1]] = True  # nobody loses the only one
    kept[np.flatnonzero(~kept)[: placements - tenants]] = True
    keys = keys[kept]
    component, tenant = keys // tenants + starts[4], keys % tenants
    service = 1 + parent[component - 1] % SERVICES
    users = 1 + np.floor(random.pareto(1.1, keys.size) * 5).clip(max=20_000).astype(np.int64)
    middle = starts[4] + leaves // 2
    asked = {
        "leaf": int(middle),
        "server": int(parent[middle - 1]),
        "region": int(starts[1] + REGIONS // 2),
        "everything": 1,
    }
    last = position + below - 1
    return World(parent, position[1:], last[1:], (component, tenant, service, users), asked)
