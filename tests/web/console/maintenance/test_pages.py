"""Maintenance in the console: drafted, told, moved, called off; nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from standfast.apps.delivery.models import Delivery, Notice
from standfast.apps.messagecenter.models import Maintenance, MessageUpdate
from standfast.apps.tenancy.models import OutboxEvent
from tests.factories_delivery import plan_all, subscribe_mailbox, subscribe_webhook
from tests.factories_incidents import World, make_world
from tests.factories_messages import again, draft_maintenance, schedule_maintenance
from tests.web.console.visitors import at, errors, read, visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def soon() -> dict[str, Any]:
    """A window ahead of the pages' own clock."""
    now = datetime.now(UTC)
    start = (now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    return {"now": now, "start_at": start, "end_at": start + timedelta(hours=2)}


def form(world: World, **changes: Any) -> dict[str, Any]:
    window = soon()
    typed = {
        "title_en": "New storage",
        "title_zh_hant": "更換儲存設備",
        "body_en": "Mail is **slow**.",
        "body_zh_hant": "",
        "services": [str(world.service.pk)],
        "components": "MBX-1",
        "start_at": window["start_at"].strftime("%Y-%m-%dT%H:%MZ"),
        "end_at": window["end_at"].strftime("%Y-%m-%dT%H:%MZ"),
        "starts_itself": "on",
    }
    return {**typed, **changes}


def test_a_draft_is_written_looked_at_and_told(world: World) -> None:
    client = visitor(world)
    assert client.post(at(world, "maintenance_new"), form(world)).status_code == 302
    found = Maintenance.objects.get()
    assert [each.key for each in found.components.all()] == ["MBX-1"]
    assert (found.starts_itself, found.ends_itself) == (True, False)
    page = read(client, at(world, "maintenance", found.reference))
    assert "Schedule and tell 2 tenants" in page
    assert "244" in page, "users of Alice and Bob"
    told = client.post(
        at(world, "maintenance_schedule", found.reference), {"version": found.version}
    )
    assert told.status_code == 302
    assert again(found).state == "scheduled"
    assert OutboxEvent.objects.filter(kind="maintenance.scheduled").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"components": "MBX-1, NOWHERE"}, "components"),
        ({"end_at": "2020-01-01T00:00Z"}, "end_at"),
        ({"title_en": "", "title_zh_hant": ""}, "title_en"),
        ({"services": []}, "services"),
        ({"start_at": "soon"}, "start_at"),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_field_and_kept(
    world: World, changes: dict[str, Any], field: str
) -> None:
    response = visitor(world).post(at(world, "maintenance_new"), form(world, **changes))
    assert response.status_code == 200
    assert field in errors(response)
    assert "Mail is **slow**." in response.content.decode()
    assert not Maintenance.objects.exists()


def test_moving_shows_who_is_told_before_and_both_windows_after(world: World) -> None:
    found = schedule_maintenance(world, **soon())
    client = visitor(world)
    assert "Tells all 4 tenants that were told the old date" in read(
        client, at(world, "maintenance_move", found.reference)
    )
    later = soon()["start_at"] + timedelta(days=1)
    typed = {
        "version": found.version,
        "start_at": later.strftime("%Y-%m-%dT%H:%MZ"),
        "end_at": (later + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%MZ"),
        "note_en": "Parts are late.",
    }
    response = client.post(at(world, "maintenance_move", found.reference), typed, follow=True)
    assert "has moved, and everybody is told" in words(response)
    assert "Parts are late." in words(response)
    update = MessageUpdate.objects.get(kind="moved")
    assert (update.start_before, update.start_at) == (found.start_at, later)


def test_somebody_elses_save_is_not_overwritten(world: World) -> None:
    found = schedule_maintenance(world, **soon())
    typed = {"version": found.version - 1, "note_en": "Off."}
    response = visitor(world).post(at(world, "maintenance_cancel", found.reference), typed)
    assert "Somebody else saved" in words(response)
    assert "Off." in response.content.decode()
    assert again(found).state == "scheduled"


def test_a_typing_error_is_corrected_without_a_message(world: World) -> None:
    found = schedule_maintenance(world, **soon())
    typed = form(world, version=found.version, title_en="New storages", components="", quiet="1")
    response = visitor(world).post(at(world, "maintenance_edit", found.reference), typed)
    assert response.status_code == 302, errors(response)
    stored = again(found)
    assert (stored.title["en"], stored.start_at) == ("New storages", found.start_at)
    plan_all(now=datetime.now(UTC))
    assert [notice.event.kind for notice in Notice.objects.all() if notice.event] == [
        "maintenance.scheduled"
    ]


def test_a_quiet_change_says_first_how_many_new_tenants_are_told(world: World) -> None:
    found = schedule_maintenance(world, **soon(), components=(world.second,))
    client, page = visitor(world), at(world, "maintenance_edit", found.reference)
    typed = form(world, version=found.version, title_en="New storages", components="", quiet="1")
    asked = client.post(page, typed)
    assert asked.status_code == 200
    assert "Not saved yet: 2 tenants on these parts were not told" in words(asked)
    assert "Save, and tell the 2 new tenants only" in words(asked)
    assert "New storages" in asked.content.decode()
    assert again(found).title["en"] != "New storages"
    again_asked = client.post(page, typed | {"newcomers": "7"})
    assert again_asked.status_code == 200, "another number than was shown"
    done = client.post(page, typed | {"newcomers": "2"}, follow=True)
    assert "2 tenants that are new to it are told." in words(done)
    assert again(found).title["en"] == "New storages"


def test_news_start_end_and_the_past(world: World) -> None:
    found = schedule_maintenance(world, **soon())
    client = visitor(world)
    for act, state in (("start", "in_progress"), ("complete", "completed")):
        version = again(found).version
        client.post(at(world, f"maintenance_{act}", found.reference), {"version": version})
        assert again(found).state == state
    assert found.reference in read(client, at(world, "maintenance_list") + "?show=past")
    moved = client.get(at(world, "maintenance_move", found.reference))
    assert moved.status_code == 302


def test_what_waits_for_a_person_is_said_on_top(world: World) -> None:
    now = datetime.now(UTC)
    schedule_maintenance(
        world,
        now=now - timedelta(hours=3),
        start_at=now - timedelta(hours=1),
        end_at=now + timedelta(hours=1),
        starts_itself=False,
    )
    client = visitor(world)
    assert "waits for somebody to start" in read(client, at(world, "maintenance_list"))
    now_page = read(client, at(world, "home"))
    assert "1 thing needs a person" in now_page
    assert "should have begun" in now_page


def test_an_engineer_drafts_and_a_viewer_reads(world: World) -> None:
    draft = draft_maintenance(world, **soon())
    engineer, viewer = visitor(world, "engineer"), visitor(world, "viewer")
    assert engineer.get(at(world, "maintenance_edit", draft.reference)).status_code == 200
    schedule = at(world, "maintenance_schedule", draft.reference)
    assert engineer.post(schedule, {"version": draft.version}).status_code == 404
    assert "saved and waits for one" in read(engineer, at(world, "maintenance", draft.reference))
    assert viewer.get(at(world, "maintenance_new")).status_code == 404
    assert "Edit" not in read(viewer, at(world, "maintenance", draft.reference))
    assert again(draft).state == "draft"


def test_a_message_that_fails_shows_and_can_be_tried_again(world: World) -> None:
    mailbox = subscribe_mailbox(world.alice, "a@alice.example")
    mailbox.kinds = ["maintenance"]
    mailbox.save(update_fields=["kinds"])
    found = schedule_maintenance(world, **soon())
    plan_all(now=datetime.now(UTC))
    Delivery.objects.update(state="failed", attempts_made=8, next_attempt_at=None)
    client = visitor(world)
    assert "1 failed" in read(client, at(world, "maintenance", found.reference))
    assert found.reference in read(client, at(world, "deliveries"))
    delivery = Delivery.objects.get()
    client.post(at(world, "delivery_retry", delivery.pk), {"from": "overview"})
    delivery.refresh_from_db()
    assert delivery.state == "pending"


def test_before_it_is_told_the_page_counts_the_messages_by_channel(world: World) -> None:
    for mailbox in (
        subscribe_mailbox(world.alice, "a@alice.example"),
        subscribe_mailbox(world.alice, "b@alice.example"),
        subscribe_webhook(world.bob, "https://hooks.example/bob"),
    ):
        mailbox.kinds = ["maintenance"]
        mailbox.save(update_fields=["kinds"])
    draft = draft_maintenance(world, **soon())
    client = visitor(world)
    page = client.get(at(world, "maintenance", draft.reference))
    assert "2 e-mails and 1 webhook. 2 tenants see it on their dashboard only." in words(page)
    assert "Tells 4 tenants: 2 e-mails and 1 webhook now." in page.content.decode()
    found = schedule_maintenance(world, **soon())
    assert "dashboard only" not in read(client, at(world, "maintenance", found.reference))
