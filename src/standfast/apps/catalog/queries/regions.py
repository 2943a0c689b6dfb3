"""The regions in which parts of the infrastructure stand, and those that a tenant is on."""

from __future__ import annotations

from collections.abc import Iterable

from standfast.apps.catalog.models import Component, ComponentEdge, Placement
from standfast.apps.catalog.queries.audiences import REGION
from standfast.apps.tenancy.models import Organisation

_CHUNK = 5_000


def regions_of(component_ids: Iterable[int]) -> frozenset[int]:
    """The regions that are these components or stand above them; none when one has none.

    A part outside of every region may hit any of them, so no region can be named.
    """
    parents = _everything_above(set(component_ids))
    regions = set(
        Component.objects.filter(pk__in=parents.keys(), kind=REGION).values_list("id", flat=True)
    )
    found: set[int] = set()
    for start in component_ids:
        mine = _climb(start, parents) & regions
        if not mine:
            return frozenset()
        found |= mine
    return frozenset(found)


def regions_to_choose(tenant: Organisation) -> list[Component]:
    """The regions that the tenant's users are placed in, by name."""
    placed = Placement.objects.filter(tenant=tenant).values_list("component", flat=True)
    parents = _everything_above(set(placed.distinct()[:_CHUNK]))
    rows = Component.objects.filter(pk__in=parents.keys(), kind=REGION, retired_at__isnull=True)
    return list(rows.order_by("name", "id"))


def _everything_above(components: set[int]) -> dict[int, set[int]]:
    """Each of the components, and each above one, with its parents; a query for each level."""
    parents: dict[int, set[int]] = {one: set() for one in components}
    level = components
    while level:
        edges = ComponentEdge.objects.filter(child__in=level).values_list("child", "parent")
        above = set()
        for child, parent in edges:
            parents[child].add(parent)
            above.add(parent)
        level = above - parents.keys()
        parents |= {one: set() for one in level}
    return parents


def _climb(start: int, parents: dict[int, set[int]]) -> set[int]:
    seen, todo = {start}, [start]
    while todo:
        new = parents[todo.pop()] - seen
        seen |= new
        todo += new
    return seen
