"""What everybody may follow: the public pages, feeds and calendar of a provider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from icalendar import Calendar

from standfast.apps.messagecenter.models import Maintenance
from tests.factories_incidents import World, make_world, on, publish_issue
from tests.factories_messages import schedule_maintenance

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def world() -> World:
    return make_world()


def planned(world: World, **changes: Any) -> Maintenance:
    now = datetime.now(UTC)
    start = now + timedelta(days=2)
    window = {"start_at": start, "end_at": start + timedelta(hours=2), "is_public": True}
    return schedule_maintenance(world, now=now, **{**window, **changes})


def issue(world: World, **changes: Any) -> str:
    now = datetime.now(UTC)
    start = now - timedelta(minutes=20)
    return publish_issue(world, on(world.first), now=now, start_at=start, **changes).issue.reference


def get(path: str, **headers: str) -> Any:
    return Client().get(f"/status/northlight/{path}", headers=headers)


def test_feeds_hold_what_is_public_and_nothing_else(world: World) -> None:
    shown, hidden = issue(world, is_public=True), issue(world)
    public, private = planned(world), planned(world, is_public=False)
    for name in ("history.atom", "history.rss"):
        text = get(name).content.decode()
        assert shown in text
        assert public.reference in text
        assert hidden not in text
        assert private.reference not in text


def test_an_entry_is_in_statuspages_form(world: World) -> None:
    issue(world, is_public=True)
    feed = ElementTree.fromstring(get("history.atom").content)
    assert feed.findtext(f"{ATOM}title") == "Northlight - Incident History"
    content = feed.findtext(f"{ATOM}entry/{ATOM}content", "")
    assert content.startswith("<p><small>")
    assert "<br><strong>Service degradation</strong> - We are looking into it.</p>" in content


def test_a_maintenance_begins_with_its_window(world: World) -> None:
    planned(world)
    assert "THIS IS A SCHEDULED EVENT" in get("history.rss").content.decode()


def test_a_feed_says_that_nothing_is_new_and_may_be_kept(world: World) -> None:
    issue(world, is_public=True)
    first = get("history.atom")
    assert "max-age=60" in first["Cache-Control"]
    assert first["Content-Type"].startswith("application/atom+xml")
    assert get("history.atom", **{"if-none-match": first["ETag"]}).status_code == 304


def test_a_feed_speaks_the_language_of_its_address(world: World) -> None:
    issue(world, is_public=True)
    assert "信箱變慢" in get("history.atom?language=zh-hant").content.decode()
    assert "Mailboxes are slow" in get("history.atom?language=fr").content.decode()


def test_an_empty_feed_can_be_read(world: World) -> None:
    feed = ElementTree.fromstring(get("history.atom").content)
    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated")


def test_the_calendar_shows_public_maintenance_with_an_alarm_when_asked(world: World) -> None:
    found = planned(world)
    planned(world, is_public=False)
    calendar = Calendar.from_ical(get("maintenance.ics?remind=60").content)
    (event,) = calendar.walk("VEVENT")
    assert found.reference in str(event["uid"])
    assert len(calendar.walk("VALARM")) == 1
    assert b"VALARM" not in get("maintenance.ics?remind=soon").content


def test_public_pages_show_and_link_it(world: World) -> None:
    found, private = planned(world), planned(world, is_public=False)
    overview = get("").content.decode()
    assert "New storage for mailboxes" in overview
    assert 'type="application/atom+xml"' in overview
    assert found.reference in get("maintenance/").content.decode()
    assert get(f"maintenance/{found.reference}/").status_code == 200
    assert get(f"maintenance/{private.reference}/").status_code == 404


def test_an_unknown_provider_has_no_feed(world: World) -> None:
    assert Client().get("/status/nobody/history.atom").status_code == 404
