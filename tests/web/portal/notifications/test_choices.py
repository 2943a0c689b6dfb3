"""Quiet hours, order of channels, defaults, single issues, and how one was told."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
from django.test import Client

from standfast.apps.catalog.index import forget_index
from standfast.apps.delivery.models import (
    Delivery,
    IssueWish,
    OrganisationDefaults,
    QuietHours,
    Subscription,
)
from standfast.apps.delivery.services.planning import plan_waiting
from standfast.apps.tenancy.models import User
from standfast.apps.tenancy.services.members import add_member
from tests.factories import NOW, SYSTEM, make_member, make_user
from tests.factories_delivery import add_channel, plan_all, subscribe_person
from tests.factories_incidents import World, make_world, on, publish_issue

HOME = "/portal/alice/notifications/"
TOLD = {"kinds": ["incident", "maintenance"], "min_severity": "normal"}
QUIET = {"quiet_start": "22:00", "quiet_end": "06:30", "quiet_breaks_at": "critical"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    forget_index()
    yield make_world()
    forget_index()


@pytest.fixture
def ada(world: World) -> User:
    return make_member(world.alice, "admin", user=make_user("ada@alice.example"))


@pytest.fixture
def admin(ada: User) -> Client:
    client = Client()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return html.unescape(response.content.decode())


def test_a_person_chooses_a_digest_regions_and_every_kind(world: World, admin: Client) -> None:
    given = TOLD | {
        "language": "en",
        "regions": [world.region.pk],
        "digest": "weekly",
        "digest_at": "07:30",
        "digest_day": "4",
    }
    text_of(admin.post(f"{HOME}new/", given, follow=True))
    made = Subscription.objects.get()
    assert (made.digest, made.digest_at, made.digest_day) == ("weekly", time(7, 30), 4)
    assert list(made.regions.all()) == [world.region]
    assert made.kinds == ["incident", "maintenance"]
    assert 'value="07:30"' in text_of(admin.get(f"{HOME}{made.pk}/"))


def test_a_region_without_users_of_the_tenant_cannot_be_chosen(world: World, admin: Client) -> None:
    other = world.second.pk  # a database, and not Alice's
    admin.post(f"{HOME}new/", TOLD | {"language": "en", "regions": [other]})
    assert not Subscription.objects.exists()


def test_quiet_hours_and_clock_are_saved(ada: User, admin: Client) -> None:
    given = QUIET | {"quiet_is_on": "on", "quiet_days": ["0", "6"], "time_zone": "Asia/Taipei"}
    page = text_of(admin.post(f"{HOME}times/", given, follow=True))
    kept = QuietHours.objects.get(user=ada)
    assert (kept.start, kept.end, kept.days) == (time(22), time(6, 30), [0, 6])
    assert kept.breaks_at == "critical"
    ada.refresh_from_db()
    assert ada.time_zone == "Asia/Taipei"
    assert "From 22:00 to 06:30" in page


def test_a_zone_that_does_not_exist_is_refused(ada: User, admin: Client) -> None:
    given = QUIET | {"time_zone": "Asia/Nowhere"}
    assert "field-error" in text_of(admin.post(f"{HOME}times/", given))
    assert not QuietHours.objects.exists()


@pytest.mark.parametrize("days", [[], [*"0123456"]])
def test_quiet_hours_that_never_end_are_refused_and_kept(
    ada: User, admin: Client, days: list[str]
) -> None:
    given = QUIET | {"quiet_is_on": "on", "quiet_end": "22:00", "quiet_days": days}
    page = text_of(admin.post(f"{HOME}times/", given))
    assert "these hours would never end" in page
    assert page.count('value="22:00"') == 2
    assert not QuietHours.objects.exists()
    assert "never end" in text_of(admin.post(f"{HOME}defaults/", TOLD | given))
    assert not OrganisationDefaults.objects.exists()


def test_whole_days_of_quiet_are_a_choice(ada: User, admin: Client) -> None:
    given = QUIET | {"quiet_is_on": "on", "quiet_end": "22:00", "quiet_days": ["5", "6"]}
    admin.post(f"{HOME}times/", given)
    assert QuietHours.objects.get(user=ada).days == [5, 6]


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("taipei", "Asia/Taipei"), (" New York ", "America/New_York"), ("asia/tokyo", "Asia/Tokyo")],
)
def test_a_city_is_found_as_the_form_says(ada: User, admin: Client, typed: str, zone: str) -> None:
    admin.post(f"{HOME}times/", QUIET | {"time_zone": typed})
    ada.refresh_from_db()
    assert ada.time_zone == zone


def test_channels_change_places(world: World, ada: User, admin: Client) -> None:
    mail = subscribe_person(world.alice, user=ada)
    push = add_channel(mail, "webpush", "https://push.example/1")
    text_of(admin.post(f"{HOME}{push.pk}/up/", follow=True))
    order = Subscription.objects.order_by("rank").values_list("channel", flat=True)
    assert list(order) == ["webpush", "email"]
    admin.post(f"{HOME}{push.pk}/up/")
    assert list(order.all()) == ["webpush", "email"], "the first stays the first"
    admin.post(f"{HOME}{push.pk}/down/")
    assert list(order.all()) == ["email", "webpush"]


def test_defaults_reach_those_who_join(world: World, admin: Client) -> None:
    given = TOLD | QUIET | {"for_new_members": "on", "digest": "daily", "digest_at": "09:00"}
    text_of(admin.post(f"{HOME}defaults/", given, follow=True))
    kept = OrganisationDefaults.objects.get()
    assert (kept.for_new_members, kept.digest, kept.quiet_is_on) == (True, "daily", False)
    joins = make_user("new@alice.example")
    for role in ("continuity_manager", "message_reader"):
        add_member(organisation=world.alice, user=joins, role=role, by=SYSTEM, now=NOW)
    plan_waiting(now=NOW)
    made = Subscription.objects.get(user=joins)
    assert (made.address, made.digest, made.kinds) == (
        "new@alice.example",
        "daily",
        ["incident", "maintenance"],
    )


def test_staff_who_may_not_subscribe_are_not_subscribed(world: World, admin: Client) -> None:
    admin.post(f"{HOME}defaults/", TOLD | QUIET | {"for_new_members": "on"})
    add_member(organisation=world.alice, user=make_user(), role="staff", by=SYSTEM, now=NOW)
    plan_waiting(now=NOW)
    assert not Subscription.objects.exists()


def test_only_administrators_set_defaults(world: World) -> None:
    client = Client()
    reader = make_member(world.alice, "message_reader")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"{HOME}defaults/").status_code == 404
    assert "What our people begin with" not in text_of(client.get(HOME))


@pytest.mark.parametrize(
    ("wish", "kept", "said"),
    [
        ("follow", ["follow"], "You follow this issue."),
        ("mute", ["mute"], "You muted this issue."),
        ("", [], "Follow"),
        ("nonsense", [], "neither"),
    ],
)
def test_an_issue_is_followed_or_muted_on_its_page(
    world: World, admin: Client, wish: str, kept: list[str], said: str
) -> None:
    issue = publish_issue(world, on(world.first)).issue
    address = f"/portal/alice/issues/{issue.reference}/"
    assert said in text_of(admin.post(f"{address}wish/", {"wish": wish}, follow=True))
    assert list(IssueWish.objects.values_list("wish", flat=True)) == kept


def test_an_issue_that_was_never_told_cannot_be_followed(world: World, admin: Client) -> None:
    issue = publish_issue(world, on(world.second)).issue
    assert admin.post(f"/portal/alice/issues/{issue.reference}/wish/").status_code == 404
    assert not IssueWish.objects.exists()


def test_the_issue_page_says_how_its_reader_was_told_and_why(
    world: World, ada: User, admin: Client
) -> None:
    world.service.capabilities = ["mail"]
    world.service.save()
    mail = subscribe_person(world.alice, user=ada)
    add_channel(mail, "webpush", "https://push.example/1")
    add_channel(mail, "sms", "+886900000001", kinds=["advisory"])
    subscribe_person(world.bob)
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    page = text_of(admin.get(f"/portal/alice/issues/{issue.reference}/"))
    for expected in (
        "How you were told",
        "in doubt, because it depends on what is affected",
        "used beside a channel in doubt",
        "does not follow this kind of notice",
        "<span>E-mail</span>",
        "<span>SMS</span>",
    ):
        assert expected in page
    assert "bob" not in page.lower().replace("bobbin", "")
    confirmed = Delivery.objects.filter(confirmed_at__isnull=False)
    assert {each.subscription_id for each in confirmed} == {mail.pk, mail.pk + 1}


def test_without_a_subscription_the_page_says_so(world: World, admin: Client) -> None:
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    page = text_of(admin.get(f"/portal/alice/issues/{issue.reference}/"))
    assert "No message was sent to you" in page
