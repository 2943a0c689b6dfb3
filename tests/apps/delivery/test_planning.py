"""Who is told of an issue: exactly its audience's subscribers, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pyroaring import BitMap

from standfast.apps.delivery.models import Delivery, Notice
from standfast.apps.delivery.queries.plans import preview_plan
from standfast.apps.delivery.queries.recipients import recipients_among
from standfast.apps.delivery.services.planning import plan_event, plan_waiting
from standfast.apps.delivery.services.subscriptions import pause_subscription
from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.incidents.services.promises import check_promises
from standfast.apps.incidents.services.updating import post_update
from standfast.apps.tenancy.models import Member, Organisation, OutboxEvent
from tests.factories import (
    NOW,
    SYSTEM,
    make_component,
    make_delegation,
    make_member,
    make_partner,
    make_placement,
    make_user,
)
from tests.factories_delivery import (
    plan_all,
    subscribe_mailbox,
    subscribe_person,
    subscribe_webhook,
)
from tests.factories_incidents import BODY, World, detect_issue, on, publish_issue

LATER = NOW + timedelta(minutes=30)


def told() -> set[str]:
    return set(Delivery.objects.values_list("address", flat=True))


def last_notice(kind: str = "post") -> Notice:
    return Notice.objects.filter(kind=kind).latest("id")


def test_only_the_audience_is_told(world: World) -> None:
    alice = subscribe_person(world.alice)
    subscribe_person(world.charlie)
    hook = subscribe_webhook(world.bob, "https://hooks.example/bob")
    publish_issue(world, on(world.first))
    assert plan_all() == 1
    assert told() == {alice.address, hook.address}
    notice = last_notice()
    assert notice.skipped["nobody_subscribed"] == 0
    keys = set(notice.deliveries.values_list("idempotency_key", flat=True))
    assert keys == {f"{notice.post_id}-{alice.pk}-email", f"{notice.post_id}-{hook.pk}-webhook"}


def test_why_others_are_not_told_is_kept(world: World) -> None:
    subscribe_person(world.alice, kinds=["advisory"])
    subscribe_person(world.bob, min_severity="critical")
    paused = subscribe_mailbox(world.bob, "desk@bob.example")
    pause_subscription(subscription=paused, by=SYSTEM, now=NOW)
    publish_issue(world, on(world.first))
    plan_all()
    assert told() == set()
    assert last_notice().skipped == {
        "kind_not_chosen": 1,
        "below_severity": 1,
        "inactive": 1,
        "nobody_subscribed": 2,
    }


def test_an_event_handled_twice_tells_nobody_twice(world: World) -> None:
    subscribe_person(world.alice)
    publish_issue(world, on(world.first))
    event = OutboxEvent.objects.latest("id")
    assert plan_event(event_id=event.pk, now=NOW)
    assert not plan_event(event_id=event.pk, now=NOW)
    # As if the mark had been lost: the notice of an event exists once, so nothing is written.
    OutboxEvent.objects.update(handled_at=None)
    assert plan_waiting(now=NOW) == 0
    assert Delivery.objects.count() == 1


def test_an_event_that_cannot_be_handled_does_not_hold_up_the_next(world: World) -> None:
    subscribe_person(world.alice)
    post = publish_issue(world, on(world.first))
    broken = OutboxEvent.objects.latest("id")
    broken.payload["audience_id"] = 0
    broken.save()
    post_update(
        issue=post.issue, version=None, body=BODY, status="restoringService", by=SYSTEM, now=NOW
    )
    assert plan_all() == 1
    assert Delivery.objects.count() == 1
    broken.refresh_from_db()
    assert broken.handled_at is None
    broken.payload["audience_id"] = post.audience_id
    broken.save()
    assert plan_all(now=NOW + timedelta(seconds=1)) == 0, "not at once"
    assert plan_all(now=NOW + timedelta(seconds=11)) == 1
    assert Delivery.objects.count() == 2


def test_people_without_access_any_more_are_not_told(world: World) -> None:
    gone = subscribe_person(world.alice)
    Member.objects.filter(user=gone.user).delete()
    off = subscribe_person(world.alice)
    assert off.user
    off.user.is_active = False
    off.user.save()
    publish_issue(world, on(world.first))
    plan_all()
    assert told() == set()
    assert last_notice().skipped["access_lost"] == 2


def test_a_partner_s_person_is_told_once_for_several_tenants(world: World) -> None:
    partner = make_partner()
    agent = make_member(partner, "partner_agent", user=make_user("agent@partner.example"))
    for tenant in (world.alice, world.bob):
        make_delegation(partner, tenant)
        subscribe_person(tenant, user=agent)
    publish_issue(world, on(world.first))
    plan_all()
    assert list(Delivery.objects.values_list("address", flat=True)) == ["agent@partner.example"]
    assert last_notice().skipped == {"duplicate_of": 1, "nobody_subscribed": 0}


def test_another_tenant_cannot_take_the_place_of_a_webhook(world: World) -> None:
    """Both get theirs, each signed with its own secret."""
    for tenant in (world.alice, world.bob):
        subscribe_webhook(tenant, "https://hooks.example/same")
    publish_issue(world, on(world.first))
    plan_all()
    assert Delivery.objects.count() == 2


def test_a_change_of_audience_tells_each_group_its_own_thing_once(world: World) -> None:
    people = {name: subscribe_person(getattr(world, name)) for name in ("alice", "bob", "charlie")}
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    Delivery.objects.all().delete()
    change_audience(
        issue=issue,
        version=None,
        scope=on(world.second),
        why="the other database",
        body=BODY,
        by=SYSTEM,
        now=LATER,
    )
    assert plan_all() == 3
    by_kind = {
        (each.address, each.notice.kind, each.reason)
        for each in Delivery.objects.select_related("notice")
    }
    assert by_kind == {
        (people["alice"].address, "closing", "released"),
        (people["bob"].address, "post", "all_services"),
        (people["charlie"].address, "post", "all_services"),
    }


def test_staff_are_warned_before_a_promise_lapses_and_the_owner_when_it_has(world: World) -> None:
    owner = make_member(world.provider, "owner")
    communicator = make_member(world.provider, "communicator")
    service_owner = make_member(world.provider, "engineer")
    world.service.owner = service_owner
    world.service.save()
    publish_issue(world, on(world.first), cadence_minutes=60)
    plan_all()
    assert check_promises(now=NOW + timedelta(minutes=50)) == 1
    plan_all()
    warned = {each.address: each.reason for each in last_notice("due_soon").deliveries.all()}
    assert warned == {communicator.email: "communicator", owner.email: "owner"}
    assert check_promises(now=NOW + timedelta(minutes=61)) == 1
    plan_all()
    escalated = {each.address: each.reason for each in last_notice("overdue").deliveries.all()}
    assert escalated == {service_owner.email: "service_owner", communicator.email: "communicator"}


def test_without_a_service_owner_the_provider_s_owners_are_told(world: World) -> None:
    owner = make_member(world.provider, "owner")
    world.service.owner = make_user()  # has left the provider
    world.service.save()
    publish_issue(world, on(world.first))
    check_promises(now=NOW + timedelta(minutes=61))
    plan_all()
    assert last_notice("overdue").deliveries.get().address == owner.email


def test_a_promise_that_was_kept_meanwhile_warns_nobody(world: World) -> None:
    make_member(world.provider, "communicator")
    issue = publish_issue(world, on(world.first)).issue
    check_promises(now=NOW + timedelta(minutes=50))
    post_update(
        issue=issue,
        version=None,
        body=BODY,
        status="restoringService",
        by=SYSTEM,
        now=NOW + timedelta(minutes=51),
    )
    plan_all()
    assert not Notice.objects.filter(kind="due_soon").exists()


def test_a_detected_issue_is_told_to_staff_and_to_no_tenant(world: World) -> None:
    subscribe_person(world.alice)
    engineer = make_member(world.provider, "engineer")
    detect_issue(world)
    plan_all()
    assert told() == {engineer.email}


@pytest.mark.parametrize("unsubscribed", [0, 1])
def test_the_preview_says_what_publishing_then_does(world: World, unsubscribed: int) -> None:
    alice = subscribe_person(world.alice)
    if not unsubscribed:
        subscribe_webhook(world.bob, "https://hooks.example/bob")
    post = publish_issue(world, on(world.first))
    tenants = BitMap.deserialize(bytes(post.audience.tenants))
    view = preview_plan(issue=post.issue, audience_tenants=tenants, now=NOW)
    plan_all()
    assert view.total == Delivery.objects.count() == 2 - unsubscribed
    assert view.nobody_subscribed == unsubscribed
    assert (view.sample[0].address, view.sample[0].organisation) == (alice.address, "Alice")


def test_a_region_that_was_not_chosen_is_not_told(world: World) -> None:
    asia = make_component(world.provider, "ASIA", kind="region")
    far = make_component(world.provider, "MBX-9", kind="database", below=asia)
    make_placement(world.alice, far, world.service, 3)
    subscribe_person(world.alice, regions=[world.region.pk])
    publish_issue(world, on(far))
    plan_all()
    assert last_notice().not_told.get().reason == "region_not_chosen"
    publish_issue(world, on(world.first))
    plan_all()
    assert Delivery.objects.count() == 1


def test_neighbours_by_number_are_never_told_for_the_audience(world: World) -> None:
    # Numbers that lie close together are read as a range, others one by one.
    near = [world.alice, world.bob, world.dora]
    for each in near:
        subscribe_mailbox(each, f"desk@{each.slug}.example")
    subscribe_mailbox(world.charlie, "desk@charlie.example")
    for some in (near, [world.alice, world.dora], [world.bob]):
        numbers = BitMap(each.number for each in some if each.number is not None)
        found = recipients_among(numbers, provider=world.provider, now=NOW)
        assert {each.address for each in found.values()} == {
            f"desk@{each.slug}.example" for each in some
        }
    far = Organisation.objects.get(pk=world.alice.pk)
    far.number = 900_000
    far.save()
    numbers = BitMap([900_000, world.bob.number or 0])
    found = recipients_among(numbers, provider=world.provider, now=NOW)
    assert {each.organisation_id for each in found.values()} == {far.pk, world.bob.pk}
