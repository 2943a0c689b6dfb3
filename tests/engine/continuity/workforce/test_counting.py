"""People are counted so that as many as possible work; more failures never help."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.continuity.model import (
    AccessPath,
    Amount,
    Group,
    Location,
    Organisation,
    Place,
    Seats,
)
from standfast.engine.continuity.workforce import (
    HEAD,
    UNIT,
    Opening,
    Workforce,
    able,
    cohorts_of,
    placed,
)


def group(heads: int, places: dict[str, object], elsewhere: dict[str, object]) -> Group:
    def amounts(given: dict[str, object]) -> tuple[Place, ...]:
        return tuple(
            Place(name, Amount(count=value) if isinstance(value, int) else Amount(share=value))  # type: ignore[arg-type]
            for name, value in given.items()
        )

    return Group("g", heads, amounts(places), amounts(elsewhere))


@pytest.mark.parametrize(
    ("people", "cohorts"),
    [
        (group(5, {}, {}), {(5, ())}),
        (group(10, {"a": 1.0}, {"home": 0.4}), {(4, ("a", "home")), (6, ("a",))}),
        (group(10, {"a": 7, "b": 3}, {}), {(7, ("a",)), (3, ("b",))}),
        (group(10, {"a": 0.5, "b": 0.25}, {}), {(5, ("a",)), (3, ("b",)), (2, ())}),
        (
            group(10, {"a": 1.0}, {"home": 0.6, "b": 3}),
            {(3, ("a", "home", "b")), (3, ("a", "home")), (4, ("a",))},
        ),
        (group(10, {"a": 5, "b": 5}, {"b": 1.0}), {(5, ("a", "b")), (5, ("b",))}),
        (group(0, {"a": 1.0}, {}), set()),
    ],
)
def test_a_group_is_split_where_fewer_can_go_on(
    people: Group, cohorts: set[tuple[int, tuple[str, ...]]]
) -> None:
    assert {(each.heads, each.locations) for each in cohorts_of(people)} == cohorts
    assert sum(each.heads for each in cohorts_of(people)) == people.heads


def seats(reserved: tuple[Seats, ...]) -> dict[str, int | None]:
    organisation = Organisation(
        "x",
        groups={
            "many": Group("many", 30, (Place("home", Amount(share=1.0)),)),
            "few": Group("few", 10, (Place("home", Amount(share=1.0)),)),
        },
        locations={"home": Location("home")},
        paths={"vpn": AccessPath("vpn", at="home", seats=20, reserved=reserved)},
    )
    found = {}
    for name in ("many", "few"):
        (spot,) = Workforce(organisation).plan(name).spots
        assert spot.paths is not None
        found[name] = spot.paths[0].seats
    return found


def test_seats_are_allotted_ahead() -> None:
    assert seats(()) == {"many": 15, "few": 5}
    assert seats((Seats("few", 8),)) == {"many": 8 + 3, "few": 8 + 1}


def test_a_crowded_spot_makes_room_for_those_who_have_no_other() -> None:
    crowds = [(10 * HEAD, (0, 1)), (10 * HEAD, (0,))]
    openings: list[Opening] = [(UNIT, 10 * HEAD), (UNIT, None)]
    assert able(UNIT, crowds, openings) == 20 * HEAD
    assert placed(UNIT, crowds, openings) == ([10 * HEAD, 10 * HEAD], 0)


OPENINGS = st.tuples(
    st.sampled_from([0, UNIT // 4, UNIT // 2, UNIT]),
    st.one_of(st.none(), st.integers(1, 12).map(lambda count: count * HEAD)),
)
CROWDS = st.lists(
    st.tuples(
        st.integers(1, 9).map(lambda count: count * HEAD),
        st.lists(st.integers(0, 2), max_size=3, unique=True).map(tuple),
    ),
    max_size=4,
)
HEALTH = st.sampled_from([0, UNIT // 3, UNIT // 2, UNIT])


@given(HEALTH, CROWDS, st.tuples(OPENINGS, OPENINGS, OPENINGS))
def test_the_count_is_the_sum_of_those_placed(
    health: int, crowds: list[tuple[int, tuple[int, ...]]], openings: tuple[Opening, ...]
) -> None:
    at, anywhere = placed(health, crowds, openings)
    assert sum(at) + anywhere == able(health, crowds, openings)
    for people, opening in itertools.zip_longest(at, openings):
        assert people <= (opening[1] if opening[1] is not None else people)


@given(HEALTH, CROWDS, st.tuples(OPENINGS, OPENINGS, OPENINGS), st.data())
def test_more_failures_never_help(
    health: int,
    crowds: list[tuple[int, tuple[int, ...]]],
    openings: tuple[Opening, ...],
    data: st.DataObject,
) -> None:
    before = able(health, crowds, openings)
    place = data.draw(st.integers(0, 2))
    worse = list(openings)
    presence, fewer = worse[place]
    worse[place] = (
        data.draw(st.integers(0, presence)),
        data.draw(st.integers(0, fewer)) if fewer is not None else None,
    )
    assert able(data.draw(st.integers(0, health)), crowds, worse) <= before
