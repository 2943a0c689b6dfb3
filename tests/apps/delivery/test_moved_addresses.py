"""An address that was corrected, renewed or changed: what waited goes there, the old one harms
nothing, and a message that is tried again by hand goes to nobody who may not be told any more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from standfast.apps.delivery.confirming import token_of
from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.delivery.services.by_hand import retry_failed
from standfast.apps.delivery.services.choices import wish_for_issue
from standfast.apps.delivery.services.claiming import claim
from standfast.apps.delivery.services.operating import correct_address
from standfast.apps.delivery.services.recording import record_outcomes
from standfast.apps.delivery.services.subscriptions import update_subscription
from standfast.apps.delivery.services.visitors import VisitorWish, subscribe_visitor
from standfast.apps.delivery.services.wishes import Wish
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.models import Member
from standfast.channels.contract import Outcome
from tests.apps.delivery.receivers import Receivers
from tests.factories import NOW, SYSTEM, make_member
from tests.factories_delivery import (
    plan_all,
    send_all,
    subscribe_chat,
    subscribe_mailbox,
    subscribe_person,
    subscribe_webhook,
)
from tests.factories_incidents import World, on, publish_issue

LATER = NOW + timedelta(minutes=5)
GONE = Outcome("permanent", "The address does not exist any more: 410", gone=True)
BUSY = Outcome("temporary", "503")


def tell(world: World, **changes: Any) -> Issue:
    issue = publish_issue(world, on(world.first), **changes).issue
    plan_all()
    return issue


def correct(world: World, made: Subscription, address: str) -> None:
    made.refresh_from_db()
    correct_address(provider=world.provider, subscription=made, address=address, by=SYSTEM, now=NOW)


def tried(delivery: Delivery, outcome: Outcome) -> None:
    record_outcomes(tried=[(delivery, outcome)], worker="w", now=NOW, chance=lambda: 0.5)


def try_again(world: World, issue: Issue) -> int:
    return retry_failed(provider=world.provider, issue=issue, by=SYSTEM, now=LATER)


def test_what_failed_at_a_dead_address_is_sent_again_to_the_corrected_one(
    world: World, arrived: Receivers
) -> None:
    made = subscribe_mailbox(world.alice, "gone@alice.example")
    issue = tell(world)
    send_all("email")
    correct(world, made, "desk@alice.example")
    assert try_again(world, issue) == 1
    assert send_all("email", now=LATER) == 1
    assert len(arrived.mails_to("desk@alice.example")) == 1
    made.refresh_from_db()
    assert made.is_active, "not stopped again by the address that is over"
    assert Delivery.objects.get().address == "desk@alice.example", "the proof says where it went"


@pytest.mark.parametrize("by", ["owner", "operator"])
def test_a_change_of_address_takes_along_what_waits_for_another_try(
    world: World, arrived: Receivers, by: str
) -> None:
    made = subscribe_webhook(world.alice, arrived.url("busy"))
    tell(world)
    send_all("webhook")
    if by == "operator":
        correct(world, made, arrived.url("alice"))
    else:
        wish = Wish("webhook", arrived.url("alice"))
        update_subscription(subscription=made, wish=wish, by=SYSTEM, now=NOW)
    send_all("webhook", now=NOW + timedelta(hours=1))
    assert [hook.path for hook in arrived.hooks] == ["alice"]


def test_an_answer_about_the_old_address_does_not_stop_the_new_one(world: World) -> None:
    """As when a browser renews its push address while a message is under way to the old one."""
    made = subscribe_webhook(world.alice, "https://hooks.example/old")
    tell(world)
    (under_way,) = claim(channel="webhook", worker="w", now=NOW)
    Subscription.objects.filter(pk=made.pk).update(address="https://hooks.example/new")
    tried(under_way, GONE)
    made.refresh_from_db()
    assert (made.is_active, made.stopped_because) == (True, "")
    assert Delivery.objects.get().state == "failed"


def test_refusals_of_the_old_address_do_not_count_against_the_new_one(
    world: World, arrived: Receivers
) -> None:
    made = subscribe_webhook(world.alice, arrived.url("refused"))
    for _ in range(5):
        tell(world)
        send_all("webhook")
    made.refresh_from_db()
    assert not made.is_active
    correct(world, made, arrived.url("refused/2"))
    tell(world)
    (under_way,) = claim(channel="webhook", worker="w", now=NOW)
    tried(under_way, Outcome("permanent", "400"))
    made.refresh_from_db()
    assert made.is_active


def test_the_question_to_an_old_address_never_carries_the_answer_for_the_new_one(
    world: World, settings: Settings
) -> None:
    """Else whoever owns the old one could agree in the name of the new one's owner."""
    made = subscribe_chat(world.alice, settings)
    (question,) = claim(channel="telegram", worker="w", now=NOW)
    wish = Wish("telegram", "-1009999999999")
    update_subscription(subscription=made, wish=wish, by=SYSTEM, now=NOW)
    tried(question, BUSY)  # it was under way, and would be tried again
    asked = claim(channel="telegram", worker="w", now=LATER)
    assert [each.address for each in asked] == ["-1009999999999"]
    made.refresh_from_db()
    assert token_of(made)
    question.refresh_from_db()
    assert question.state == "cancelled"


def test_an_address_that_has_not_agreed_is_sent_nothing_by_hand(world: World) -> None:
    wish = VisitorWish("raeder@example.org")
    subscribe_visitor(provider=world.provider, wish=wish, now=NOW)
    made = Subscription.objects.get()
    Subscription.objects.update(confirmed_at=NOW)
    issue = tell(world, is_public=True)
    told = Delivery.objects.filter(notice__kind="post")
    told.update(state="failed", next_attempt_at=None)
    correct(world, made, "reader@example.org")
    assert try_again(world, issue) == 0
    # Nor what was failing at that moment and is tried again by itself.
    told.update(state="pending", next_attempt_at=NOW, attempts_made=1)
    assert {each.notice.kind for each in claim(channel="email", worker="w", now=LATER)} == {
        "confirm"
    }
    kept = told.get()
    assert (kept.state, kept.because["skipped"]) == ("cancelled", "unconfirmed"), "and it says so"


@pytest.mark.parametrize("why", ["left", "muted"])
def test_trying_again_by_hand_tells_nobody_who_left_or_muted_it(world: World, why: str) -> None:
    person = subscribe_person(world.alice)
    assert person.user is not None
    issue = tell(world)
    Delivery.objects.update(state="failed", next_attempt_at=None, attempts_made=8)
    if why == "left":
        Member.objects.filter(user=person.user).delete()
    else:
        wish_for_issue(user=person.user, issue=issue, wish="mute", now=NOW)
    assert try_again(world, issue) == 0
    assert Delivery.objects.get().state == "failed"


def test_trying_again_by_hand_warns_nobody_who_has_left_the_provider(world: World) -> None:
    engineer = make_member(world.provider, "engineer")
    issue = tell(world)
    kept = Delivery.objects.create(
        notice=issue.notices.latest("id"),
        user=engineer,
        channel="email",
        address=engineer.email,
        reason="engineer",
        idempotency_key="n1-u1-email",
        state="failed",
    )
    Member.objects.filter(user=engineer).delete()
    assert try_again(world, issue) == 0
    kept.refresh_from_db()
    assert kept.state == "failed"
