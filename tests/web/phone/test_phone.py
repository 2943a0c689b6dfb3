"""What the app is made of, without a browser: manifest, worker, places, devices."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from standfast.apps.delivery.models import Subscription
from standfast.web.phone.reader import HEADER, NOBODY
from tests.apps.delivery.test_devices import told
from tests.factories import make_member
from tests.factories_incidents import World, make_world
from tests.web.portal.readers import reader, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_the_worker_governs_the_whole_site_and_is_looked_for_at_each_visit() -> None:
    answer = Client().get("/service-worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert "no-cache" in answer["Cache-Control"]
    first = answer.content.decode().partition(";\n")[0]
    about = json.loads(first.removeprefix("const ABOUT = "))
    assert about["vapid"] == settings.STANDFAST_VAPID.public
    assert set(about["words"]) == {"en", "zh-hant"}
    for path in about["offline"].values():
        assert Client().get(path).status_code == 200
    again = Client().get("/service-worker.js", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_the_policy_of_pages_allows_no_script_but_ours() -> None:
    policy = Client().get("/service-worker.js")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_each_session_has_its_own_name_and_visitors_have_none(world: World) -> None:
    user = make_member(world.alice, "admin")
    address = reverse("portal:dashboard", args=["alice"])
    first, second = signed_in(user), signed_in(user)
    names = {first.get(address)[HEADER], first.get(address)[HEADER], second.get(address)[HEADER]}
    assert len(names) == 2
    assert Client().get("/accounts/login/")[HEADER] == NOBODY
    assert HEADER not in Client().get("/status/northlight/")


def test_shortcuts_lead_to_the_person_s_own_pages(world: World) -> None:
    tenant = reader(world.alice, "staff")
    assert tenant.get("/go/maintenance")["Location"] == "/portal/alice/maintenance/"
    assert tenant.get("/go/notifications")["Location"] == "/", "staff choose none"
    provider = signed_in(make_member(world.provider, "viewer"))
    assert provider.get("/go/maintenance")["Location"] == "/console/northlight/maintenance/"
    assert Client().get("/go/health")["Location"] == "/"
    assert Client().get("/go/elsewhere").status_code == 404


def test_a_device_is_kept_and_forgotten(world: World) -> None:
    client = reader(world.alice, "message_reader")
    keep, forget = (reverse(f"portal:device_{act}", args=["alice"]) for act in ("keep", "forget"))
    device = told()
    kept = client.post(keep, {"device": device}, content_type="application/json")
    assert kept.status_code == 204
    assert Subscription.objects.get().address == device["endpoint"]
    gone = client.post(forget, {"address": device["endpoint"]}, content_type="application/json")
    assert gone.status_code == 204
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("body", ["", "nonsense", "[]", '{"device": 3}', "{" + "x" * 9_000])
def test_nonsense_is_refused_in_words(world: World, body: str) -> None:
    client = reader(world.alice)
    keep = reverse("portal:device_keep", args=["alice"])
    answer = client.post(keep, body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "device"
    renewed = Client().post("/push/renew", body, content_type="application/json")
    assert renewed.status_code == 422


def test_a_renewal_needs_the_old_address(world: World) -> None:
    client = reader(world.alice)
    keep = reverse("portal:device_keep", args=["alice"])
    first, second = told("https://push.example.test/1"), told("https://push.example.test/2")
    client.post(keep, {"device": first}, content_type="application/json")
    ask = {"before": "https://push.example.test/guess", "now": second}
    assert Client().post("/push/renew", ask, content_type="application/json").status_code == 404
    ask["before"] = first["endpoint"]
    assert Client().post("/push/renew", ask, content_type="application/json").status_code == 204
    assert Subscription.objects.get().address == second["endpoint"]


def test_signing_out_leads_to_a_page_that_says_what_was_forgotten(world: World) -> None:
    client = reader(world.alice)
    answer = client.post(reverse("account_logout"))
    assert answer["Location"] == "/signed-out"
    page = client.get("/signed-out")
    assert page[HEADER] == NOBODY
    assert "deleted" in page.content.decode()


def test_a_page_that_shows_a_secret_is_kept_nowhere(world: World) -> None:
    client = reader(world.alice)
    made = client.post(
        reverse("portal:feed_address_new", args=["alice"]),
        {"name": "Phone", "language": "en"},
        follow=True,
    )
    assert "no-store" in made["Cache-Control"]
    plain = client.get(reverse("portal:maintenance_list", args=["alice"]))
    assert "no-store" not in plain.get("Cache-Control", "")


def push_of_visitors(act: str, body: object) -> int:
    address = reverse(f"public:device_{act}", args=["northlight"])
    return Client().post(address, body, content_type="application/json").status_code


def test_a_visitor_s_device_is_told_what_is_public_without_an_address(world: World) -> None:
    device = told()
    assert push_of_visitors("keep", {"device": device}) == 204
    assert push_of_visitors("keep", {"device": device}) == 204, "once, however often asked"
    made = Subscription.objects.get()
    assert (made.organisation, made.is_public, made.user) == (world.provider, True, None)
    assert made.confirmed_at is not None
    assert push_of_visitors("keep", {"device": {}}) == 422
    assert push_of_visitors("forget", {"address": "https://push.example.test/guess"}) == 204
    assert Subscription.objects.count() == 1
    assert push_of_visitors("forget", {"address": device["endpoint"]}) == 204
    assert not Subscription.objects.exists()


def test_only_so_many_visitors_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from standfast.apps.delivery.services import visitor_devices

    monkeypatch.setattr(visitor_devices, "MOST_AN_HOUR", 1)
    assert push_of_visitors("keep", {"device": told()}) == 204
    another = told("https://push.example.test/2")
    assert push_of_visitors("keep", {"device": another}) == 422


def test_visitors_devices_are_told_of_public_maintenance_only(world: World) -> None:
    from standfast.apps.delivery.models import Delivery
    from tests.factories_delivery import plan_all
    from tests.factories_messages import schedule_maintenance

    push_of_visitors("keep", {"device": told()})
    schedule_maintenance(world)
    plan_all()
    assert not Delivery.objects.exists()
    schedule_maintenance(world, is_public=True)
    plan_all()
    assert [each.channel for each in Delivery.objects.all()] == ["webpush"]
