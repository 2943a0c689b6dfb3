"""Operators find subscriptions, see how they do, and repair them; both logs know."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from standfast.apps.catalog.index import forget_index
from standfast.apps.delivery.models import Delivery, Notice, Subscription
from standfast.apps.delivery.services.visitors import VisitorWish, subscribe_visitor
from standfast.apps.tenancy.models import AuditEntry
from tests.factories import NOW, make_member, make_provider, make_tenant
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
