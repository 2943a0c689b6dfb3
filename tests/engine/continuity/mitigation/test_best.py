"""The best set against trying every subset."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.engine.continuity.mitigation.best import Cover, Table, best_set

NAMES = ("a", "b", "c", "d", "e")


def subsets(names: tuple[str, ...]) -> list[frozenset[str]]:
    every = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
    return [frozenset(chosen) for chosen in every]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    measures = tuple(sorted(draw(st.sets(st.sampled_from(NAMES), max_size=4))))
    losses = {chosen: float(draw(st.integers(0, 1000))) for chosen in subsets(measures)}
    return Table(measures, losses)


covers = st.lists(
    st.tuples(st.integers(0, 1000).map(float), st.sets(st.sampled_from(NAMES)).map(frozenset)),
    max_size=8,
).map(lambda sets: Cover(tuple(sets)))
costs = st.fixed_dictionaries({name: st.integers(0, 50).map(float) for name in NAMES})


@given(
    costs=costs,
    losses=st.lists(st.one_of(tables(), covers), max_size=4),
    budget=st.one_of(st.none(), st.integers(0, 120).map(float)),
    net=st.booleans(),
)
@settings(deadline=None, max_examples=100)
def test_the_best_set_is_the_best_of_all_subsets(
    costs: dict[str, float], losses: list[Table | Cover], budget: float | None, net: bool
) -> None:
    found = best_set(costs, losses, budget=budget, net=net)
    assert found.proven
    assert budget is None or found.cost <= budget + 1e-6

    def total(chosen: frozenset[str]) -> float:
        return sum(part.loss(chosen) for part in losses) + (
            sum(costs[name] for name in chosen) if net else 0.0
        )

    allowed = [
        chosen
        for chosen in subsets(NAMES)
        if budget is None or sum(costs[name] for name in chosen) <= budget
    ]
    least = min(map(total, allowed))
    assert total(frozenset(found.measures)) == pytest.approx(least, abs=0.01)
    if not net:
        cheapest = min(
            sum(costs[name] for name in chosen)
            for chosen in allowed
            if total(chosen) <= least + 1e-9
        )
        assert found.cost == pytest.approx(cheapest, abs=1e-3)
    assert found.loss_before == sum(part.loss(frozenset()) for part in losses)
    assert found.exact == all(isinstance(part, Table) for part in losses)


def test_two_measures_that_only_work_together_are_found_where_choosing_one_by_one_fails() -> None:
    generator_and_fuel = Table(
        ("fuel", "generator"),
        {
            frozenset(): 100.0,
            frozenset({"fuel"}): 100.0,
            frozenset({"generator"}): 100.0,
            frozenset({"fuel", "generator"}): 10.0,
        },
    )
    lock = Table(("lock",), {frozenset(): 30.0, frozenset({"lock"}): 0.0})
    prices = {"fuel": 4.0, "generator": 5.0, "lock": 3.0}
    found = best_set(prices, [generator_and_fuel, lock], budget=9.0)
    assert found.measures == ("fuel", "generator")
    assert (found.cost, found.avoided) == (9.0, 90.0)
    assert best_set(prices, [generator_and_fuel, lock], budget=8.0).measures == ("lock",)


def test_what_costs_more_than_it_saves_is_left_out_when_costs_count() -> None:
    table = Table(("a",), {frozenset(): 10.0, frozenset({"a"}): 4.0})
    assert best_set({"a": 7.0}, [table], budget=None, net=True).measures == ()
    assert best_set({"a": 5.0}, [table], budget=None, net=True).measures == ("a",)


def test_without_measures_nothing_is_chosen() -> None:
    found = best_set({}, [Table((), {frozenset(): 5.0})], budget=1.0)
    assert (found.measures, found.loss, found.avoided) == ((), 5.0, 0.0)


def test_a_negative_cost_is_refused() -> None:
    with pytest.raises(ValueError, match="“a” costs -1"):
        best_set({"a": -1.0}, [], budget=1.0)
