"""Random small organisations without people, and what works in them when something fails."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from standfast.engine.continuity.model import (
    AllOf,
    Amount,
    AnyOf,
    AtLeast,
    Fallbacks,
    Function,
    Needs,
    Organisation,
    Requirement,
    Step,
    System,
)

NAMES = tuple("abcdef")
HOURS = st.integers(0, 9).map(lambda hours: timedelta(hours=hours))


def requirements(names: tuple[str, ...]) -> st.SearchStrategy[Requirement]:
    """Requirements that name these elements."""
    if not names:
        return st.just(AllOf())

    def nested(inner: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            parts.map(AllOf),
            parts.map(AnyOf),
            parts.flatmap(
                lambda found: st.integers(1, len(found)).map(
                    lambda k: AtLeast(Amount(count=k), found)
                )
            ),
            st.builds(
                lambda primary, step, after: Fallbacks(primary, (Step(step, activation=after),)),
                inner,
                inner,
                HOURS,
            ),
        )

    return st.recursive(st.sampled_from(names).map(Needs), nested, max_leaves=6)


@st.composite
def organisations(draw: st.DrawFn, *, circles: bool = True) -> Organisation:
    """Draw systems that need each other, and one function that needs some of them."""
    systems = {}
    for number, name in enumerate(NAMES):
        below = NAMES if circles else NAMES[:number]
        others = tuple(other for other in below if other != name)
        needs = draw(st.one_of(st.just(AllOf()), requirements(others)))
        systems[name] = System(name, needs=needs, recovery=draw(HOURS), restart=draw(HOURS))
    function = Function("work", needs=draw(requirements(NAMES)), rto=draw(HOURS))
    return Organisation("Acme", systems=systems, functions={"work": function})


def met(requirement: Requirement, working: set[str]) -> bool:
    """Whether a requirement is met, looked up the plain way."""
    match requirement:
        case Needs(name):
            return name in working
        case AllOf(parts):
            return all(met(part, working) for part in parts)
        case AnyOf(parts):
            return any(met(part, working) for part in parts)
        case AtLeast(_, parts):
            return sum(met(part, working) for part in parts) >= requirement.k
        case Fallbacks(primary, steps):
            return met(primary, working) or any(met(step.requirement, working) for step in steps)
        case _:
            raise AssertionError(requirement)


def working(organisation: Organisation, failed: set[str]) -> set[str]:
    """The greatest set of elements that can work together without the failed ones."""
    left = {element.name for element in organisation.elements()} - failed
    while True:
        kept = {
            name
            for name in left
            if (element := organisation.element(name)) is not None
            and isinstance(element, System | Function)
            and met(element.needs, left)
        }
        if kept == left:
            return left
        left = kept
