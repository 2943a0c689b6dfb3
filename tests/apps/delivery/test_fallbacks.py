"""The channels of one person: the first that can be trusted, the next when it does not arrive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pyroaring import BitMap

from standfast.apps.delivery.models import Attempt, Delivery, Notice, QuietHours, Subscription
from standfast.apps.delivery.queries.plans import preview_plan
from standfast.apps.delivery.queries.trouble import FAILURES_THAT_TELL
from standfast.apps.delivery.services.fallbacks import start_fallbacks
from standfast.apps.delivery.services.holding import release_held
from standfast.apps.delivery.services.subscriptions import pause_subscription
from standfast.apps.delivery.services.turns import start
from standfast.apps.incidents.services.updating import post_update
from standfast.channels.registry import CHANNELS
from tests.factories import NOW, SYSTEM, make_placement, make_service
from tests.factories_delivery import add_channel, plan_all, subscribe_person
from tests.factories_incidents import BODY, World, make_draft, on, publish_issue

LATE = NOW + CHANNELS["email"].patience


@pytest.fixture
def person(world: World) -> Subscription:
    """Somebody of Alice's with mail, then two numbers for text messages."""
    mail = subscribe_person(world.alice)
    first = add_channel(mail, "sms", "+886900000001")
    add_channel(first, "sms", "+886900000002")
    return mail


def publish(world: World) -> None:
    publish_issue(world, on(world.first))
    plan_all()


def states() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("id").values_list("address", "state"))


def state_of(number: int) -> str:
    return Delivery.objects.get(address=f"+88690000000{number}").state


def end_mail(state: str) -> None:
    Delivery.objects.filter(channel="email").update(state=state, sent_at=NOW, next_attempt_at=None)


def test_the_others_stand_by_in_a_row(world: World, person: Subscription) -> None:
    publish(world)
    mail, one, two = Delivery.objects.order_by("id")
    assert (mail.state, one.state, two.state) == ("pending", "standby", "standby")
    assert (one.fallback_of, two.fallback_of) == (mail, one)
    assert start_fallbacks(now=NOW) == 0


def test_they_are_spared_when_the_first_has_arrived(world: World, person: Subscription) -> None:
    publish(world)
    end_mail("sent")
    assert start_fallbacks(now=LATE) == 0
    assert start_fallbacks(now=LATE) == 0
    assert [state_of(1), state_of(2)] == ["spared", "spared"]


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_the_next_starts_when_the_first_fails_for_good(
    world: World, person: Subscription, state: str
) -> None:
    publish(world)
    end_mail(state)
    assert start_fallbacks(now=NOW) == 1
    assert [state_of(1), state_of(2)] == ["pending", "standby"]
    assert Delivery.objects.get(address="+886900000001").because == {
        "remarks": ["next_choice"],
        "started": "failed",
        "started_at": NOW.isoformat(),
    }
    assert start_fallbacks(now=NOW) == 0, "the second waits for the first"


def test_the_next_starts_when_the_first_does_not_get_through_in_time(
    world: World, person: Subscription
) -> None:
    publish(world)
    assert start_fallbacks(now=LATE - timedelta(seconds=1)) == 0
    assert start_fallbacks(now=LATE) == 1
    assert start_fallbacks(now=LATE + CHANNELS["sms"].patience - timedelta(seconds=1)) == 0
    assert start_fallbacks(now=LATE + CHANNELS["sms"].patience) == 1
    assert {state for _, state in states()} == {"pending"}


def test_a_paused_channel_hands_over_to_the_next(world: World, person: Subscription) -> None:
    publish(world)
    pause_subscription(subscription=person, by=SYSTEM, now=NOW)
    assert start_fallbacks(now=NOW) == 1
    assert state_of(1) == "pending"


def test_nobody_is_called_about_what_the_person_has_seen(
    world: World, person: Subscription
) -> None:
    publish(world)
    Delivery.objects.filter(channel="email").update(confirmed_at=NOW)
    assert start_fallbacks(now=LATE) == 0
    assert state_of(1) == "spared"


@pytest.mark.parametrize("state", ["pending", "sent", "spared"])
def test_what_another_worker_did_meanwhile_is_not_started_again(
    world: World, person: Subscription, state: str
) -> None:
    publish(world)
    end_mail("failed")
    seen = list(Delivery.objects.filter(address="+886900000001"))
    Delivery.objects.filter(pk=seen[0].pk).update(state=state, next_attempt_at=None)
    assert start(seen, "failed", now=NOW) == 0
    kept = Delivery.objects.get(pk=seen[0].pk)
    assert (kept.state, kept.next_attempt_at) == (state, None)


def asleep(person: Subscription) -> None:
    """The person, whose clock is UTC, sleeps until an hour from now."""
    assert person.user is not None
    start, end = (NOW - timedelta(hours=1)).time(), (NOW + timedelta(hours=1)).time()
    QuietHours.objects.create(user=person.user, start=start, end=end)


MORNING = NOW + timedelta(hours=1)


def test_what_stood_by_in_the_night_stands_by_for_the_one_message_of_the_morning(
    world: World, person: Subscription
) -> None:
    """Else nobody would be called when that message does not get through."""
    asleep(person)
    publish(world)
    publish(world)
    assert release_held(now=MORNING) == 1
    assert start_fallbacks(now=MORNING) == 0, "it is on its way"
    whole = Delivery.objects.get(notice__kind="digest")
    Delivery.objects.filter(pk=whole.pk).update(state="failed", next_attempt_at=None)
    assert start_fallbacks(now=MORNING) == 2
    first = Delivery.objects.filter(address="+886900000001")
    assert [each.state for each in first] == ["held", "held"], "told together, shortly"
    assert release_held(now=MORNING) == 1


def test_nobody_stands_by_for_what_a_newer_message_took_along(
    world: World, person: Subscription
) -> None:
    asleep(person)
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    issue.severity = "critical"
    issue.save()
    post_update(
        issue=issue, version=None, body=BODY, status="serviceDegradation", by=SYSTEM, now=NOW
    )
    plan_all()
    older, newer = Delivery.objects.filter(channel="email").order_by("id")
    assert (older.state, older.covered_by, newer.state) == ("merged", newer, "pending")
    start_fallbacks(now=NOW)
    assert set(older.fallbacks.values_list("state", flat=True)) == {"spared"}
    assert set(newer.fallbacks.values_list("state", flat=True)) == {"standby"}


def test_a_mail_outage_is_told_over_the_next_channel_too(
    world: World, person: Subscription
) -> None:
    world.service.capabilities = ["mail"]
    world.service.save()
    post = publish_issue(world, on(world.first))
    plan_all()
    assert [state for _, state in states()] == ["pending", "pending", "standby"]
    mail, one, two = Delivery.objects.order_by("id")
    assert mail.because == {"remarks": ["first_choice", "doubtful"], "failing": ["mail"]}
    assert one.because == {"remarks": ["beside_doubtful"]}
    assert two.fallback_of == one
    Delivery.objects.all().delete()
    post_update(
        issue=post.issue,
        version=None,
        body=BODY,
        status="serviceRestored",
        by=SYSTEM,
        now=NOW + timedelta(hours=1),
    )
    plan_all(now=NOW + timedelta(hours=1))
    assert [state for _, state in states()] == ["pending", "standby", "standby"], "mail works again"


def test_a_mail_outage_of_others_is_no_reason(world: World, person: Subscription) -> None:
    world.service.capabilities = ["mail"]
    world.service.save()
    files = make_service(world.provider, "files")
    make_placement(world.alice, world.first, files, 3)
    publish_issue(world, on(world.second))  # Alice's mail is on the first
    plan_all()
    assert states() == []
    publish_issue(world, on(world.first), service=files)
    plan_all()
    assert [state for _, state in states()] == ["pending", "standby", "standby"]


def test_a_channel_whose_tries_all_fail_is_in_doubt(world: World, person: Subscription) -> None:
    publish(world)
    mail = Delivery.objects.get(channel="email")
    Attempt.objects.bulk_create(
        Attempt(delivery=mail, at=NOW, outcome="temporary") for _ in range(FAILURES_THAT_TELL)
    )
    Delivery.objects.exclude(pk=mail.pk).delete()
    publish(world)
    newest = Notice.objects.latest("id").deliveries.order_by("id")
    assert [each.state for each in newest] == ["pending", "pending", "standby"]
    assert newest[0].because["failing"] == ["channel email"]


def test_the_preview_says_who_stands_by(world: World, person: Subscription) -> None:
    post = publish_issue(world, on(world.first))
    tenants = BitMap.deserialize(bytes(post.audience.tenants))
    view = preview_plan(issue=post.issue, audience_tenants=tenants, now=NOW)
    assert (view.total, view.standing_by, view.held, view.doubtful) == (1, 2, 0, 0)
    assert view.sample[0].remarks == ["first_choice"]


def test_the_preview_of_a_mail_outage_doubts_mail_before_it_is_published(
    world: World, person: Subscription
) -> None:
    world.service.capabilities = ["mail"]
    world.service.save()
    draft = make_draft(world, on(world.first))
    alice = world.alice.number
    assert alice is not None
    view = preview_plan(issue=draft, audience_tenants=BitMap([alice]), now=NOW)
    assert (view.total, view.standing_by, view.doubtful) == (2, 1, 1)
