"""Random small organisations, with everything that a model can have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from standfast.engine.continuity.model import (
    AccessPath,
    AllOf,
    Amount,
    AnyOf,
    Aspect,
    AtLeast,
    Effect,
    Event,
    Fallbacks,
    Function,
    Group,
    Location,
    Needs,
    Organisation,
    Place,
    Requirement,
    Seats,
    Staff,
    Step,
    System,
)

LOCATIONS = ("office", "branch", "home")
SYSTEMS = ("erp", "lan", "vpn")
GROUPS = ("crew", "desk")
FUNCTIONS = ("billing", "sales")
SHARES = st.sampled_from([0.25, 0.5, 0.6, 1.0])

Draw = Callable[[Any], Any]


def requirements(
    names: tuple[str, ...], *, groups: tuple[str, ...] = (), depth: int = 2, lasting: bool = False
) -> st.SearchStrategy[Requirement]:
    """Requirements over these elements; `lasting`: fallbacks may be used up."""
    leaves: st.SearchStrategy[Requirement] = st.sampled_from(names).map(Needs)
    if groups:
        leaves = leaves | staffings(groups)
    if depth == 0:
        return leaves
    inner = requirements(names, groups=groups, depth=depth - 1, lasting=lasting)
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    steps = st.builds(
        Step,
        inner | st.just(AllOf()),
        activation=st.sampled_from([timedelta(0), timedelta(hours=2)]),
        capacity=st.sampled_from([0.3, 0.5, 1.0]),
        lasts=st.sampled_from([None, timedelta(hours=3)]) if lasting else st.none(),
    )
    return (
        leaves
        | parts.map(AllOf)
        | parts.map(AnyOf)
        | parts.flatmap(
            lambda found: st.integers(1, len(found)).map(
                lambda count: AtLeast(Amount(count=count), found)
            )
        )
        | st.builds(Fallbacks, inner, st.lists(steps, min_size=1, max_size=2).map(tuple))
    )


def staffings(groups: tuple[str, ...]) -> st.SearchStrategy[Requirement]:
    def staff(group: str, enough: int, least: int | None, using: tuple[str, ...]) -> Staff:
        minimum = None if least is None else Amount(count=min(least, enough))
        return Staff(group, Amount(count=enough), minimum, using)

    return st.builds(
        staff,
        st.sampled_from(groups),
        st.integers(1, 8),
        st.none() | st.integers(1, 8),
        st.sampled_from([(), ("erp",)]),
    )


@st.composite
def organisations(draw: Draw, *, lasting: bool = False) -> Organisation:
    """An organisation of three locations, three systems, two groups, two functions, two events."""
    infrastructure = (*LOCATIONS[:1], *SYSTEMS)
    needs = requirements(infrastructure, depth=1, lasting=lasting)
    locations = {
        "office": Location("office", needs=draw(st.just(AllOf()) | needs)),
        "branch": Location("branch", within=draw(st.sampled_from(["", "office"]))),
        "home": Location("home"),
    }
    systems = {
        name: System(
            name,
            at=draw(st.sampled_from(["", "office"])),
            needs=draw(st.just(AllOf()) | needs),
        )
        for name in SYSTEMS
    }
    groups = {name: draw(_group(name)) for name in GROUPS}
    paths = {}
    for number in range(draw(st.integers(0, 4))):
        path = draw(_path(f"path-{number}", needs))
        paths[path.name] = path
    everything = (*infrastructure, *FUNCTIONS)
    functions = {
        name: Function(
            name,
            needs=draw(requirements(everything, groups=GROUPS, lasting=lasting)),
            minimum_capacity=draw(st.sampled_from([0.0, 0.4, 0.6])),
        )
        for name in FUNCTIONS
    }
    events = {name: Event(name, draw(_effects())) for name in ("snow", "flu")}
    return Organisation(
        "random",
        groups=groups,
        locations=locations,
        systems=systems,
        paths=paths,
        functions=functions,
        events=events,
    )


@st.composite
def _group(draw: Draw, name: str) -> Group:
    heads = draw(st.integers(1, 8))
    first = draw(st.integers(0, heads))
    places = (Place("office", Amount(count=first)), Place("branch", Amount(count=heads - first)))
    elsewhere = draw(
        st.lists(
            st.builds(
                Place, st.sampled_from(LOCATIONS), SHARES.map(lambda share: Amount(share=share))
            ),
            max_size=2,
            unique_by=lambda place: place.location,
        )
    )
    return Group(name, heads, draw(st.sampled_from([places, ()])), tuple(elsewhere))


@st.composite
def _path(draw: Draw, name: str, needs: st.SearchStrategy[Requirement]) -> AccessPath:
    seats = draw(st.none() | st.integers(0, 8))
    kept = draw(st.integers(0, seats)) if seats else 0
    return AccessPath(
        name,
        at=draw(st.sampled_from(LOCATIONS)),
        needs=draw(needs),
        groups=draw(st.sampled_from([(), ("crew",)])),
        reaches=draw(st.sampled_from([(), ("erp",), ("lan",)])),
        seats=seats,
        reserved=(Seats("crew", kept),) if kept else (),
    )


@st.composite
def _effects(draw: Draw) -> tuple[Effect, ...]:
    wholes = st.builds(
        Effect, st.sampled_from([*SYSTEMS, *LOCATIONS, *GROUPS, *FUNCTIONS]), share=SHARES
    )
    entries = st.builds(
        Effect, st.sampled_from(LOCATIONS), share=SHARES, aspect=st.just(Aspect.ENTRY)
    )
    effects: tuple[Effect, ...] = tuple(draw(st.lists(wholes | entries, min_size=1, max_size=3)))
    return effects
