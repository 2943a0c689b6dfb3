"""The regions of components and of tenants: what an issue concerns, and what one may choose."""

from __future__ import annotations

import pytest

from standfast.apps.catalog.models import ComponentEdge
from standfast.apps.catalog.queries.regions import regions_of, regions_to_choose
from tests.factories import make_component, make_placement
from tests.factories_incidents import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_a_part_is_in_the_regions_above_it(world: World) -> None:
    assert regions_of([world.first.pk, world.second.pk]) == {world.region.pk}
    assert regions_of([world.region.pk]) == {world.region.pk}
    assert regions_of([]) == frozenset()


def test_a_part_outside_of_every_region_may_hit_any(world: World) -> None:
    loose = make_component(world.provider, "DNS", kind="network")
    assert regions_of([loose.pk]) == frozenset()
    assert regions_of([loose.pk, world.first.pk]) == frozenset()


def test_a_part_of_two_regions_is_in_both(world: World) -> None:
    other = make_component(world.provider, "ASIA", kind="region")
    ComponentEdge.objects.create(parent=other, child=world.server)
    assert regions_of([world.first.pk]) == {world.region.pk, other.pk}


def test_a_tenant_chooses_among_the_regions_its_users_are_in(world: World) -> None:
    asia = make_component(world.provider, "ASIA", kind="region")
    node = make_component(world.provider, "MBX-9", kind="database", below=asia)
    assert regions_to_choose(world.alice) == [world.region]
    make_placement(world.alice, node, world.service, 3)
    assert regions_to_choose(world.alice) == [asia, world.region]
    assert regions_to_choose(world.dora) == []
