"""Planned maintenance on its way: to whom, in which words, and that a move reaches everybody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from standfast.apps.delivery.models import Delivery, Notice, Subscription
from standfast.apps.delivery.queries.maintenance_plans import preview_schedule
from standfast.apps.delivery.rendering.messages import Composer
from standfast.apps.messagecenter.queries.reach import reached_now
from standfast.apps.messagecenter.services.fields import fields_of
from standfast.apps.messagecenter.services.scheduling import cancel, change, move, schedule
from standfast.apps.tenancy.models import OutboxEvent
from tests.apps.delivery.receivers import Receivers
from tests.factories import NOW, SYSTEM, make_service
from tests.factories_delivery import (
    plan_all,
    send_all,
    subscribe_mailbox,
    subscribe_person,
    subscribe_webhook,
)
from tests.factories_incidents import World
from tests.factories_messages import (
    END,
    NOTE,
    START,
    again,
    draft_maintenance,
    schedule_maintenance,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


def follow(subscription: Subscription, *kinds: str) -> Subscription:
    """Let the subscription choose these kinds."""
    subscription.kinds = list(kinds or ("incident", "advisory", "maintenance"))
    subscription.save(update_fields=["kinds"])
    return subscription


def moved(found: Any, *, now: Any = LATER) -> None:
    move(
        maintenance=again(found),
        version=None,
        start_at=START + DAY,
        end_at=END + DAY,
        note=NOTE,
        by=SYSTEM,
        now=now,
    )


def told() -> list[tuple[str, str]]:
    rows = Delivery.objects.select_related("notice__event").order_by("id")
    return [(row.address, row.notice.event.kind) for row in rows if row.notice.event]


def test_those_who_chose_maintenance_are_told_and_others_are_not(world: World) -> None:
    follow(subscribe_mailbox(world.alice, "a@alice.example"))
    follow(subscribe_mailbox(world.bob, "b@bob.example"), "incident")
    other = make_service(world.provider, "chat")
    only_chat = follow(subscribe_mailbox(world.charlie, "c@charlie.example"))
    only_chat.services.set([other])
    schedule_maintenance(world)
    plan_all()
    assert told() == [("a@alice.example", "maintenance.scheduled")]
    notice = Notice.objects.get()
    assert (notice.kind, notice.about.split(":")[0]) == ("maintenance", "maintenance")
    assert notice.provider == world.provider


def test_a_maintenance_of_two_services_reaches_the_followers_of_either_once(world: World) -> None:
    other = make_service(world.provider, "chat")
    mailbox = follow(subscribe_mailbox(world.alice, "a@alice.example"))
    mailbox.services.set([world.service])
    schedule_maintenance(world, services=(world.service, other))
    plan_all()
    assert len(told()) == 1


def test_a_move_and_a_cancellation_reach_everybody_who_was_told(world: World) -> None:
    follow(subscribe_mailbox(world.alice, "a@alice.example"))
    follow(subscribe_mailbox(world.charlie, "c@charlie.example"))
    found = schedule_maintenance(world)
    moved(found)
    cancel(maintenance=again(found), version=None, note=NOTE, by=SYSTEM, now=LATER)
    plan_all(now=LATER)
    kinds = ("maintenance.scheduled", "maintenance.changed", "maintenance.cancelled")
    everybody = ("a@alice.example", "c@charlie.example")
    assert sorted(told()) == sorted((who, kind) for kind in kinds for who in everybody)


def test_new_ones_get_the_announcement_and_the_others_the_change(world: World) -> None:
    follow(subscribe_mailbox(world.alice, "a@alice.example"))
    follow(subscribe_mailbox(world.charlie, "c@charlie.example"))
    found = schedule_maintenance(world, components=(world.second,))
    plan_all()
    wider = replace(fields_of(found), components=())
    change(maintenance=found, version=None, fields=wider, note=NOTE, by=SYSTEM, now=LATER)
    plan_all(now=LATER)
    assert told() == [
        ("c@charlie.example", "maintenance.scheduled"),
        ("c@charlie.example", "maintenance.changed"),
        ("a@alice.example", "maintenance.scheduled"),
    ]


def test_handling_an_event_twice_tells_nobody_twice(world: World) -> None:
    follow(subscribe_mailbox(world.alice, "a@alice.example"))
    schedule_maintenance(world)
    plan_all()
    OutboxEvent.objects.update(handled_at=None)
    plan_all()
    assert len(told()) == 1


def test_a_mail_says_both_windows_in_the_reader_s_zone_and_language(
    world: World, arrived: Receivers
) -> None:
    world.alice.time_zone = "Asia/Taipei"
    world.alice.save()
    follow(subscribe_mailbox(world.alice, "a@alice.example", language="zh-hant"))
    found = schedule_maintenance(world)
    moved(found)
    plan_all(now=LATER)
    send_all("email", now=LATER)
    first, second = arrived.mails_to("a@alice.example")
    assert "更換信箱儲存設備" in str(first["Subject"])
    assert "已改期" in str(second["Subject"])
    plain = second.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    assert "2026年3月6日 17:00 (UTC+8)" in text
    assert "2026年3月5日 17:00 (UTC+8)" in text
    assert "零件較晚送達" in text
    assert f"/portal/alice/maintenance/{found.reference}/" in text


def test_programs_are_told_the_window_the_move_and_the_sequence(
    world: World, arrived: Receivers
) -> None:
    follow(subscribe_webhook(world.bob, arrived.url("bob")))
    found = schedule_maintenance(world)
    moved(found)
    plan_all(now=LATER)
    send_all("webhook", now=LATER)
    bodies = [json.loads(hook.body) for hook in arrived.hooks]
    by_type = {body["type"]: body["data"] for body in bodies}
    changed = by_type["maintenance.changed"]
    assert changed["id"] == found.reference
    assert changed["update"]["kind"] == "moved"
    assert changed["moved_from"]["start_at"] == "2026-03-05T09:00:00Z"
    assert changed["start_at"] == "2026-03-06T09:00:00Z"
    assert by_type["maintenance.scheduled"]["moved_from"] is None
    assert changed["url"].endswith(f"/portal/bob/maintenance/{found.reference}/")


def test_a_phone_is_told_in_few_words_with_the_page_to_open(world: World) -> None:
    person = follow(subscribe_person(world.alice))
    found = schedule_maintenance(world)
    plan_all()
    delivery = Delivery.objects.get(subscription=person)
    message = Composer(now=NOW).message(delivery)
    brief = message.content.short
    assert found.reference in brief.title
    assert message.content.thread == f"maintenance-{found.reference}"
    assert message.personal["link"].endswith(f"/portal/alice/maintenance/{found.reference}/")
    assert "5 Mar 2026" in message.personal["window"]


def test_a_digest_tells_held_maintenance_too(world: World) -> None:
    from standfast.apps.delivery.services.holding import release_held

    person = follow(subscribe_person(world.alice))
    Subscription.objects.filter(pk=person.pk).update(digest="daily")
    schedule_maintenance(world)
    schedule_maintenance(world, title={"en": "Second work"})
    plan_all()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"held"}
    release_held(now=NOW + 2 * DAY)
    digest = Delivery.objects.get(notice__kind="digest")
    content = Composer(now=NOW).message(digest).content
    for words in ("New storage for mailboxes", "Second work", "Mail"):
        assert words in content.text
        assert words in content.html
    assert "2 notices" in content.subject


def test_the_preview_says_what_scheduling_then_sends(world: World) -> None:
    follow(subscribe_mailbox(world.alice, "a@alice.example"))
    follow(subscribe_mailbox(world.alice, "b@alice.example"), "incident")
    follow(subscribe_webhook(world.bob, "https://hooks.example/bob"))
    follow(subscribe_mailbox(world.charlie, "c@charlie.example"))
    draft = draft_maintenance(world, components=(world.first,))
    view = preview_schedule(draft, tenants=reached_now(draft).tenants, now=NOW)
    assert view.by_channel == {"email": 1, "webhook": 1}
    assert view.skips == {"kind_not_chosen": 1}
    assert view.nobody_subscribed == 0
    assert not Delivery.objects.exists(), "looking stores nothing"
    schedule(maintenance=draft, version=draft.version, by=SYSTEM, now=NOW)
    plan_all()
    sent = {(row.channel, row.address) for row in Delivery.objects.all()}
    assert {(send.channel, send.address) for send in view.sample} == {
        ("email", "a@alice.example"),
        ("webhook", "https://hooks.example/…"),
    }
    assert sent == {("email", "a@alice.example"), ("webhook", "https://hooks.example/bob")}


@pytest.mark.parametrize("tell", [True, False])
def test_whom_a_change_brings_in_is_told_that_it_is_planned_and_nobody_else_twice(
    world: World, arrived: Receivers, tell: bool
) -> None:
    follow(subscribe_mailbox(world.alice, "new@alice.example"))
    follow(subscribe_mailbox(world.bob, "knows@bob.example"))
    Subscription.objects.create(
        organisation=world.provider,
        channel="email",
        address="visitor@example.org",
        kinds=["maintenance"],
        is_public=True,
        confirmed_at=NOW,
        created_at=NOW,
    )
    found = schedule_maintenance(world, components=(world.second,), is_public=True)
    plan_all()
    before = len(told())
    wider = replace(fields_of(found), components=())
    change(
        maintenance=found, version=None, fields=wider, note=NOTE, tell=tell, by=SYSTEM, now=LATER
    )
    plan_all(now=LATER)
    changed = [("knows@bob.example", "maintenance.changed")]
    changed += [("visitor@example.org", "maintenance.changed")]
    expected = [("new@alice.example", "maintenance.scheduled")]
    assert sorted(told()[before:]) == sorted(expected + (changed if tell else []))
    send_all("email", now=LATER)
    (mail,) = arrived.mails_to("new@alice.example")
    assert str(mail["Subject"]).startswith("Planned maintenance: ")
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Mail is slow in these hours." in body.get_content()
    assert NOTE["en"] not in body.get_content()
