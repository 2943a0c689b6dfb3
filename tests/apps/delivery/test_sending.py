"""Sending over real servers: what arrives, what is kept of failures, what a dead address does."""

from __future__ import annotations

import json
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import standardwebhooks.webhooks as library
from django.utils import translation
from django.utils.translation import gettext
from pytest_django import Settings
from standardwebhooks import Webhook

from standfast.apps.delivery.models import Attempt, Delivery, Subscription
from standfast.apps.delivery.retries import DELAYS, MOST_ATTEMPTS, next_wait
from standfast.apps.delivery.services.by_hand import retry_failed, send_test
from standfast.apps.delivery.services.claiming import LEASE, claim
from standfast.apps.delivery.services.subscriptions import pause_subscription, rotate_secret
from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.incidents.services.promises import check_promises
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.sealing import unseal
from tests.apps.delivery.receivers import Receivers
from tests.factories import NOW, SYSTEM, make_member, make_user
from tests.factories_delivery import (
    plan_all,
    send_all,
    subscribe_mailbox,
    subscribe_person,
    subscribe_webhook,
)
from tests.factories_incidents import BODY, World, make_draft, on, publish_issue

ENGLISH = {"en": "We look into it."}


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_mail_says_everything_in_the_reader_s_language_and_zone(
    world: World, arrived: Receivers
) -> None:
    user = make_user("lin@alice.example", language="zh-hant")
    user.time_zone = "Asia/Taipei"
    user.save()
    make_member(world.alice, "admin", user=user)
    subscription = subscribe_person(world.alice, user=user, language="zh-hant")
    issue = publish_issue(
        world,
        on(world.first),
        workaround={"en": "Use the *web* client.", "zh-hant": "請改用網頁版。"},
    ).issue
    plan_all()
    assert send_all("email") == 1
    (mail,) = arrived.mails_to("lin@alice.example")
    assert "信箱變慢" in mail["Subject"]
    assert issue.reference in mail["Subject"]
    assert mail["Content-Language"] == "zh-hant"
    link = f"http://127.0.0.1:8000/unsubscribe/{subscription.unsubscribe_key}"
    assert mail["List-Unsubscribe"] == f"<{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        for expected in (
            "信箱變慢",
            "我們正在調查。",
            "使用者無法開啟信箱。",
            "請改用網頁版。",
            "2026年3月2日 18:00 (UTC+8)",
            f"http://127.0.0.1:8000/portal/alice/issues/{issue.reference}/",
            link,
            "214",
        ):
            assert expected in text, (kind, expected)
    assert Delivery.objects.get().state == "sent"
    assert Attempt.objects.get().outcome == "sent"
    subscription.refresh_from_db()
    assert subscription.last_success_at == NOW


def test_two_mails_about_one_issue_are_one_thread(world: World, arrived: Receivers) -> None:
    subscribe_mailbox(world.alice, "desk@alice.example")
    for _ in range(2):
        issue = publish_issue(world, on(world.first)).issue
    later = NOW + timedelta(minutes=5)
    plan_all()
    send_all("email")
    change_audience(
        issue=issue,
        version=None,
        scope=on(world.server),
        why="more",
        body=BODY,
        by=SYSTEM,
        now=later,
    )
    plan_all(now=later)
    send_all("email", now=later)
    threads = [str(mail["References"]) for mail in arrived.mails_to("desk@alice.example")]
    assert len(threads) == 3
    assert len(set(threads)) == 2


def test_a_body_in_another_language_says_so(world: World, arrived: Receivers) -> None:
    subscribe_mailbox(world.alice, "desk@alice.example", language="zh-hant")
    subscribe_mailbox(world.bob, "desk@bob.example")
    publish(
        issue=make_draft(world, on(world.first)), version=None, body=ENGLISH, by=SYSTEM, now=NOW
    )
    plan_all()
    send_all("email")
    (other,) = arrived.mails_to("desk@alice.example")
    (english,) = arrived.mails_to("desk@bob.example")
    with translation.override("zh-hant"):
        note = gettext("(This update has not been translated.)")
    assert f"{note}\nWe look into it." in text_of(other).replace("\r\n", "\n")
    assert "We look into it." in text_of(english)
    assert "not been translated" not in text_of(english)


def test_released_tenants_read_the_closing_note_and_no_status(
    world: World, arrived: Receivers
) -> None:
    subscribe_mailbox(world.alice, "desk@alice.example")
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    change_audience(
        issue=issue, version=None, scope=on(world.second), why="x", body=BODY, by=SYSTEM, now=NOW
    )
    plan_all()
    send_all("email")
    closing = arrived.mails_to("desk@alice.example")[-1]
    assert "does not affect you" in closing["Subject"]
    assert "you are not affected" in text_of(closing)
    assert "Next update by" not in text_of(closing)


def test_the_webhook_is_signed_and_documented(world: World, arrived: Receivers) -> None:
    made = subscribe_webhook(world.alice, arrived.url("alice"))
    secret = unseal(made.secret)
    newer = rotate_secret(subscription=made, by=SYSTEM, now=NOW)
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    assert send_all("webhook") == 1
    (hook,) = arrived.hooks
    with pytest.MonkeyPatch.context() as patch:
        # The library reads the clock; the delivery was made at a fixed time.
        patch.setattr(library.Webhook, "_Webhook__verify_timestamp", lambda _self, _header: NOW)
        for each in (secret, newer):
            Webhook(each).verify(hook.body, hook.headers)
    document = json.loads(hook.body)
    assert document["type"] == "issue.published"
    assert document["timestamp"] == "2026-03-02T09:00:00Z"
    data = document["data"]
    assert data["id"] == issue.reference
    assert data["organisation"] == "alice"
    assert data["affected_users"] == 214
    assert data["title"]["zh-hant"] == "信箱變慢"
    assert data["post"]["body"] == BODY
    assert data["next_update_by"] == "2026-03-02T10:00:00Z"
    assert data["service"] == {"id": "mail", "name": {"en": "Mail"}}
    assert data["url"].endswith(f"/portal/alice/issues/{issue.reference}/")


def test_after_a_day_only_the_new_secret_signs(world: World, arrived: Receivers) -> None:
    made = subscribe_webhook(world.alice, arrived.url("alice"))
    rotate_secret(subscription=made, by=SYSTEM, now=NOW)
    later = NOW + timedelta(hours=24)
    publish_issue(world, on(world.first), now=later)
    plan_all(now=later)
    send_all("webhook", now=later)
    assert len(arrived.hooks[0].headers["webhook-signature"].split()) == 1


def test_a_busy_receiver_is_tried_again_and_its_wish_honoured(
    world: World, arrived: Receivers
) -> None:
    subscribe_webhook(world.alice, arrived.url("busy"))
    subscribe_mailbox(world.alice, "busy@alice.example")
    publish_issue(world, on(world.first))
    plan_all()
    send_all("email")
    send_all("webhook")
    mail, hook = Delivery.objects.order_by("channel")
    assert (mail.state, hook.state) == ("pending", "pending")
    assert mail.next_attempt_at
    assert timedelta(seconds=24) <= mail.next_attempt_at - NOW <= timedelta(seconds=36)
    assert hook.next_attempt_at == NOW + timedelta(hours=1), "as Retry-After asks"
    assert "451" in mail.last_error
    assert send_all("webhook", now=NOW + timedelta(minutes=59)) == 0


def test_after_the_last_try_it_has_failed_and_can_be_retried_by_hand(
    world: World, arrived: Receivers
) -> None:
    subscribe_mailbox(world.alice, "busy@alice.example")
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    now = NOW
    for _ in range(MOST_ATTEMPTS):
        assert send_all("email", now=now) == 1
        now += timedelta(hours=24)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts_made) == ("failed", MOST_ATTEMPTS)
    assert Attempt.objects.count() == MOST_ATTEMPTS
    assert send_all("email", now=now) == 0
    other = publish_issue(world, on(world.second)).issue
    assert retry_failed(provider=world.provider, issue=other, by=SYSTEM, now=now) == 0
    assert retry_failed(provider=world.provider, issue=issue, by=SYSTEM, now=now) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts_made) == ("pending", 0)


@pytest.mark.parametrize("channel", ["email", "webhook"])
def test_a_dead_address_stops_its_subscription_and_says_why(
    world: World, arrived: Receivers, channel: str
) -> None:
    made = (
        subscribe_mailbox(world.alice, "gone@alice.example")
        if channel == "email"
        else subscribe_webhook(world.alice, arrived.url("gone"))
    )
    for _ in range(2):
        publish_issue(world, on(world.first))
    plan_all()
    first = Delivery.objects.order_by("id")[0]
    Delivery.objects.exclude(pk=first.pk).update(next_attempt_at=NOW + timedelta(hours=1))
    send_all(channel)
    made.refresh_from_db()
    assert not made.is_active
    assert ("550" if channel == "email" else "410") in made.stopped_because
    states = list(Delivery.objects.order_by("id").values_list("state", flat=True))
    assert states == ["failed", "cancelled"]


def test_a_receiver_that_keeps_refusing_stops_after_five(world: World, arrived: Receivers) -> None:
    made = subscribe_webhook(world.alice, arrived.url("refused"))
    for count in range(1, 6):
        made.refresh_from_db()
        assert made.is_active, count
        publish_issue(world, on(world.first))
        plan_all()
        send_all("webhook")
    made.refresh_from_db()
    assert not made.is_active


def test_a_private_address_is_not_called(
    world: World, arrived: Receivers, settings: Settings
) -> None:
    subscribe_webhook(world.alice, arrived.url("alice"))
    settings.STANDFAST_ALLOW_PRIVATE_WEBHOOKS = False
    publish_issue(world, on(world.first))
    plan_all()
    send_all("webhook")
    assert arrived.hooks == []
    assert "private network" in Delivery.objects.get().last_error


def test_what_a_dead_worker_claimed_is_sent_by_another(world: World, arrived: Receivers) -> None:
    subscribe_mailbox(world.alice, "desk@alice.example")
    publish_issue(world, on(world.first))
    plan_all()
    assert len(claim(channel="email", worker="dead", now=NOW)) == 1
    assert send_all("email", now=NOW + LEASE - timedelta(seconds=1)) == 0
    assert send_all("email", now=NOW + LEASE) == 1
    assert Delivery.objects.get().state == "sent"


def test_what_is_paused_while_it_waits_is_not_sent(world: World, arrived: Receivers) -> None:
    made = subscribe_mailbox(world.alice, "desk@alice.example")
    publish_issue(world, on(world.first))
    plan_all()
    Subscription.objects.update(is_active=False)  # as by a worker that stops it at this moment
    assert send_all("email") == 0
    assert Delivery.objects.get().state == "cancelled"
    Subscription.objects.update(is_active=True)
    publish_issue(world, on(world.first))
    plan_all()
    pause_subscription(subscription=made, by=SYSTEM, now=NOW)
    assert send_all("email") == 0
    assert arrived.mails == []


def test_a_secret_that_cannot_be_read_loses_nothing(world: World, arrived: Receivers) -> None:
    made = subscribe_webhook(world.alice, arrived.url("alice"))
    subscribe_webhook(world.bob, arrived.url("bob"))
    Subscription.objects.filter(pk=made.pk).update(secret="damaged")
    publish_issue(world, on(world.first))
    plan_all()
    send_all("webhook")
    assert [hook.path for hook in arrived.hooks] == ["bob"]
    kept = Delivery.objects.get(subscription=made)
    assert kept.state == "pending"
    assert "STANDFAST_SECRET_KEY" in kept.last_error


def test_a_test_message_reaches_the_address(world: World, arrived: Receivers) -> None:
    mailbox = subscribe_mailbox(world.alice, "desk@alice.example")
    hook = subscribe_webhook(world.alice, arrived.url("alice"))
    for made in (mailbox, hook):
        send_test(subscription=made, by=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="wait"):
        send_test(subscription=mailbox, by=SYSTEM, now=NOW)
    send_all("email")
    send_all("webhook")
    (mail,) = arrived.mails_to("desk@alice.example")
    assert "Alice" in text_of(mail)
    assert json.loads(arrived.hooks[0].body)["type"] == "test"


def test_staff_mail_leads_to_the_console(world: World, arrived: Receivers) -> None:
    communicator = make_member(world.provider, "communicator")
    issue = publish_issue(world, on(world.first)).issue
    check_promises(now=NOW + timedelta(minutes=50))
    plan_all()
    send_all("email")
    (mail,) = arrived.mails_to(communicator.email)
    assert f"/console/northlight/issues/{issue.reference}/" in text_of(mail)
    assert "2 Mar 2026 10:00 (UTC)" in text_of(mail)
    assert mail["List-Unsubscribe"] is None


def test_a_folder_takes_mails_as_files(world: World, settings: Settings, tmp_path: Path) -> None:
    settings.STANDFAST_EMAIL_URL = f"folder:{tmp_path}"
    subscribe_mailbox(world.alice, "desk@alice.example")
    publish_issue(world, on(world.first))
    plan_all()
    send_all("email")
    (name,) = (path.name for path in tmp_path.iterdir())
    assert name.endswith("-email.eml")


def test_the_tries_take_about_a_day() -> None:
    waits = [next_wait(made, chance=0.5) for made in range(1, MOST_ATTEMPTS)]
    assert waits == list(DELAYS)
    total = sum(DELAYS, timedelta())
    assert timedelta(hours=20) < total < timedelta(hours=28)
    assert next_wait(MOST_ATTEMPTS, chance=0.5) is None
    assert next_wait(1, chance=0.0, retry_after=timedelta(days=9)) == timedelta(hours=24)
