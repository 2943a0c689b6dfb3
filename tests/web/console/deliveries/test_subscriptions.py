"""Operators find subscriptions, see how they do, and repair them; both logs know."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from standfast.apps.catalog.index import forget_index
from standfast.apps.catalog.models import Service
from standfast.apps.delivery.models import Delivery, Notice, Subscription
from standfast.apps.delivery.services.choices import wish_for_issue
from standfast.apps.delivery.services.visitors import VisitorWish, subscribe_visitor
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.models import AuditEntry
from tests.factories import (
    NOW,
    make_member,
    make_provider,
    make_service,
    make_subscription,
    make_tenant,
)
from tests.factories_delivery import (
    plan_all,
    subscribe_mailbox,
    subscribe_person,
    subscribe_webhook,
)
from tests.factories_incidents import World, make_world, on, publish_issue

HOME = "/console/northlight/deliveries/subscriptions/"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    forget_index()
    yield make_world()
    forget_index()


def client_with(world: World, role: str) -> Client:
    client = Client()
    person = make_member(world.provider, role)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def operator(world: World) -> Client:
    return client_with(world, "communicator")


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return html.unescape(response.content.decode())


def actions_of(organisation: Any) -> set[str]:
    rows = AuditEntry.objects.filter(organisation=organisation, object_kind="subscription")
    return set(rows.values_list("action", flat=True))


def test_subscriptions_are_found_by_address_person_and_organisation(
    world: World, operator: Client
) -> None:
    own = subscribe_person(world.alice)
    subscribe_mailbox(world.bob, "desk@bob.example")
    subscribe_mailbox(make_tenant("stranger"), "desk@stranger.example")
    page = text_of(operator.get(HOME))
    assert own.address in page
    assert "desk@bob.example" in page
    assert "stranger" not in page, "no tenant of this provider"
    for query in ("desk@bob", "Bob"):
        page = text_of(operator.get(HOME, {"q": query}))
        assert "desk@bob.example" in page
        assert own.address not in page
    assert "No subscription here" in text_of(operator.get(HOME, {"q": "nobody"}))
    assert own.address in text_of(operator.get(HOME, {"owner": "people", "channel": "email"}))


def test_the_page_of_one_shows_what_was_sent_and_why(world: World, operator: Client) -> None:
    made = subscribe_mailbox(world.alice, "desk@alice.example", kinds=["incident"])
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    Delivery.objects.update(state="failed", last_error="time-out")
    Notice.objects.update(created_at=timezone.now())
    page = text_of(operator.get(f"{HOME}{made.pk}/"))
    for expected in (issue.reference, "follows all services", "could not be delivered"):
        assert expected in page
    failing = text_of(operator.get(HOME, {"condition": "failing"}))
    assert "desk@alice.example" in failing


def test_an_address_is_corrected_and_both_logs_say_so(world: World, operator: Client) -> None:
    made = subscribe_mailbox(world.alice, "dsek@alice.example")
    Subscription.objects.update(is_active=False, stopped_because="gone")
    at = f"{HOME}{made.pk}/"
    text_of(operator.post(f"{at}address/", {"address": "Desk@alice.example"}, follow=True))
    made.refresh_from_db()
    assert (made.address, made.is_active, made.stopped_because) == ("desk@alice.example", True, "")
    for organisation in (world.provider, world.alice):
        assert "subscription.address_corrected" in actions_of(organisation)


@pytest.mark.parametrize("address", ["nonsense", "other@alice.example"])
def test_an_address_that_cannot_be_is_refused(world: World, operator: Client, address: str) -> None:
    subscribe_mailbox(world.alice, "other@alice.example")
    made = subscribe_mailbox(world.alice, "desk@alice.example")
    page = operator.post(f"{HOME}{made.pk}/address/", {"address": address}, follow=True)
    assert "alert-error" in text_of(page)
    made.refresh_from_db()
    assert made.address == "desk@alice.example"


def test_a_persons_own_mail_cannot_be_turned_elsewhere(world: World, operator: Client) -> None:
    made = subscribe_person(world.alice)
    before = made.address
    operator.post(f"{HOME}{made.pk}/address/", {"address": "thief@elsewhere.example"})
    made.refresh_from_db()
    assert made.address == before


def test_a_corrected_visitor_is_asked_anew(world: World, operator: Client) -> None:
    subscribe_visitor(provider=world.provider, wish=VisitorWish("raeder@example.org"), now=NOW)
    made = Subscription.objects.get()
    Subscription.objects.update(confirmed_at=NOW)
    operator.post(f"{HOME}{made.pk}/address/", {"address": "reader@example.org"})
    made.refresh_from_db()
    assert (made.address, made.confirmed_at) == ("reader@example.org", None)
    newest = Delivery.objects.latest("id")
    assert (newest.address, newest.notice.kind) == ("reader@example.org", "confirm")


def test_pausing_resuming_and_deleting(world: World, operator: Client) -> None:
    made = subscribe_webhook(world.alice, "https://hooks.example/in")
    at = f"{HOME}{made.pk}/"
    operator.post(f"{at}pause/")
    assert not Subscription.objects.get().is_active
    operator.post(f"{at}resume/")
    assert Subscription.objects.get().is_active
    operator.post(f"{at}delete/")
    assert not Subscription.objects.exists()
    assert {"subscription.paused", "subscription.deleted"} <= actions_of(world.provider)


def test_who_left_is_not_brought_back_by_an_operator(world: World, operator: Client) -> None:
    subscribe_visitor(provider=world.provider, wish=VisitorWish("reader@example.org"), now=NOW)
    Subscription.objects.update(confirmed_at=NOW, is_active=False)
    made = Subscription.objects.get()
    operator.post(f"{HOME}{made.pk}/resume/")
    made.refresh_from_db()
    assert not made.is_active


def test_viewers_look_and_repair_nothing(world: World) -> None:
    made = subscribe_mailbox(world.alice, "desk@alice.example")
    viewer = client_with(world, "viewer")
    assert "Repair" not in text_of(viewer.get(f"{HOME}{made.pk}/"))
    assert viewer.post(f"{HOME}{made.pk}/delete/").status_code == 404
    assert Subscription.objects.exists()


def test_another_providers_tenants_are_not_found(world: World, operator: Client) -> None:
    other = make_provider("rival")
    stranger = subscribe_mailbox(make_tenant("far"), "desk@far.example")
    assert operator.get(f"{HOME}{stranger.pk}/").status_code == 404
    assert operator.get(f"/console/{other.slug}/deliveries/subscriptions/").status_code == 404


class Rival:
    """Another provider with a service that Alice uses too, and its operator."""

    def __init__(self, world: World) -> None:
        self.provider = make_provider("rival")
        self.service = make_service(self.provider, "files", name="Rival Files")
        make_subscription(world.alice, self.service)
        person = make_member(self.provider, "communicator")
        self.client = Client()
        self.client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        self.home = "/console/rival/deliveries/subscriptions/"


def choose(subscription: Subscription, *services: Service) -> Subscription:
    subscription.services.set(services)
    return subscription


def test_an_operator_sees_only_what_can_carry_its_own_notices(
    world: World, operator: Client
) -> None:
    rival = Rival(world)
    everything = subscribe_mailbox(world.alice, "all@alice.example")
    ours = choose(subscribe_mailbox(world.alice, "mail@alice.example"), world.service)
    theirs = choose(subscribe_mailbox(world.alice, "files@alice.example"), rival.service)
    both = choose(
        subscribe_mailbox(world.alice, "both@alice.example"), world.service, rival.service
    )
    page, other = text_of(operator.get(HOME)), text_of(rival.client.get(rival.home))
    for one, here, there in (
        (everything, True, True),
        (ours, True, False),
        (theirs, False, True),
        (both, True, True),
    ):
        assert (one.address in page, one.address in other) == (here, there)
        assert operator.get(f"{HOME}{one.pk}/").status_code == (200 if here else 404)
        assert rival.client.get(f"{rival.home}{one.pk}/").status_code == (200 if there else 404)
    page = text_of(operator.get(f"{HOME}{both.pk}/"))
    assert "and 1 of another provider" in page
    assert "Rival Files" not in page


@pytest.mark.parametrize("act", ["pause", "resume", "delete", "address", "ask"])
def test_an_operator_cannot_repair_what_concerns_only_another_provider(
    world: World, operator: Client, act: str
) -> None:
    rival = Rival(world)
    theirs = choose(subscribe_mailbox(world.alice, "files@alice.example"), rival.service)
    answer = operator.post(f"{HOME}{theirs.pk}/{act}/", {"address": "evil@northlight.example"})
    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert (theirs.is_active, theirs.address) == (True, "files@alice.example")


def test_who_follows_an_issue_is_in_reach_while_it_is_open(world: World, operator: Client) -> None:
    rival = Rival(world)
    theirs = choose(subscribe_person(world.alice), rival.service)
    issue = publish_issue(world, on(world.first)).issue
    assert theirs.user
    assert operator.get(f"{HOME}{theirs.pk}/").status_code == 404
    wish_for_issue(user=theirs.user, issue=issue, wish="follow", now=NOW)
    assert "follows one of your issues" in text_of(operator.get(f"{HOME}{theirs.pk}/"))
    Issue.objects.update(stage="resolved")
    assert operator.get(f"{HOME}{theirs.pk}/").status_code == 404


def test_what_another_provider_sent_over_a_shared_one_is_not_counted_or_shown(
    world: World, operator: Client
) -> None:
    rival = Rival(world)
    shared = subscribe_mailbox(world.alice, "all@alice.example")
    for place, provider in enumerate((rival.provider, world.provider)):
        notice = Notice.objects.create(
            kind="post", provider=provider, created_at=timezone.now(), planned_at=NOW
        )
        Delivery.objects.create(
            notice=notice,
            subscription=shared,
            channel="email",
            address=shared.address,
            reason="all_services",
            idempotency_key=f"k{place}",
            state="failed" if place == 0 else "sent",
            sent_at=None if place == 0 else datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
            last_error="rival's own trouble" if place == 0 else "",
        )
    elsewhere = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    Subscription.objects.filter(pk=shared.pk).update(last_success_at=elsewhere)
    page = text_of(operator.get(f"{HOME}{shared.pk}/"))
    assert "1 sent, 0 failed" in page
    assert "1 Mar 2026 09:30" in page
    assert "2 Mar 2026 09:30" not in page
    assert "trouble" not in page
    assert shared.address not in text_of(operator.get(HOME, {"condition": "failing"}))
    other = text_of(rival.client.get(rival.home, {"condition": "failing"}))
    assert shared.address in other


def test_a_stopped_one_is_told_to_the_providers_whose_notices_it_carries(
    world: World, operator: Client
) -> None:
    rival = Rival(world)
    theirs = choose(subscribe_mailbox(world.alice, "files@alice.example"), rival.service)
    Subscription.objects.filter(pk=theirs.pk).update(is_active=False, stopped_because="gone")
    assert theirs.address not in text_of(operator.get("/console/northlight/deliveries/"))
    assert theirs.address in text_of(rival.client.get("/console/rival/deliveries/"))


def test_a_delivery_leads_to_its_subscription_only_while_that_is_in_reach(
    world: World, operator: Client
) -> None:
    rival = Rival(world)
    made = subscribe_mailbox(world.alice, "desk@alice.example")
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    address = f"/console/northlight/issues/{issue.reference}/deliveries/"
    assert f"{HOME}{made.pk}/" in text_of(operator.get(address))
    choose(made, rival.service)
    page = text_of(operator.get(address))
    assert "desk@alice.example" in page
    assert f"{HOME}{made.pk}/" not in page
