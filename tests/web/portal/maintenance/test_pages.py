"""Maintenance as a tenant reads it, on its pages and in its programs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from standfast.apps.messagecenter.models import FeedAddress, Maintenance
from standfast.apps.messagecenter.services.scheduling import cancel, move
from tests.factories import SYSTEM
from tests.factories_incidents import World, make_world, on, publish_issue
from tests.factories_messages import NOTE, again, schedule_maintenance
from tests.web.portal.readers import page, reader

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def world() -> World:
    return make_world()


def planned(world: World, **changes: Any) -> Maintenance:
    now = datetime.now(UTC)
    start = now + timedelta(days=2)
    window = {"start_at": start, "end_at": start + timedelta(hours=2)}
    return schedule_maintenance(world, now=now, **{**window, **changes})


def moved(found: Maintenance) -> Maintenance:
    assert found.start_at is not None
    assert found.end_at is not None
    move(
        maintenance=found,
        version=None,
        start_at=found.start_at + timedelta(days=1),
        end_at=found.end_at + timedelta(days=1),
        note=NOTE,
        by=SYSTEM,
        now=datetime.now(UTC),
    )
    return again(found)


def made_addresses(client: Client, slug: str, language: str = "en") -> list[str]:
    typed = {"name": "My phone", "language": language}
    made = client.post(reverse("portal:feed_address_new", args=[slug]), typed, follow=True)
    found = re.findall(r"<code>https?://[^/]+(/feeds/[^<]+)</code>", made.content.decode())
    assert len(found) == 3, made.content.decode()[:500]
    return found


def test_the_dashboard_and_the_page_show_it_to_those_who_were_told_only(world: World) -> None:
    found = planned(world, components=(world.second,))
    for tenant, sees in ((world.bob, True), (world.alice, False)):
        client = reader(tenant, "staff")
        assert ("New storage for mailboxes" in page(client, "dashboard", tenant)) is sees
        assert ("New storage for mailboxes" in page(client, "maintenance_list", tenant)) is sees
        address = reverse("portal:maintenance", args=[tenant.slug, found.reference])
        assert client.get(address).status_code == (200 if sees else 404)


def test_a_kept_dashboard_shows_a_move_at_once(world: World) -> None:
    found = planned(world)
    client = reader(world.alice)
    assert "Moved" not in page(client, "dashboard", world.alice)
    moved(found)
    assert "Moved" in page(client, "dashboard", world.alice)
    text = page(client, "maintenance", world.alice, found.reference)
    assert "The date has moved" in text
    assert NOTE["en"] in text


def test_a_calendar_follows_a_move_and_a_cancellation(world: World) -> None:
    found = planned(world)
    client = reader(world.alice)
    calendar, _atom, _rss = made_addresses(client, "alice")

    def event() -> Any:
        answer = Client().get(calendar)
        assert answer["Content-Type"].startswith("text/calendar")
        (read,) = Calendar.from_ical(answer.content).walk("VEVENT")
        return read

    first = event()
    assert (str(first["status"]), int(first["sequence"])) == ("CONFIRMED", found.sequence)
    later = moved(found)
    second = event()
    assert second["uid"] == first["uid"]
    assert int(second["sequence"]) > int(first["sequence"])
    assert later.start_at is not None
    assert second["dtstart"].dt == later.start_at.replace(microsecond=0)
    cancel(maintenance=later, version=None, note=NOTE, by=SYSTEM, now=datetime.now(UTC))
    third = event()
    assert (third["uid"], str(third["status"])) == (first["uid"], "CANCELLED")
    assert int(third["sequence"]) > int(second["sequence"])


def test_the_address_is_shown_once_and_closes_when_revoked(world: World) -> None:
    planned(world)
    client = reader(world.alice)
    addresses = made_addresses(client, "alice")
    listing = client.get(reverse("portal:maintenance_list", args=["alice"])).content.decode()
    assert addresses[0] not in listing
    for address in addresses:
        answer = Client().get(address)
        assert answer.status_code == 200
        assert "private" in answer["Cache-Control"]
    made = FeedAddress.objects.get()
    client.post(reverse("portal:feed_address_revoke", args=["alice", made.pk]))
    assert [Client().get(address).status_code for address in addresses] == [404, 404, 404]


def test_a_feed_reader_is_told_that_nothing_is_new(world: World) -> None:
    found = planned(world)
    _calendar, atom, _rss = made_addresses(reader(world.alice), "alice")
    first = Client().get(atom)
    again_ = Client().get(atom, headers={"if-none-match": first["ETag"]})
    assert again_.status_code == 304
    moved(found)
    changed = Client().get(atom, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_the_private_feed_holds_what_this_tenant_was_told(world: World) -> None:
    now = datetime.now(UTC)
    start = now - timedelta(minutes=20)
    told = publish_issue(world, on(world.first), now=now, start_at=start).issue
    other = publish_issue(world, on(world.second), now=now, start_at=start).issue
    found = planned(world)
    _calendar, atom, _rss = made_addresses(reader(world.alice), "alice", "zh-hant")
    text = Client().get(atom).content.decode()
    entries = ElementTree.fromstring(text).findall(f"{ATOM}entry")
    ids = {entry.findtext(f"{ATOM}id", "").rpartition("/")[2] for entry in entries}
    assert ids == {told.reference, found.reference}
    assert other.reference not in text
    assert "更換信箱儲存設備" in text
    assert 'xml:lang="zh-Hant"' in text


def test_a_calendar_shows_words_without_marks(world: World) -> None:
    found = planned(world, body={"en": "Mail is **slow**.\n\n- one\n- two"})
    address = reverse("portal:maintenance_event", args=["alice", found.reference])
    calendar = Calendar.from_ical(reader(world.alice).get(address).content)
    event: Any
    (event,) = calendar.walk("VEVENT")
    assert "Mail is slow.\none\ntwo" in str(event["description"])


def test_one_event_can_be_taken_into_a_calendar(world: World) -> None:
    found = planned(world)
    client = reader(world.alice)
    address = reverse("portal:maintenance_event", args=["alice", found.reference])
    (event,) = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    assert found.reference in str(event["uid"])
    assert reader(world.bob).get(address).status_code == 404
