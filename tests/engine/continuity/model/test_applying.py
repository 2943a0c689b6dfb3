"""Policies change the organisation, and leave the one they were applied to as it was."""

from __future__ import annotations

import pytest

from standfast.engine.continuity.model import (
    AddFallback,
    AllOf,
    Amount,
    Effect,
    Event,
    Fallbacks,
    Function,
    Group,
    Improve,
    MoreHeads,
    MoreSeats,
    Needs,
    Organisation,
    Place,
    Policy,
    Shield,
    Step,
    System,
    WorkElsewhere,
    with_policies,
)
from standfast.engine.continuity.model.elements import AccessPath, Reliability

ENGINEERS = Group(
    "engineers",
    heads=100,
    places=(Place("office", Amount(count=80)), Place("depot", Amount(count=20))),
    elsewhere=(Place("home", Amount(share=0.1)),),
)


def organisation(*policies: Policy) -> Organisation:
    return Organisation(
        "example",
        groups={"engineers": ENGINEERS},
        systems={"erp": System("erp", reliability=Reliability(frequency=4, repair_hours=6))},
        paths={
            "vpn": AccessPath("vpn", at="home", seats=30),
            "lan": AccessPath("lan", at="office"),
        },
        functions={"payroll": Function("payroll", needs=Needs("erp"))},
        events={"snow": Event("snow", (Effect("office"), Effect("erp", share=0.5)))},
        policies={policy.name: policy for policy in policies},
    )


def test_only_policies_in_place_count_unless_others_are_chosen() -> None:
    laptops = Policy("laptops", (WorkElsewhere("engineers", "home", Amount(share=0.5)),))
    before = organisation(laptops)
    assert with_policies(before).groups["engineers"] == ENGINEERS
    after = with_policies(before, {"laptops"})
    assert after.groups["engineers"].elsewhere == (Place("home", Amount(share=0.6)),)
    assert after.policies == {}
    assert before.groups["engineers"] == ENGINEERS


def test_a_policy_that_does_not_exist_is_named() -> None:
    with pytest.raises(KeyError, match="no policy “laptop”"):
        with_policies(organisation(), {"laptop"})


def test_each_kind_of_change_does_what_it_says() -> None:
    manual = Step(AllOf(), name="by hand", capacity=0.5)
    everything = Policy(
        "everything",
        (
            WorkElsewhere("engineers", "depot", Amount(count=7)),
            MoreHeads("engineers", 10),
            MoreSeats("vpn", 20),
            MoreSeats("lan", 20),
            AddFallback("payroll", manual),
            Shield("snow", "office"),
            Improve("erp", repair_hours=2),
        ),
        in_place=True,
    )
    found = with_policies(organisation(everything))
    engineers = found.groups["engineers"]
    assert engineers.heads == 110
    assert engineers.places[0] == Place("office", Amount(count=90))
    assert engineers.elsewhere[-1] == Place("depot", Amount(count=7))
    assert (found.paths["vpn"].seats, found.paths["lan"].seats) == (50, None)
    assert found.functions["payroll"].needs == Fallbacks(Needs("erp"), (manual,))
    assert found.events["snow"].effects == (Effect("erp", share=0.5),)
    assert found.systems["erp"].reliability == Reliability(frequency=4, repair_hours=2)


@pytest.mark.parametrize(
    ("amount", "whole", "needed", "available"),
    [
        (Amount(share=0.4), 150, 60, 60),
        (Amount(share=0.56), 104, 59, 58),
        (Amount(share=0.29), 100, 29, 29),
        (Amount(count=7), 5, 7, 5),
    ],
)
def test_people_are_whole(amount: Amount, whole: int, needed: int, available: int) -> None:
    assert amount.needed(whole) == needed
    assert amount.available(whole) == available
