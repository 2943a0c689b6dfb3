"""Devices of the provider's own people, who have no portal: kept and forgotten in the console."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from standfast.apps.delivery.models import Delivery, Subscription
from tests.apps.delivery.test_devices import told
from tests.factories import make_member
from tests.factories_delivery import plan_all
from tests.factories_incidents import World, detect_issue, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def staff(world: World, role: str) -> Client:
    client = Client()
    client.force_login(make_member(world.provider, role))
    return client


def address(act: str) -> str:
    return reverse(f"console:device_{act}", args=["northlight"])


@pytest.mark.parametrize("role", ["owner", "communicator", "engineer"])
def test_a_device_is_kept_warned_and_forgotten(world: World, role: str) -> None:
    client, device = staff(world, role), told()
    assert address("keep") in client.get(reverse("console:promises", args=["northlight"])).text
    kept = client.post(address("keep"), {"device": device}, content_type="application/json")
    assert kept.status_code == 204
    made = Subscription.objects.get()
    assert (made.organisation, made.channel) == (world.provider, "webpush")
    detect_issue(world)
    plan_all()
    warned = {"email", "webpush"} if role != "owner" else set()
    assert set(Delivery.objects.values_list("channel", flat=True)) == warned
    gone = client.post(
        address("forget"), {"address": device["endpoint"]}, content_type="application/json"
    )
    assert gone.status_code == 204
    assert not Subscription.objects.exists()


def test_who_is_warned_of_nothing_has_no_device(world: World) -> None:
    client = staff(world, "viewer")
    assert "data-push" not in client.get(reverse("console:promises", args=["northlight"])).text
    body = {"device": told()}
    for someone in (client, Client()):
        answer = someone.post(address("keep"), body, content_type="application/json")
        assert answer.status_code in {302, 404}
    assert not Subscription.objects.exists()
