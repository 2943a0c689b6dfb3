"""What single changes mean for the audience."""

from __future__ import annotations

import pytest

from standfast.engine.targeting import (
    ComponentChange,
    EdgeChange,
    PlacementChange,
    PlacementIndex,
    Scope,
    SubscriptionChange,
    UnknownComponents,
    resolve,
)

EAST, WEST, SERVER, DATABASE = 1, 2, 3, 4
MAIL = 7


def world() -> PlacementIndex:
    """East holds a server, which holds a database; tenant 0 is on both, tenant 1 on the latter."""
    return PlacementIndex.build(
        edges=([EAST, SERVER], [SERVER, DATABASE]),
        placements=([SERVER, DATABASE, DATABASE], [0, 0, 1], [MAIL] * 3, [5, 6, 7]),
        components=[WEST],
        revision=10,
    )


def users_below(index: PlacementIndex, *components: int) -> dict[int, int]:
    scope = Scope(components=frozenset(components))
    tenants, users = resolve(index, scope).users_by_tenant()
    return dict(zip(tenants.tolist(), users.tolist(), strict=True))


def test_a_moved_server_takes_its_users_along() -> None:
    moved = world().apply(
        [EdgeChange(11, EAST, SERVER, linked=False), EdgeChange(12, WEST, SERVER, linked=True)]
    )
    assert users_below(moved, EAST) == {}
    assert users_below(moved, WEST) == {0: 11, 1: 7}
    back = moved.apply(
        [EdgeChange(13, WEST, SERVER, linked=False), EdgeChange(14, EAST, SERVER, linked=True)]
    )
    assert users_below(back, EAST) == {0: 11, 1: 7}
    assert users_below(back, WEST) == {}


def test_a_server_in_two_regions_counts_once_for_both() -> None:
    shared = world().apply([EdgeChange(11, WEST, SERVER, linked=True)])
    assert users_below(shared, WEST) == users_below(shared, EAST) == {0: 11, 1: 7}
    assert users_below(shared, EAST, WEST) == {0: 11, 1: 7}


def test_a_removed_component_loses_its_users_and_leaves_its_children_as_roots() -> None:
    removed = world().apply([ComponentChange(11, SERVER, present=False)])
    assert users_below(removed, EAST) == {}
    assert users_below(removed, DATABASE) == {0: 6, 1: 7}
    for scope in (Scope(unclear=True), Scope(services=frozenset([MAIL]))):
        assert resolve(removed, scope).total_users == 13
        assert resolve(removed.compact(), scope).total_users == 13
    with pytest.raises(UnknownComponents):
        users_below(removed, SERVER)


def test_a_removed_root_loses_its_users_too() -> None:
    index = PlacementIndex.build(
        edges=([EAST], [SERVER]), placements=([EAST, SERVER], [0, 1], [MAIL] * 2, [5, 6])
    )
    removed = index.apply([ComponentChange(1, EAST, present=False)])
    assert set(resolve(removed, Scope(unclear=True)).tenants) == {1}


def test_a_component_that_comes_back_is_a_new_one_without_users() -> None:
    index = world().apply([ComponentChange(11, DATABASE, present=False)])
    index = index.apply([EdgeChange(12, SERVER, DATABASE, linked=True)])
    assert users_below(index, DATABASE) == {}
    assert users_below(index, EAST) == {0: 5}


def test_users_leave_when_their_count_is_zero() -> None:
    index = world().apply([PlacementChange(11, DATABASE, 1, MAIL, 0)])
    assert users_below(index, EAST) == {0: 11}
    index = index.apply([PlacementChange(12, DATABASE, 0, MAIL, 0)])
    assert users_below(index, EAST) == {0: 5}
    assert users_below(index, DATABASE) == {}


def test_the_latest_count_of_a_placement_is_the_one_that_counts() -> None:
    first = PlacementChange(11, DATABASE, 1, MAIL, 70)
    second = PlacementChange(12, DATABASE, 1, MAIL, 3)
    one_by_one = world().apply([first]).apply([second])
    for index in (one_by_one, world().apply([second, first]), one_by_one.compact()):
        assert users_below(index, EAST) == {0: 11, 1: 3}


def test_changes_that_are_in_already_are_skipped() -> None:
    index = world()
    assert index.apply([PlacementChange(10, DATABASE, 1, MAIL, 0)]) is index
    newer = index.apply([PlacementChange(11, DATABASE, 1, MAIL, 8)])
    assert newer.apply([PlacementChange(11, DATABASE, 1, MAIL, 9)]) is newer
    assert newer.revision == 11


def test_an_older_index_keeps_its_answers() -> None:
    index = world()
    index.apply([SubscriptionChange(11, MAIL, 9, subscribed=True)]).apply(
        [PlacementChange(12, DATABASE, 2, MAIL, 4), ComponentChange(13, SERVER, present=False)]
    )
    assert users_below(index, EAST) == {0: 11, 1: 7}
    assert 9 not in resolve(index, Scope(unclear=True)).tenants


def test_a_subscriber_comes_and_goes() -> None:
    unclear = Scope(services=frozenset([MAIL]), unclear=True)
    index = world().apply([SubscriptionChange(11, MAIL, 9, subscribed=True)])
    assert set(resolve(index, unclear).tenants) == {0, 1, 9}
    index = index.apply([SubscriptionChange(12, MAIL, 9, subscribed=False)])
    assert set(resolve(index, unclear).tenants) == {0, 1}
