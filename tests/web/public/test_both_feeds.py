"""The main site's feeds and the backup site's tell the same of the same history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client

from standfast.apps.incidents.services.updating import post_update, resolve
from standfast.apps.messagecenter.services.running import complete
from standfast.apps.messagecenter.services.scheduling import cancel, move
from standfast.apps.publishing.rendering.pages import Frame
from standfast.apps.publishing.rendering.public import public_files
from tests.factories import SYSTEM
from tests.factories_incidents import World, make_world, on, publish_issue
from tests.factories_messages import NOTE, again, schedule_maintenance

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
BACKUP = "https://backup.example/"
TEXT = {
    "en": "Servers & *disks* don't answer.",
    "zh-hant": "伺服器 & *磁碟*沒有回應。",
}
LATEST = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)


@pytest.fixture
def world() -> World:
    """Issues open, over and long over; maintenance of every state; in a zone that is not UTC."""
    made = make_world()
    made.provider.time_zone = "Asia/Taipei"
    made.provider.save()
    publish_issue(made, on(made.second), now=LATEST, start_at=LATEST)
    for days in (0, 20, 60, 120):
        now = LATEST - timedelta(days=days)
        issue = publish_issue(made, on(made.first), now=now, start_at=now, is_public=True).issue
        post_update(
            issue=issue, version=None, body=TEXT, status="restoringService", by=SYSTEM, now=now
        )
        if days:
            resolve(issue=issue, version=None, body=TEXT, end_at=None, by=SYSTEM, now=now)
    start = LATEST + timedelta(days=2)
    window = {"start_at": start, "end_at": start + timedelta(hours=2), "is_public": True}
    schedule_maintenance(made, now=LATEST, **window)
    schedule_maintenance(made, now=LATEST, **window | {"is_public": False})
    called_off = schedule_maintenance(made, now=LATEST, **window)
    cancel(maintenance=called_off, version=None, note=NOTE, by=SYSTEM, now=LATEST)
    moved = schedule_maintenance(made, now=LATEST, **window)
    later = start + timedelta(days=1)
    move(
        maintenance=moved,
        version=None,
        start_at=later,
        end_at=later + timedelta(days=1),
        note=NOTE,
        by=SYSTEM,
        now=LATEST,
    )
    for days in (50, 100):
        start = LATEST - timedelta(days=days)
        window = {"start_at": start, "end_at": start + timedelta(hours=2), "is_public": True}
        done = schedule_maintenance(made, now=start - timedelta(days=1), **window)
        now = start + timedelta(hours=2)
        complete(maintenance=again(done), version=None, by=SYSTEM, now=now)
    return made


def of_main(name: str) -> ElementTree.Element:
    answer = Client().get(f"/status/northlight/{name}")
    return ElementTree.fromstring(answer.content)


def of_backup(world: World) -> dict[str, bytes]:
    now = datetime.now(UTC)
    frame = Frame(world.provider.name, now, now + timedelta(minutes=15), UTC)
    return public_files(world.provider, frame, address=BACKUP)


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_both_tell_the_same_entry_by_entry(world: World, language: str) -> None:
    world.provider.language = language
    world.provider.save()
    files = of_backup(world)
    atom, rss = files["history.atom"], files["history.rss"]
    found = _told(of_main("history.atom"), f"{ATOM}entry", "id title published updated content")
    assert len(found) == 7, "three issues and four maintenances of the last 90 days"
    assert found == _told(
        ElementTree.fromstring(atom), f"{ATOM}entry", "id title published updated content"
    )
    assert _told(of_main("history.rss"), "channel/item", "title pubDate description") == _told(
        ElementTree.fromstring(rss), "channel/item", "title pubDate description"
    )


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_states_are_words_of_the_language_of_the_feed(world: World, language: str) -> None:
    world.provider.language = language
    world.provider.save()
    text = of_backup(world)["history.rss"].decode()
    for word in {
        "en": ("Restoring service", "Scheduled", "Cancelled", "THIS SCHEDULED EVENT IS OVER"),
        "zh-hant": ("正在還原服務", "已排定", "已取消"),
    }[language]:
        assert word in text
    assert "restoringService" not in text
    assert ("Mail is slow in these hours." in text) == (language == "en")
    assert ("這段期間郵件較慢。" in text) == (language != "en")


def test_every_address_in_the_backups_feed_is_a_page_there(world: World) -> None:
    files = of_backup(world)
    for entry in ElementTree.fromstring(files["history.atom"]).findall(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.attrib["href"].removeprefix(BACKUP) in files


def _told(feed: ElementTree.Element, entries: str, names: str) -> list[tuple[str | None, ...]]:
    space = ATOM if entries.startswith("{") else ""
    return [
        tuple(entry.findtext(space + name) for name in names.split())
        for entry in feed.findall(entries)
    ]
