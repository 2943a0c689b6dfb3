"""Thousands of tenants: large segments, Roaring bytes, sums by counter and by sorting."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from standfast.engine.targeting import Change, EdgeChange, PlacementChange, PlacementIndex, Scope
from standfast.engine.targeting import resolve as ask
from tests.engine.targeting.reference import World
from tests.engine.targeting.worlds import makes_cycle

COMPONENTS, TENANTS, SERVICES = 400, 3_000, (1, 2, 9)


@pytest.fixture(scope="module")
def world() -> World:
    """A tree of 400 components with 30 further links, 20,000 skewed placements."""
    random = np.random.default_rng(11)
    world = World()
    world.add_component(1)
    for child in range(2, COMPONENTS + 1):
        world.add_edge(int(random.integers(1, max(2, child // 3))), child)
    for _ in range(30):
        pair = sorted(random.choice(COMPONENTS, 2, replace=False) + 1)
        world.add_edge(int(pair[0]), int(pair[1]))
    columns = (
        random.integers(1, COMPONENTS + 1, 20_000),
        (random.power(0.5, 20_000) * TENANTS).astype(np.int64),
        random.choice(SERVICES, 20_000),
        random.integers(1, 500, 20_000),
    )
    world.db.executemany(
        "INSERT OR REPLACE INTO placement VALUES (?, ?, ?, ?)",
        zip(*(column.tolist() for column in columns), strict=True),
    )
    return world


def assert_same(index: PlacementIndex, world: World, scope: Scope) -> None:
    audience, expected = ask(index, scope), world.audience(scope)
    tenants, users = audience.users_by_tenant()
    assert dict(zip(tenants.tolist(), users.tolist(), strict=True)) == expected
    assert audience.tenants.to_array().tolist() == sorted(expected)
    assert audience.total_users == sum(expected.values())


SCOPES = [
    Scope(components=frozenset([1])),
    Scope(components=frozenset([2, 3]), services=frozenset([1])),
    Scope(components=frozenset([4, 40, 150]), services=frozenset([1, 9])),
    Scope(components=frozenset([399])),
    Scope(components=frozenset(range(300, 337)), exclude=frozenset(range(50))),
    Scope(services=frozenset([2]), include=frozenset([2_999, 5_000])),
]


def test_large_segments_are_answered_as_sql_answers_them(world: World, tmp_path: Path) -> None:
    built = world.index()
    built.save(tmp_path / "places.index")
    for index in (built, PlacementIndex.open(tmp_path / "places.index")):
        for scope in SCOPES:
            assert_same(index, world, scope)


def test_large_segments_with_many_changes_are_answered_as_sql_answers_them(world: World) -> None:
    random = np.random.default_rng(12)
    index = world.index()
    changes: list[Change] = []
    for number in range(1, 600):
        component = int(random.integers(1, COMPONENTS + 20))
        change: Change
        if number % 6:
            tenant, users = int(random.integers(TENANTS + 9)), int(random.choice([0, 0, 7]))
            change = PlacementChange(number, component, tenant, int(random.choice(SERVICES)), users)
        else:
            change = EdgeChange(number, int(random.integers(1, COMPONENTS)), component, linked=True)
            if number % 4:
                known = world.edges()
                change = EdgeChange(number, *known[random.integers(len(known))], linked=False)
        if not makes_cycle(world, change):
            world.apply(change)
            changes.append(change)
    index = index.apply(changes)
    for scope in SCOPES:
        assert_same(index, world, scope)
        assert_same(index.compact(), world, scope)


def test_threads_share_an_index_while_it_is_changed(world: World, tmp_path: Path) -> None:
    world.index().save(tmp_path / "places.index")
    index = PlacementIndex.open(tmp_path / "places.index")
    expected = world.audience(SCOPES[0])
    wrong: list[int] = []

    def read() -> None:
        for _ in range(50):
            tenants, users = ask(index, SCOPES[0]).users_by_tenant()
            if dict(zip(tenants.tolist(), users.tolist(), strict=True)) != expected:
                wrong.append(1)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    changed = index
    for number in range(1, 100):
        changed = changed.apply([PlacementChange(number, 1, number, 1, 10_000)])
    for reader in readers:
        reader.join()
    assert not wrong
    assert ask(changed, SCOPES[0]).total_users > sum(expected.values())
