"""The index and plain SQL give the same answers, on random worlds and after random changes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.engine.targeting import CyclicComponents, PlacementIndex
from tests.engine.targeting.reference import World
from tests.engine.targeting.worlds import (
    assert_agree,
    assert_agree_everywhere,
    changes,
    makes_cycle,
    scopes,
    worlds,
)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_tree_is_answered_as_sql_answers_it(data: st.DataObject) -> None:
    world = data.draw(worlds(tree=True))
    assert_agree(world.index(), world, data.draw(scopes(world)))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_component_with_several_parents_counts_once(data: st.DataObject) -> None:
    world = data.draw(worlds())
    assert_agree(world.index(), world, data.draw(scopes(world)))


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_changes_one_by_one_are_answered_as_sql_answers_them(data: st.DataObject) -> None:
    world = data.draw(worlds())
    index = world.index()
    for number in range(1, data.draw(st.integers(1, 10)) + 1):
        change = data.draw(changes(world, number))
        if makes_cycle(world, change):
            with pytest.raises(CyclicComponents):
                index.apply([change])
            continue
        world.apply(change)
        index = index.apply([change])
        assert index.revision == number
    assert_agree(index, world, data.draw(scopes(world)))
    assert_agree(index.compact(), world, data.draw(scopes(world)))
    assert_agree_everywhere(index, world)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_changes_at_once_give_what_a_rebuild_gives(data: st.DataObject) -> None:
    world = data.draw(worlds())
    index = world.index()
    batch = []
    for number in range(1, data.draw(st.integers(1, 10)) + 1):
        change = data.draw(changes(world, number))
        if not makes_cycle(world, change):
            world.apply(change)
            batch.append(change)
    applied = index.apply(reversed(batch))
    assert applied.apply(batch) is applied
    scope = data.draw(scopes(world))
    assert_agree(applied, world, scope)
    assert_agree(applied.compact(), world, scope)
    assert applied.compact().pending == 0
    assert_agree_everywhere(applied, world)
    _assert_same_file(applied.compact(), world.index(applied.revision))


def _assert_same_file(one: PlacementIndex, other: PlacementIndex) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "one"), Path(folder, "other")
        one.save(paths[0])
        other.save(paths[1])
        assert paths[0].read_bytes() == paths[1].read_bytes()


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_saved_index_answers_the_same_when_opened(data: st.DataObject) -> None:
    world: World = data.draw(worlds())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "places.index")
        world.index(revision=7).save(path)
        index = PlacementIndex.open(path)
        assert index.revision == 7
        assert_agree(index, world, data.draw(scopes(world)))
        change = data.draw(changes(world, 8))
        if not makes_cycle(world, change):
            world.apply(change)
            assert_agree(index.apply([change]), world, data.draw(scopes(world)))
