"""Who may not read any more is not told either what still waits, or what is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.delivery.queries.proof import told
from standfast.apps.delivery.services.claiming import claim
from standfast.apps.tenancy.models import Delegation, Member, User
from standfast.apps.tenancy.services.delegations import grant_delegation, revoke_delegation
from standfast.apps.tenancy.services.members import change_role, remove_member
from standfast.web.templatetags.standfast import skip_reason
from tests.factories import NOW, SYSTEM, make_delegation, make_member, make_partner, make_user
from tests.factories_delivery import plan_all, subscribe_mailbox, subscribe_person
from tests.factories_incidents import World, detect_issue, on, publish_issue

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def agent(world: World) -> Subscription:
    """A partner's person, who is told for one of its tenants."""
    partner = make_partner("helpful")
    user = make_member(partner, "partner_agent", user=make_user("agent@helpful.example"))
    make_delegation(partner, world.alice)
    return subscribe_person(world.alice, user=user)


def publish(world: World) -> None:
    publish_issue(world, on(world.first))
    plan_all()


def detect(world: World) -> None:
    detect_issue(world)
    plan_all()


def fail_once() -> None:
    """Every delivery was tried, and is tried again later."""
    Delivery.objects.update(attempts_made=1, next_attempt_at=LATER)


def claimed_later() -> list[Delivery]:
    return claim(channel="email", worker="test", now=LATER)


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def assert_taken_back() -> None:
    for left in Delivery.objects.all():
        assert (left.state, left.because["skipped"]) == ("cancelled", "access_lost")
        assert (left.next_attempt_at, left.claimed_until) == (None, None)
        words = str(skip_reason(told(left).skipped))
        assert words == "the account was closed, or may not read here any more"


@pytest.mark.parametrize("how", ["removed", "lesser role"])
def test_what_is_tried_again_is_taken_back_from_who_leaves(world: World, how: str) -> None:
    made = subscribe_person(world.alice)
    make_member(world.alice, "admin")
    publish(world)
    fail_once()
    member = Member.objects.get(user=made.user, organisation=world.alice)
    if how == "removed":
        remove_member(member=member, by=SYSTEM, now=NOW)
    else:
        change_role(member=member, role="staff", by=SYSTEM, now=NOW)
    plan_all()
    assert_taken_back()


def test_who_keeps_another_role_is_told_all_the_same(world: World) -> None:
    made = subscribe_person(world.alice)
    assert made.user
    make_member(world.alice, "message_reader", user=made.user)
    make_member(world.alice, "admin")
    publish(world)
    member = Member.objects.get(user=made.user, role="admin")
    remove_member(member=member, by=SYSTEM, now=NOW)
    plan_all()
    assert states() == ["pending"]


def test_the_end_of_a_delegation_takes_back_at_once(world: World, agent: Subscription) -> None:
    own = subscribe_person(world.alice)
    publish(world)
    fail_once()
    revoke_delegation(delegation=Delegation.objects.get(), by=SYSTEM, now=NOW)
    plan_all()
    left = Delivery.objects.exclude(state="cancelled").get()
    assert left.subscription == own
    assert Delivery.objects.get(subscription=agent).because["skipped"] == "access_lost"


def test_a_delegation_granted_anew_takes_nothing_back(world: World, agent: Subscription) -> None:
    publish(world)
    grant_delegation(tenant=world.alice, partner_slug="helpful", role="admin", by=SYSTEM, now=NOW)
    plan_all()
    assert states() == ["pending"]


def test_who_leaves_a_partner_leaves_its_tenants(world: World, agent: Subscription) -> None:
    publish(world)
    fail_once()
    make_member(Delegation.objects.get().partner, "partner_agent")
    remove_member(member=Member.objects.get(user=agent.user), by=SYSTEM, now=NOW)
    plan_all()
    assert_taken_back()


@pytest.mark.parametrize("how", ["account closed", "delegation ran out", "member gone"])
def test_what_ends_in_silence_is_seen_before_a_further_try(
    world: World, agent: Subscription, how: str
) -> None:
    publish(world)
    fail_once()
    if how == "account closed":
        User.objects.filter(subscriptions=agent).update(is_active=False)
    elif how == "delegation ran out":
        Delegation.objects.update(expires_at=LATER - timedelta(seconds=1))
    else:
        Member.objects.filter(user=agent.user).delete()
    assert claimed_later() == []
    assert_taken_back()


def test_others_of_the_same_chunk_are_tried_again(world: World, agent: Subscription) -> None:
    for made in (subscribe_person(world.alice), subscribe_mailbox(world.bob, "desk@bob.example")):
        assert made.pk
    publish(world)
    fail_once()
    User.objects.filter(subscriptions=agent).update(is_active=False)
    assert {each.address for each in claimed_later()} == set(
        Delivery.objects.exclude(subscription=agent).values_list("address", flat=True)
    )
    assert states().count("claimed") == 2


@pytest.mark.parametrize("how", ["account closed", "member gone", "removed"])
def test_a_warning_is_not_tried_again_for_who_has_left_the_provider(world: World, how: str) -> None:
    user = make_member(world.provider, "engineer")
    make_member(world.provider, "engineer")
    detect(world)
    fail_once()
    if how == "account closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif how == "member gone":
        Member.objects.filter(user=user).delete()
    else:
        remove_member(member=Member.objects.get(user=user), by=SYSTEM, now=NOW)
        plan_all()
    assert user.email not in {each.address for each in claimed_later()}
    left = Delivery.objects.get(address=user.email)
    assert (left.state, left.because["skipped"]) == ("cancelled", "access_lost")
    assert "claimed" in states()


def test_first_tries_cost_no_query_more(world: World) -> None:
    made = subscribe_person(world.alice)
    publish(world)
    with CaptureQueriesContext(connection) as first:
        assert len(claimed_later()) == 1
    Delivery.objects.update(state="pending", attempts_made=1, next_attempt_at=LATER)
    with CaptureQueriesContext(connection) as again:
        assert len(claimed_later()) == 1
    assert made.user
    assert len(again) - len(first) == 2, "the subscriptions' people and their places"
