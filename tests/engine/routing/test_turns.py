"""A fallback's turn follows the first plan's rules: the plan of whoever has only these channels."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from standfast.engine.routing.circumstances import Circumstances
from standfast.engine.routing.entries import Action
from standfast.engine.routing.notice import Notice, Subscription
from standfast.engine.routing.plan import make_plan
from standfast.engine.routing.turns import take_turn
from tests.engine.routing.test_properties import circumstances, notices, subscriptions

TOLD = {Action.SEND, Action.HOLD}


def chain_of(wishes: list[Subscription]) -> list[Subscription]:
    """The wishes as the channels of one person, in their order."""
    return [
        replace(
            wish,
            tenant=1,
            public=False,
            person="1-1",
            rank=place,
            always=False,
            address=str(place),
        )
        for place, wish in enumerate(wishes)
    ]


@given(notices, subscriptions, circumstances)
def test_who_is_told_in_a_turn_is_who_would_be_told_first(
    told: Notice, wishes: list[Subscription], around: Circumstances
) -> None:
    chain = chain_of(wishes)
    turn = take_turn(told, chain, around)
    plan = make_plan(told, {1}, chain, around)
    by_id = {each.subscription.id: each for each in turn}
    for entry in plan.entries:
        found = by_id.pop(entry.subscription.id, None)
        if entry.action in TOLD:
            assert found is not None
            assert (found.action, found.until, found.failing) == (
                entry.action,
                entry.until,
                entry.failing,
            )
        elif found is not None:
            assert (found.action, found.reason) == (Action.SKIP, entry.reason)
    assert by_id == {}


@given(notices, subscriptions, circumstances)
def test_somebody_is_told_unless_nobody_wants_it(
    told: Notice, wishes: list[Subscription], around: Circumstances
) -> None:
    chain = chain_of(wishes)
    turn = take_turn(told, chain, around)
    assert len({each.subscription.id for each in turn}) == len(turn)
    skipped = [each for each in turn if each.action is Action.SKIP]
    if len(skipped) < len(chain):
        assert any(each.action in TOLD for each in turn)
