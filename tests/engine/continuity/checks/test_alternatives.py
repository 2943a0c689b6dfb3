"""What stops something alone, against failing each thing; what alternatives share."""

from __future__ import annotations

from hypothesis import given, settings

from standfast.engine.continuity.checks.alternatives import check_alternatives, weak_points
from standfast.engine.continuity.checks.finding import Severity
from standfast.engine.continuity.model import (
    AllOf,
    AnyOf,
    Aspect,
    Effect,
    Event,
    Fallbacks,
    Function,
    Location,
    Needs,
    Organisation,
    Step,
    System,
)
from tests.engine.continuity.checks.organisations import organisations, working


@given(organisation=organisations())
@settings(deadline=None, max_examples=40)
def test_weak_points_are_what_stops_an_element_when_it_fails_alone(
    organisation: Organisation,
) -> None:
    weak = weak_points(organisation)
    names = [element.name for element in organisation.elements()]
    for failed in names:
        left = working(organisation, {failed})
        for name in names:
            assert (failed in weak.spelled(weak.of[name])) == (name not in left)


def two_sites(*, power: bool, flood: bool) -> Organisation:
    grid = {"grid": System("grid")}
    need = Needs("grid") if power else AllOf()
    locations = {name: Location(name, needs=need) for name in ("east", "west")}
    effects = tuple(Effect(name) for name in locations)
    return Organisation(
        "Acme",
        locations=locations,
        systems=grid,
        functions={
            "billing": Function("billing", needs=AnyOf((Needs("east"), Needs("west")))),
        },
        events={"flood": Event("flood", effects=effects if flood else effects[:1])},
    )


def test_alternatives_that_share_an_element_are_found() -> None:
    (found,) = check_alternatives(two_sites(power=True, flood=False))
    assert (found.rule, found.severity) == ("alternatives-share", Severity.RISK)
    assert found.place == "functions.billing.needs"
    assert str(found.sentence) == "All alternatives of “billing” stop with “grid”."


def test_an_event_that_hits_both_sites_is_a_common_cause() -> None:
    (found,) = check_alternatives(two_sites(power=False, flood=True))
    assert found.rule == "common-cause"
    assert "The event “flood” takes all alternatives of “billing” at once" in str(found)
    assert list(check_alternatives(two_sites(power=False, flood=False))) == []


def test_an_event_that_only_may_happen_or_closes_the_door_is_none() -> None:
    organisation = two_sites(power=False, flood=True)
    for effect in (
        Effect("west", certain=False),
        Effect("west", share=0.5),
        Effect("west", aspect=Aspect.ENTRY),
    ):
        event = Event("flood", effects=(Effect("east"), effect))
        changed = Organisation(
            "Acme",
            locations=organisation.locations,
            systems=organisation.systems,
            functions=organisation.functions,
            events={"flood": event},
        )
        assert list(check_alternatives(changed)) == []


def test_one_alternative_of_several_that_shares_with_the_normal_way_is_a_hint() -> None:
    systems = {name: System(name) for name in ("wan", "radio")}
    systems["vpn"] = System("vpn", needs=Needs("wan"))
    systems["office"] = System("office", needs=Needs("wan"))
    needs = Fallbacks(Needs("office"), (Step(Needs("vpn")), Step(Needs("radio"))))
    organisation = Organisation(
        "Acme", systems=systems, functions={"desk": Function("desk", needs=needs)}
    )
    (found,) = check_alternatives(organisation)
    assert (found.rule, found.severity) == ("alternative-shares-with-primary", Severity.HINT)
    assert "Alternative 1 of “desk” stops with “wan”" in str(found)
