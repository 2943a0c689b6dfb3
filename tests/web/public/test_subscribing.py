"""Visitors subscribe with double opt-in; nobody learns who is subscribed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from standfast.apps.catalog.index import forget_index
from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.delivery.rendering.messages import Composer
from standfast.apps.delivery.services.confirming import ASK_EVERY, GOOD_FOR
from standfast.apps.delivery.services.visitors import (
    VisitorWish,
    forget_unconfirmed,
    subscribe_visitor,
)
from tests.factories import NOW, make_service
from tests.factories_delivery import plan_all, subscribe_person
from tests.factories_incidents import World, make_world, on, publish_issue

PAGE = "/status/northlight/subscribe/"
ASKED = {"address": "Reader@Example.org", "kinds": ["incident"], "language": "en"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    forget_index()
    yield make_world()
    forget_index()


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return html.unescape(response.content.decode())


def mail_of(delivery: Delivery) -> tuple[str, dict[str, str]]:
    message = Composer(now=NOW).message(delivery)
    return message.content.subject, dict(message.personal)


def ask(client: Client, **changes: Any) -> str:
    return text_of(client.post(PAGE, ASKED | changes, follow=True))


def confirm_link() -> str:
    _subject, personal = mail_of(Delivery.objects.latest("id"))
    return re.sub("^http://[^/]+", "", personal["confirm_link"])


def test_a_visitor_confirms_and_is_then_told_of_public_issues_only(
    world: World, client: Client
) -> None:
    assert "Look into your mailbox" in ask(client)
    visitor = Subscription.objects.get()
    assert (visitor.address, visitor.is_public, visitor.confirmed_at) == (
        "reader@example.org",
        True,
        None,
    )
    publish_issue(world, on(world.first), is_public=True)
    plan_all()
    assert Delivery.objects.filter(notice__kind="post").count() == 0, "not confirmed yet"
    link = confirm_link()
    assert "Shall reader@example.org be told" in text_of(client.get(link))
    visitor.refresh_from_db()
    assert visitor.confirmed_at is None, "a link scanner confirms nothing"
    assert "You are subscribed" in text_of(client.post(link))
    publish_issue(world, on(world.first))
    public = publish_issue(world, on(world.first), is_public=True)
    plan_all()
    told = Delivery.objects.get(notice__kind="post", subscription=visitor)
    assert told.notice.post == public
    _subject, personal = mail_of(told)
    assert personal["link"].endswith(f"/status/northlight/issues/{public.issue.reference}/")
    assert personal["settings_link"].endswith(f"/subscription/{visitor.unsubscribe_key}")


def test_nothing_stored_confirms_anything(world: World, client: Client) -> None:
    ask(client)
    visitor = Subscription.objects.get()
    for word in (visitor.confirm_hash, visitor.unsubscribe_key, "", "x"):
        if word:
            assert client.post(f"/subscription/confirm/{word}").status_code == 404
    assert visitor.confirm_hash not in confirm_link()


def test_asking_always_looks_the_same(world: World, client: Client) -> None:
    first = ask(client)
    client.post(confirm_link())
    again = ask(client)
    other = ask(client, address="somebody@else.example")
    assert first == again == other
    assert Subscription.objects.count() == 2


def test_somebody_subscribed_is_reminded_by_mail(world: World) -> None:
    wish = VisitorWish("reader@example.org")
    subscribe_visitor(provider=world.provider, wish=wish, now=NOW)
    Subscription.objects.update(confirmed_at=NOW)
    subscribe_visitor(provider=world.provider, wish=wish, now=NOW + ASK_EVERY)
    newest = Delivery.objects.latest("id")
    assert newest.notice.kind == "subscribed"
    subject, personal = mail_of(newest)
    assert subject == "You are subscribed already"
    assert "/subscription/" in personal["settings_link"]


def test_an_address_is_not_written_to_often(world: World) -> None:
    wish = VisitorWish("reader@example.org")
    for minutes in range(30):
        subscribe_visitor(provider=world.provider, wish=wish, now=NOW + timedelta(minutes=minutes))
    assert Delivery.objects.count() == 3
    for hours in range(1, 20):
        subscribe_visitor(provider=world.provider, wish=wish, now=NOW + timedelta(hours=hours))
    assert Delivery.objects.count() == 5


def test_a_link_is_good_for_three_days(world: World, client: Client) -> None:
    subscribe_visitor(
        provider=world.provider, wish=VisitorWish("reader@example.org"), now=NOW - GOOD_FOR
    )
    for answer in (client.get(confirm_link()), client.post(confirm_link())):
        assert answer.status_code == 404
        page = answer.content.decode()
        assert "good for three days" in page
        assert PAGE in page, "it says where there is a new one"
    assert Subscription.objects.get().confirmed_at is None


def test_a_link_that_was_used_is_safe_to_open_again(world: World, client: Client) -> None:
    ask(client)
    link = confirm_link()
    for _ in range(2):
        assert "You are subscribed" in text_of(client.post(link))
    assert "You are subscribed" in text_of(client.get(link))
    visitor = Subscription.objects.get()
    client.post(f"/unsubscribe/{visitor.unsubscribe_key}")
    assert client.post(link).status_code == 404
    visitor.refresh_from_db()
    assert not visitor.is_active, "the old link does not bring back who has left"


def test_a_mail_program_ends_it_by_one_post_and_a_scanner_changes_nothing(
    world: World,
) -> None:
    """RFC 8058: no session, no token of a form, just the words that the header announced."""
    program = Client(enforce_csrf_checks=True)
    own = subscribe_person(world.alice)
    link = f"/unsubscribe/{own.unsubscribe_key}"
    for method in (program.get, program.head):
        assert method(link).status_code == 200
        own.refresh_from_db()
        assert own.is_active
    for _ in range(2):
        answer = program.post(
            link,
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200, "no redirect: mail programs follow none"
        own.refresh_from_db()
        assert not own.is_active
    assert program.post("/unsubscribe/unknown").status_code == 404


def test_what_nobody_confirms_is_forgotten(world: World) -> None:
    subscribe_visitor(provider=world.provider, wish=VisitorWish("a@example.org"), now=NOW)
    subscribe_visitor(provider=world.provider, wish=VisitorWish("b@example.org"), now=NOW)
    Subscription.objects.filter(address="b@example.org").update(confirmed_at=NOW)
    assert forget_unconfirmed(now=NOW + timedelta(days=3)) == 0
    forget_unconfirmed(now=NOW + timedelta(days=7))
    assert Subscription.objects.get().address == "b@example.org"


def test_a_visitor_changes_its_choices_and_leaves(world: World, client: Client) -> None:
    ask(client)
    client.post(confirm_link())
    visitor = Subscription.objects.get()
    page = f"/subscription/{visitor.unsubscribe_key}"
    assert "Messages go to reader@example.org." in text_of(client.get(page))
    given = {"services": [world.service.pk], "kinds": ["advisory"], "language": "zh-hant"}
    assert "Saved." in text_of(client.post(page, given, follow=True))
    visitor.refresh_from_db()
    assert (visitor.kinds, visitor.language) == (["advisory"], "zh-hant")
    assert list(visitor.services.all()) == [world.service]
    goodbye = text_of(client.post(f"/unsubscribe/{visitor.unsubscribe_key}"))
    assert "Subscribe again" in goodbye
    ended = client.get(page)
    assert ended.status_code == 404
    assert "This subscription has ended" in ended.content.decode()
    assert PAGE in ended.content.decode()
    ask(client)
    visitor.refresh_from_db()
    assert visitor.confirmed_at is None, "who has left is asked anew"


def test_a_tenants_subscription_has_no_page_without_sign_in(world: World, client: Client) -> None:
    own = subscribe_person(world.alice)
    assert client.get(f"/subscription/{own.unsubscribe_key}").status_code == 404


def test_somebody_subscribed_as_tenant_and_as_visitor_is_told_once(world: World) -> None:
    own = subscribe_person(world.alice)
    subscribe_visitor(provider=world.provider, wish=VisitorWish(own.address), now=NOW)
    Subscription.objects.filter(is_public=True).update(confirmed_at=NOW)
    publish_issue(world, on(world.first), is_public=True)
    plan_all()
    told = Delivery.objects.get(notice__kind="post")
    assert told.subscription == own


@pytest.mark.parametrize(
    "changes", [{"address": "nonsense"}, {"kinds": []}, {"services": ["999"]}, {"language": "xx"}]
)
def test_what_cannot_work_is_refused_at_its_field(
    world: World, client: Client, changes: dict[str, Any]
) -> None:
    assert "field-error" in text_of(client.post(PAGE, ASKED | changes))
    assert not Subscription.objects.exists()


def test_services_off_the_public_page_cannot_be_chosen(world: World, client: Client) -> None:
    hidden = make_service(world.provider, "hidden", is_public=False)
    assert "field-error" in text_of(client.post(PAGE, ASKED | {"services": [hidden.pk]}))
