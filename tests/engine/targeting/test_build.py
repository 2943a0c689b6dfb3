"""Input that cannot be used is refused, with the row and the fix; the rest is laid out right."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from standfast.engine.targeting import (
    BadRow,
    CyclicComponents,
    EdgeChange,
    PlacementChange,
    PlacementIndex,
    Scope,
    TargetingError,
    resolve,
)


@pytest.mark.parametrize(
    ("edges", "cycle"),
    [
        (([1], [1]), {1}),
        (([1, 2], [2, 1]), {1, 2}),
        (([9, 1, 2, 3, 3], [1, 2, 3, 1, 8]), {1, 2, 3}),
        # The spanning tree alone has no cycle: 5 hangs below 1, and below its own grandchild.
        (([1, 5, 6, 7], [5, 6, 7, 5]), {5, 6, 7}),
    ],
)
def test_a_cycle_is_named(edges: tuple[list[int], list[int]], cycle: set[int]) -> None:
    with pytest.raises(CyclicComponents, match="contain each other") as caught:
        PlacementIndex.build(edges=edges)
    named = caught.value.cycle
    assert named[0] == named[-1]
    assert set(named) == cycle
    pairs = set(zip(*edges, strict=True))
    assert set(pairwise(named)) <= pairs


def test_a_change_that_makes_a_cycle_is_refused_and_the_index_stays() -> None:
    index = PlacementIndex.build(edges=([1, 2], [2, 3]))
    with pytest.raises(CyclicComponents, match=r"3 > 1 > 2 > 3|1 > 2 > 3 > 1") as caught:
        index.apply([EdgeChange(1, 3, 1, linked=True)])
    assert set(caught.value.cycle) == {1, 2, 3}
    assert index.revision == 0
    assert resolve(index, Scope(components=frozenset([3]))).total_users == 0


def test_parent_and_child_may_swap_in_one_batch() -> None:
    index = PlacementIndex.build(edges=([1], [2]), placements=([1], [0], [1], [5]))
    index = index.apply([EdgeChange(1, 2, 1, linked=True), EdgeChange(2, 1, 2, linked=False)])
    assert resolve(index, Scope(components=frozenset([2]))).total_users == 5


GOOD: dict[str, list[int]] = {
    "component": [4, 5, 4],
    "tenant": [0, 0, 1],
    "service": [1, 1, 1],
    "users": [3, 3, 3],
}


@pytest.mark.parametrize(
    ("column", "bad", "problem"),
    [
        ("users", -1, "placements row 2, users: -1 is not"),
        ("users", 2**32, "placements row 2, users: 4294967296 is not"),
        ("tenant", -1, "placements row 2, tenant: -1 is not"),
        ("tenant", 2**27, "placements row 2, tenant: 134217728 is not"),
        ("component", -7, "placements row 2, component: -7 is not"),
        ("component", 2**31, "placements row 2, component: 2147483648 is not"),
        ("service", -1, "placements row 2, service: -1 is not"),
        ("tenant", 0, r"placements row 2, component: repeats row 0 \(component 4, tenant 0"),
    ],
)
def test_a_bad_placement_names_its_row(column: str, bad: int, problem: str) -> None:
    columns = {**GOOD, column: [*GOOD[column][:2], bad]}
    with pytest.raises(BadRow, match=problem) as caught:
        PlacementIndex.build(placements=tuple(columns.values()))  # type: ignore[arg-type]
    assert caught.value.row == 2


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        (([1], [0], [1], [2.5]), "placements, users: a flat column of whole numbers"),
        (([1], [0], ["1"], [2]), "placements, service: a flat column of whole numbers"),
        (([[1]], [0], [1], [2]), "placements, component: a flat column"),
        (([1], [0, 1], [1], [2]), "columns differ in length .*tenant 2"),
    ],
)
def test_a_column_that_does_not_fit_is_named(columns: Any, problem: str) -> None:
    with pytest.raises(TargetingError, match=problem):
        PlacementIndex.build(placements=columns)


def test_more_users_than_the_file_holds_are_refused() -> None:
    most = 2**32 - 1
    with pytest.raises(TargetingError, match="tenant 6 has more than"):
        PlacementIndex.build(
            edges=([1, 1], [2, 3]), placements=([2, 3], [6, 6], [1, 1], [most, most])
        )


@pytest.mark.parametrize("users", [-1, 2**32])
def test_a_change_with_impossible_users_names_the_change(users: int) -> None:
    index = PlacementIndex.build(edges=([1], [2]))
    with pytest.raises(BadRow, match="changes row 12, users"):
        index.apply([PlacementChange(12, 2, 0, 1, users)])


def test_placements_of_nobody_are_no_placements() -> None:
    index = PlacementIndex.build(placements=([1, 1], [0, 1], [1, 1], [0, 2]))
    assert list(resolve(index, Scope(components=frozenset([1]))).tenants) == [1]


def test_a_deep_chain_and_a_wide_fan_are_laid_out() -> None:
    chain = np.arange(1, 1_000)
    fan = np.arange(5_000, 9_000)
    index = PlacementIndex.build(
        edges=(
            np.concatenate((chain, np.full(fan.size, 1_000))),
            np.concatenate((chain + 1, fan)),
        ),
        placements=(fan, fan - 5_000, np.ones_like(fan), np.ones_like(fan)),
    )
    for component in (1, 500, 1_000):
        assert resolve(index, Scope(components=frozenset([component]))).total_users == fan.size
    assert list(resolve(index, Scope(components=frozenset([5_017]))).tenants) == [17]
