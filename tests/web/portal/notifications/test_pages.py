"""Notifications in the portal: subscribe, change, pause, test, end."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from standfast.apps.catalog.index import forget_index
from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.tenancy.models import AuditEntry, User
from standfast.apps.tenancy.sealing import unseal
from tests.factories import make_delegation, make_member, make_partner, make_service, make_user
from tests.factories_delivery import subscribe_mailbox, subscribe_person, subscribe_webhook
from tests.factories_incidents import World, make_world

HOME = "/portal/alice/notifications/"
CHOICE = {"kinds": ["incident"], "min_severity": "high", "language": "zh-hant"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    forget_index()
    yield make_world()
    forget_index()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def admin(world: World) -> Client:
    user = make_user("ada@alice.example")
    return client_of(make_member(world.alice, "admin", user=user))


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return html.unescape(response.content.decode())


def test_a_new_administrator_is_asked_to_subscribe(admin: Client) -> None:
    page = text_of(admin.get(HOME))
    assert "Nobody at Alice is told when a service fails." in page
    assert "Send me e-mails" in page


def test_a_person_subscribes_by_e_mail_to_chosen_services(world: World, admin: Client) -> None:
    page = text_of(
        admin.post(f"{HOME}new/", CHOICE | {"services": [world.service.pk]}, follow=True)
    )
    made = Subscription.objects.get()
    assert (made.channel, made.address, made.kinds) == ("email", "ada@alice.example", ["incident"])
    assert (made.min_severity, made.language) == ("high", "zh-hant")
    assert list(made.services.all()) == [world.service]
    assert "ada@alice.example" in page
    assert "Nobody at Alice" not in page


def test_another_address_than_one_s_own_cannot_be_smuggled_in(admin: Client) -> None:
    admin.post(f"{HOME}new/", CHOICE | {"channel": "email", "address": "victim@example.com"})
    assert Subscription.objects.get().address == "ada@alice.example"


def test_a_webhook_shows_its_secret_once_and_another_after_rotation(admin: Client) -> None:
    given = CHOICE | {"channel": "webhook", "address": "https://hooks.example/in"}
    page = text_of(admin.post(f"{HOME}new/shared/", given, follow=True))
    made = Subscription.objects.get()
    secret = unseal(made.secret)
    assert secret in page
    assert secret not in text_of(admin.get(HOME))
    rotated = text_of(admin.post(f"{HOME}{made.pk}/rotate/", follow=True))
    made.refresh_from_db()
    assert unseal(made.secret) in rotated
    assert unseal(made.secret_before) == secret


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"address": "nonsense"}, "not a mail address"),
        ({"channel": "webhook", "address": "ftp://x"}, "not a web address"),
        ({"channel": "webhook", "address": "https://a:b@hooks.example/"}, "no name and password"),
        ({"kinds": []}, "required"),
        ({"address": "desk@alice.example"}, "subscribed already"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(
    world: World, admin: Client, change: dict[str, Any], complaint: str
) -> None:
    subscribe_mailbox(world.alice, "desk@alice.example")
    given = CHOICE | {"channel": "email", "address": "new@alice.example"} | change
    assert complaint in text_of(admin.post(f"{HOME}new/shared/", given))
    assert Subscription.objects.count() == 1


def test_services_that_the_tenant_does_not_use_cannot_be_chosen(
    world: World, admin: Client
) -> None:
    other = make_service(world.provider, "other")
    admin.post(f"{HOME}new/", CHOICE | {"services": [other.pk]})
    assert not Subscription.objects.exists()


def test_changing_pausing_resuming_and_deleting(world: World, admin: Client) -> None:
    made = subscribe_mailbox(world.alice, "desk@alice.example")
    address = f"{HOME}{made.pk}/"
    assert "desk@alice.example" in text_of(admin.get(address))
    admin.post(address, CHOICE | {"channel": "email", "address": "Help@Alice.example"})
    made.refresh_from_db()
    assert (made.address, made.kinds) == ("help@alice.example", ["incident"])
    assert "Paused" in text_of(admin.post(f"{address}pause/", follow=True))
    assert "Resume the subscription first" in text_of(admin.post(f"{address}test/", follow=True))
    assert "Resumed" in text_of(admin.post(f"{address}resume/", follow=True))
    assert "on its way" in text_of(admin.post(f"{address}test/", follow=True))
    assert Delivery.objects.get().notice.kind == "test"
    admin.post(f"{address}delete/")
    assert not Subscription.objects.exists()
    assert Delivery.objects.get().state == "cancelled"
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions >= {
        "subscription.changed",
        "subscription.paused",
        "subscription.resumed",
        "subscription.tested",
        "subscription.deleted",
    }


def test_a_stopped_subscription_says_why(world: World, admin: Client) -> None:
    made = subscribe_webhook(world.alice, "https://hooks.example/in")
    Subscription.objects.filter(pk=made.pk).update(
        is_active=False, stopped_because="The address is gone: 410"
    )
    page = text_of(admin.get(HOME))
    assert "1 subscription has stopped" in page
    assert "The address is gone: 410" in page


def test_a_message_that_did_not_get_through_is_seen_at_once(world: World, admin: Client) -> None:
    made = subscribe_webhook(world.alice, "https://hooks.example/in")
    admin.post(f"{HOME}{made.pk}/test/")
    assert '<details class="tries">' in text_of(admin.get(HOME))
    Delivery.objects.update(last_error="hooks.example: time-out", attempts_made=1)
    page = text_of(admin.get(HOME))
    assert '<details class="tries" open>' in page
    assert "next try" in page
    assert "hooks.example: time-out" in page


@pytest.mark.parametrize(
    ("channel", "wanted", "host"),
    [
        ("webhook", "http://localhost/x", "localhost"),
        ("webhook", "https://169.254.169.254/latest", "169.254.169.254"),
        ("webhook", "https://[::1]:8443/x", "::1"),
        ("webhook", "https://hooks.corp.internal./x", "hooks.corp.internal"),
        ("slack", "https://10.0.0.1/x", "10.0.0.1"),
        ("apprise", "json://127.0.0.1/x", "127.0.0.1"),
    ],
)
def test_a_private_address_is_refused_where_it_is_written(
    admin: Client, settings: Any, channel: str, wanted: str, host: str
) -> None:
    wish = CHOICE | {"channel": channel, "address": wanted}
    page = text_of(admin.post(f"{HOME}new/shared/", wish))
    assert f"{host} is in a private network" in page
    assert f'value="{wanted}"' in page
    assert not Subscription.objects.exists()
    settings.STANDFAST_PRIVATE_HOSTS = [host]
    admin.post(f"{HOME}new/shared/", wish)
    assert Subscription.objects.exists()


@pytest.mark.parametrize("channel", ["webhook", "teams"])
def test_nothing_is_sent_in_the_clear_over_the_internet(
    admin: Client, settings: Any, channel: str
) -> None:
    wish = CHOICE | {"channel": channel, "address": "http://hooks.example/x"}
    page = text_of(admin.post(f"{HOME}new/shared/", wish))
    assert "Write https://: on the way to hooks.example others could read what is sent." in page
    assert not Subscription.objects.exists()
    settings.STANDFAST_PRIVATE_HOSTS = ["hooks.example"]
    admin.post(f"{HOME}new/shared/", wish)
    assert Subscription.objects.exists()


def test_each_line_names_its_channel(world: World, admin: Client) -> None:
    """Several chats have the same host, which is all of an address that is shown."""
    for channel in ("slack", "teams"):
        wish = CHOICE | {"channel": channel, "address": f"https://hooks.example/{channel}/secret"}
        admin.post(f"{HOME}new/shared/", wish)
    page = text_of(admin.get(HOME))
    for name in ("Slack", "Microsoft Teams"):
        assert re.search(rf"<span>{name}</span>\s*<strong class=\"address\">https://hooks", page)


def test_a_reader_manages_only_its_own(world: World) -> None:
    shared = subscribe_mailbox(world.alice, "desk@alice.example")
    other = subscribe_person(world.alice)
    foreign = subscribe_mailbox(world.bob, "desk@bob.example")
    reader = client_of(make_member(world.alice, "message_reader"))
    page = text_of(reader.get(HOME))
    assert "desk@alice.example" not in page
    assert other.address not in page
    assert reader.get(f"{HOME}new/shared/").status_code == 404
    for made in (shared, other, foreign):
        for action in ("", "pause/", "resume/", "delete/", "rotate/", "test/"):
            assert reader.post(f"{HOME}{made.pk}/{action}").status_code == 404
    assert Subscription.objects.filter(is_active=True).count() == 3


def test_a_partner_with_delegation_manages_the_organisation_s_channels(world: World) -> None:
    partner = make_partner()
    make_delegation(partner, world.alice)
    agent = client_of(make_member(partner, "partner_agent"))
    given = CHOICE | {"channel": "email", "address": "desk@partner.example"}
    assert "desk@partner.example" in text_of(agent.post(f"{HOME}new/shared/", given, follow=True))


def test_one_click_ends_a_subscription_without_sign_in(world: World) -> None:
    made = subscribe_person(world.alice)
    address = f"/unsubscribe/{made.unsubscribe_key}"
    visitor = Client(enforce_csrf_checks=True)
    page = text_of(visitor.get(address))
    assert "Unsubscribe?" in page
    assert re.search(r'<form method="post"', page)
    still = Subscription.objects.filter(is_active=True)
    assert still.exists(), "a link scanner changes nothing"
    for _ in range(2):
        answer = visitor.post(address, {"List-Unsubscribe": "One-Click"})
        assert "You are unsubscribed" in text_of(answer)
    assert not still.exists()
    assert visitor.get("/unsubscribe/guessed").status_code == 404
    assert visitor.post("/unsubscribe/guessed").status_code == 404
