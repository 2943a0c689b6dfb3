"""Deliveries in the console: the totals, what fails and why, another try."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from standfast.apps.catalog.index import forget_index
from standfast.apps.delivery.models import Attempt, Delivery, Subscription
from tests.factories import make_member
from tests.factories_delivery import plan_all, subscribe_mailbox, subscribe_webhook
from tests.factories_incidents import World, make_world, on, publish_issue

HOME = "/console/northlight/deliveries/"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    forget_index()
    yield make_world()
    forget_index()


@pytest.fixture
def told(world: World) -> str:
    """An issue with one delivery sent and one failed; its reference."""
    now = datetime.now(UTC)
    subscribe_mailbox(world.alice, "desk@alice.example")
    subscribe_webhook(world.bob, "https://hooks.example/secret-path")
    issue = publish_issue(world, on(world.first), now=now).issue
    plan_all(now=now)
    Delivery.objects.filter(channel="email").update(state="sent", sent_at=now)
    Delivery.objects.filter(channel="webhook").update(
        state="failed", attempts_made=1, last_error="The receiver refuses: 400"
    )
    failed = Delivery.objects.get(channel="webhook")
    Attempt.objects.create(delivery=failed, at=now, outcome="permanent", detail="400 no thanks")
    return issue.reference


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(
        make_member(world.provider, role), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return html.unescape(response.content.decode())


def test_the_overview_answers_whether_everything_arrived(world: World, told: str) -> None:
    page = text_of(signed_in(world, "communicator").get(HOME))
    assert "1 message of the last week could not be delivered" in page
    assert "The receiver refuses: 400" in page
    assert told in page
    assert "https://hooks.example/…" in page
    assert "secret-path" not in page, "the path of a webhook is its owner's secret"


def test_the_issue_s_page_shows_each_message_with_its_tries(world: World, told: str) -> None:
    client = signed_in(world, "communicator")
    page = text_of(client.get(f"/console/northlight/issues/{told}/deliveries/"))
    assert "desk@alice.example" in page
    assert "400 no thanks" in page
    assert "follows all services" in page
    only = text_of(client.get(f"/console/northlight/issues/{told}/deliveries/?state=sent"))
    assert "desk@alice.example" in only
    assert "hooks.example" not in only
    found = text_of(client.get(f"/console/northlight/issues/{told}/deliveries/?q=alice"))
    assert "hooks.example" not in found


def test_failed_ones_are_tried_again_one_or_all(world: World, told: str) -> None:
    client = signed_in(world, "communicator")
    failed = Delivery.objects.get(state="failed")
    page = text_of(client.post(f"{HOME}retry/{failed.pk}/", follow=True))
    assert "1 delivery is tried again" in page
    failed.refresh_from_db()
    assert failed.state == "pending"
    Delivery.objects.filter(pk=failed.pk).update(state="failed")
    retry = f"/console/northlight/issues/{told}/deliveries/retry/"
    assert "tried again" in text_of(client.post(retry, follow=True))
    Delivery.objects.filter(pk=failed.pk).update(state="failed")
    Subscription.objects.filter(deliveries=failed).update(is_active=False)
    assert "have stopped" in text_of(client.post(retry, follow=True))


def test_stopped_subscriptions_are_named(world: World, told: str) -> None:
    Subscription.objects.filter(channel="webhook").update(
        is_active=False, stopped_because="The address is gone: 410"
    )
    assert "The address is gone: 410" in text_of(signed_in(world, "viewer").get(HOME))


def test_a_viewer_looks_and_does_not_retry(world: World, told: str) -> None:
    viewer = signed_in(world, "viewer")
    assert "Try again" not in text_of(viewer.get(HOME))
    failed = Delivery.objects.get(state="failed")
    assert viewer.post(f"{HOME}retry/{failed.pk}/").status_code == 404
    retry = f"/console/northlight/issues/{told}/deliveries/retry/"
    assert viewer.post(retry).status_code == 404
    failed.refresh_from_db()
    assert failed.state == "failed"
