"""Who may send what, and what a late answer may still change: two workers, one of them too slow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.delivery.models import Attempt, Delivery
from standfast.apps.delivery.retries import DELAYS, LONGEST_WAIT, SPREAD, next_wait
from standfast.apps.delivery.services.claiming import LEASE, claim, renew
from standfast.apps.delivery.services.recording import record_outcomes
from standfast.channels.contract import Outcome
from tests.factories import NOW, make_user
from tests.factories_delivery import plan_all, subscribe_mailbox
from tests.factories_incidents import World, on, publish_issue

SENT, BUSY = Outcome("sent"), Outcome("temporary", "503")
REFUSED = Outcome("permanent", "550")
OVER = NOW + LEASE
SECOND = timedelta(seconds=1)


def tell(world: World, mailboxes: int = 1) -> None:
    for number in range(mailboxes):
        subscribe_mailbox(world.alice, f"desk{number}@alice.example")
    publish_issue(world, on(world.first))
    plan_all()


def take(worker: str, *, now: object = NOW, size: int = 10) -> list[Delivery]:
    return claim(channel="email", worker=worker, now=now, size=size)  # type: ignore[arg-type]


def came(worker: str, delivery: Delivery, outcome: Outcome) -> None:
    record_outcomes(tried=[(delivery, outcome)], worker=worker, now=OVER, chance=lambda: 0.5)


def test_what_one_worker_claimed_no_other_does(world: World) -> None:
    tell(world, 5)
    first, second = take("first", size=3), take("second")
    assert (len(first), len(second)) == (3, 2)
    assert not {each.pk for each in first} & {each.pk for each in second}
    assert take("third") == []


def test_a_worker_that_is_still_sending_keeps_its_claim_and_nobody_else_s(world: World) -> None:
    tell(world, 2)
    (mine,), (other,) = take("first", size=1), take("second", size=1)
    almost = OVER - SECOND
    renew(ids=[mine.pk, other.pk], worker="first", now=almost)
    assert [each.pk for each in take("third", now=OVER)] == [other.pk]
    assert take("third", now=almost + LEASE - SECOND) == []
    assert mine.pk in {each.pk for each in take("third", now=almost + LEASE)}


@pytest.mark.parametrize("late", [BUSY, REFUSED])
def test_a_late_failure_does_not_undo_what_another_worker_has_sent(
    world: World, late: Outcome
) -> None:
    tell(world)
    (slow,) = take("slow")
    (quick,) = take("quick", now=OVER)
    came("quick", quick, SENT)
    came("slow", slow, late)
    found = Delivery.objects.get()
    assert (found.state, found.next_attempt_at) == ("sent", None)
    assert Attempt.objects.count() == 2, "the proof shows both tries"


def test_a_late_failure_does_not_take_the_claim_from_who_has_it_now(world: World) -> None:
    tell(world)
    (slow,) = take("slow")
    take("quick", now=OVER)
    came("slow", slow, BUSY)
    found = Delivery.objects.get()
    assert (found.state, found.claimed_by) == ("claimed", "quick")


def test_a_late_success_ends_it_for_whoever_claimed_it_meanwhile(world: World) -> None:
    tell(world)
    (slow,) = take("slow")
    take("quick", now=OVER)
    came("slow", slow, SENT)
    assert Delivery.objects.get().state == "sent"
    assert take("third", now=OVER + LEASE) == []


def test_what_has_been_due_longest_goes_first(world: World) -> None:
    tell(world, 3)
    newest, oldest, _middle = Delivery.objects.order_by("id")
    Delivery.objects.filter(pk=oldest.pk).update(next_attempt_at=NOW - timedelta(hours=2))
    Delivery.objects.exclude(pk__in=[oldest.pk, newest.pk]).update(
        next_attempt_at=NOW - timedelta(hours=1)
    )
    assert [each.pk for each in take("first", size=1)] == [oldest.pk]
    assert newest.pk not in {each.pk for each in take("first", size=1)}


@pytest.mark.parametrize(("is_warning", "state"), [(True, "claimed"), (False, "cancelled")])
def test_what_belongs_to_nobody_any_more_is_not_sent(
    world: World, is_warning: bool, state: str
) -> None:
    """A warning of the provider's own people has a person and no subscription."""
    tell(world)
    Delivery.objects.update(subscription=None, user=make_user() if is_warning else None)
    assert bool(take("first")) is is_warning
    assert Delivery.objects.get().state == state


def test_waits_are_spread_and_never_shorter_than_the_receiver_asks() -> None:
    usual = DELAYS[2]
    least, most = next_wait(3, chance=0.0), next_wait(3, chance=0.999999)
    assert least == usual * (1 - SPREAD)
    assert most is not None
    assert usual * 1.19 < most <= usual * (1 + SPREAD)
    assert next_wait(3, chance=0.5, retry_after=usual * 3) == usual * 3
    assert next_wait(3, chance=0.5, retry_after=SECOND) == usual, "not sooner than ours"
    assert next_wait(3, chance=0.5, retry_after=timedelta(days=9)) == LONGEST_WAIT
