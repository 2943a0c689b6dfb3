"""A scope chooses exactly what it says, and travels as JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.targeting import PlacementIndex, Scope, UnknownComponents, resolve

ids = st.frozensets(st.integers(0, 2**27 - 1), max_size=5)


@given(st.builds(Scope, ids, ids, ids, ids, st.booleans()))
def test_a_scope_survives_json(scope: Scope) -> None:
    assert Scope.from_json(json.loads(json.dumps(scope.to_json()))) == scope


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (None, "scope"),
        ([], "scope"),
        ({"component": [1]}, "component"),
        ({"components": 1}, "components"),
        ({"components": None}, "components"),
        ({"components": ["1"]}, "components"),
        ({"services": [1.5]}, "services"),
        ({"services": [2**31]}, "services"),
        ({"include": [True]}, "include"),
        ({"include": [2**27]}, "include"),
        ({"exclude": [-1]}, "exclude"),
        ({"unclear": 1}, "unclear"),
    ],
)
def test_a_bad_field_is_named(value: object, field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}: "):
        Scope.from_json(value)


INDEX = PlacementIndex.build(
    edges=([1, 1], [2, 3]),
    placements=([2, 3, 3], [0, 1, 0], [7, 7, 8], [10, 20, 30]),
    subscriptions=([7, 7, 8], [0, 4, 5]),
)


def reached(scope: Scope) -> set[int]:
    return set(resolve(INDEX, scope).tenants)


def test_a_scope_that_chooses_nothing_reaches_nobody() -> None:
    assert Scope().is_empty
    assert Scope(exclude=frozenset([1])).is_empty
    assert reached(Scope()) == set()
    assert reached(Scope(exclude=frozenset([1]))) == set()


def test_named_tenants_alone_reach_only_them() -> None:
    scope = Scope(include=frozenset([5]))
    assert not scope.is_empty
    assert reached(scope) == {5}


def test_exclude_wins_over_include() -> None:
    both = frozenset([5])
    assert reached(Scope(include=both, exclude=both)) == set()


def test_unclear_with_nothing_else_reaches_everybody() -> None:
    assert reached(Scope(unclear=True)) == {0, 1, 4, 5}


def test_whole_services_reach_their_subscribers_whose_placement_is_unknown() -> None:
    assert reached(Scope(services=frozenset([7]))) == reached(
        Scope(services=frozenset([7]), unclear=True)
    )
    assert 4 in reached(Scope(services=frozenset([7])))


def test_unclear_adds_the_subscribers_of_its_services_whose_placement_is_unknown() -> None:
    below_two = Scope(components=frozenset([2]), services=frozenset([7]))
    assert reached(below_two) == {0}
    unclear = Scope(components=frozenset([2]), services=frozenset([7]), unclear=True)
    assert reached(unclear) == {0, 4}


def test_a_component_that_the_index_does_not_know_is_refused_by_name() -> None:
    with pytest.raises(UnknownComponents, match="42") as caught:
        resolve(INDEX, Scope(components=frozenset([1, 42, 43])))
    assert caught.value.components == (42, 43)
