"""Warnings of the provider's own people: over their own channels, by the rules of the send plan."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from standfast.apps.delivery.models import Delivery, Notice, QuietHours, Subscription
from standfast.apps.delivery.rendering.messages import Composer
from standfast.apps.delivery.services.claiming import claim
from standfast.apps.delivery.services.fallbacks import start_fallbacks
from standfast.apps.delivery.services.subscriptions import delete_subscription, pause_subscription
from standfast.apps.incidents.services.promises import check_promises
from standfast.apps.tenancy.models import User
from standfast.apps.tenancy.sealing import seal
from tests.factories import NOW, SYSTEM, make_member, make_service
from tests.factories_delivery import plan_all
from tests.factories_incidents import World, detect_issue, on, publish_issue

NIGHT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


@pytest.fixture
def engineer(world: World) -> User:
    return make_member(world.provider, "engineer")


def own(world: World, user: User, channel: str = "webpush", **columns: Any) -> Subscription:
    """A channel that the person set up at the provider; a device is told in any case."""
    address = {"webpush": "https://push.example/1", "sms": "+886900000001", "email": user.email}
    usual: dict[str, Any] = {
        "address": address[channel],
        "kinds": ["incident", "advisory"],
        "always": channel == "webpush",
        "secret": seal("{}") if channel == "webpush" else "",
        "unsubscribe_key": f"{channel}{user.pk}",
        "created_at": NOW,
    }
    return Subscription.objects.create(
        organisation=world.provider, user=user, channel=channel, **usual | columns
    )


def detect(world: World, now: datetime = NOW, **changes: Any) -> None:
    detect_issue(world, now=now, **changes)
    plan_all(now=now)


def planned() -> dict[str, str]:
    """Each channel with what became of it."""
    return dict(Delivery.objects.values_list("channel", "state"))


def mail_is_failing(world: World) -> None:
    world.service.capabilities = ["mail"]
    world.service.save()


def test_who_has_set_nothing_gets_a_mail(world: World, engineer: User) -> None:
    detect(world)
    (mail,) = Delivery.objects.all()
    assert (mail.channel, mail.address, mail.state) == ("email", engineer.email, "pending")
    assert (mail.user, mail.subscription, mail.reason) == (engineer, None, "engineer")


def test_a_device_is_warned_beside_the_mail(world: World, engineer: User) -> None:
    device = own(world, engineer)
    detect(world)
    assert planned() == {"email": "pending", "webpush": "pending"}
    push = Delivery.objects.get(channel="webpush")
    assert (push.subscription, push.user, push.reason) == (device, None, "engineer")
    message = Composer(now=NOW).message(push)
    issue = push.notice.issue
    assert issue
    assert message.personal["link"].endswith(f"/console/northlight/issues/{issue.reference}/")
    assert message.content.brief
    assert "Mailboxes are slow" in message.content.brief.title


def test_an_outage_of_mail_is_not_told_by_mail_alone(world: World, engineer: User) -> None:
    """Even while nobody has confirmed the issue."""
    own(world, engineer, "sms")
    own(world, engineer, "email", rank=0)
    Subscription.objects.filter(channel="sms").update(rank=1)
    mail_is_failing(world)
    detect(world)
    assert planned() == {"email": "pending", "sms": "pending"}
    assert Delivery.objects.get(channel="sms").because["remarks"] == ["beside_doubtful"]
    assert Delivery.objects.get(channel="email").because["failing"] == ["mail"]


def test_a_promise_of_a_mail_outage_is_warned_of_by_push(world: World) -> None:
    communicator = make_member(world.provider, "communicator")
    own(world, communicator)
    mail_is_failing(world)
    publish_issue(world, on(world.first), cadence_minutes=60)
    plan_all()
    for minutes, kind in ((50, "due_soon"), (61, "overdue")):
        check_promises(now=NOW + timedelta(minutes=minutes))
        plan_all(now=NOW + timedelta(minutes=minutes))
        told = Notice.objects.get(kind=kind).deliveries
        assert set(told.values_list("channel", flat=True)) == {"email", "webpush"}


def test_mail_stands_by_for_a_channel_that_the_person_prefers(world: World, engineer: User) -> None:
    own(world, engineer, "sms")
    detect(world)
    assert planned() == {"sms": "pending", "email": "standby"}
    Delivery.objects.filter(channel="sms").update(state="failed")
    assert start_fallbacks(now=NOW) == 1
    assert planned() == {"sms": "failed", "email": "pending"}
    mail = Delivery.objects.get(channel="email")
    assert mail.because["started"] == "failed"
    assert claim(channel="email", worker="test", now=NOW) == [mail]


def test_mail_is_spared_when_the_first_choice_arrives(world: World, engineer: User) -> None:
    own(world, engineer, "sms")
    detect(world)
    Delivery.objects.filter(channel="sms").update(state="sent", sent_at=NOW)
    start_fallbacks(now=NOW)
    assert planned() == {"sms": "sent", "email": "spared"}


def test_a_warning_waits_for_no_digest_and_no_morning(world: World, engineer: User) -> None:
    QuietHours.objects.create(user=engineer, start=time(22), end=time(7))
    own(world, engineer, "email", digest="weekly")
    own(world, engineer)
    detect(world, now=NIGHT)
    assert planned() == {"email": "pending", "webpush": "pending"}
    assert Delivery.objects.filter(channel="email").count() == 1, "the address once"


@pytest.mark.parametrize(
    "columns",
    [
        {"kinds": ["maintenance"]},
        {"min_severity": "critical"},
        {"is_active": False},
        {"confirm_until": NOW},
    ],
)
def test_what_a_channel_does_not_take_goes_by_mail(
    world: World, engineer: User, columns: dict[str, Any]
) -> None:
    own(world, engineer, "sms", **columns)
    detect(world)
    assert planned() == {"email": "pending"}


def test_a_channel_of_another_service_is_not_used(world: World, engineer: User) -> None:
    made = own(world, engineer, "sms")
    made.services.set([make_service(world.provider, "chat")])
    detect(world)
    assert planned() == {"email": "pending"}


def test_nothing_of_a_tenant_carries_what_only_the_provider_knows(
    world: World, engineer: User
) -> None:
    made = own(world, engineer, "sms")
    Subscription.objects.filter(pk=made.pk).update(organisation=world.alice)
    shared = own(world, engineer, "sms", address="+886900000002", unsubscribe_key="shared")
    Subscription.objects.filter(pk=shared.pk).update(user=None)
    detect(world)
    assert planned() == {"email": "pending"}


@pytest.mark.parametrize("end", [pause_subscription, delete_subscription])
def test_ending_the_channel_meanwhile_lets_the_mail_go_out(
    world: World, engineer: User, end: Any
) -> None:
    made = own(world, engineer, "sms")
    detect(world)
    end(subscription=made, by=SYSTEM, now=NOW)
    assert claim(channel="sms", worker="test", now=NOW) == []
    start_fallbacks(now=NOW)
    assert planned() == {"sms": "cancelled", "email": "pending"}


def test_planning_a_warning_twice_warns_once(world: World, engineer: User) -> None:
    own(world, engineer)
    detect(world)
    event = Notice.objects.get().event
    assert event
    event.handled_at = None
    event.save()
    plan_all()
    assert Delivery.objects.count() == 2
