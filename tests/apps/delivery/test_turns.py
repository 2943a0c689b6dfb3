"""A fallback obeys the rules of the first send at the moment when its turn comes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from standfast.apps.delivery.models import Delivery, IssueWish, QuietHours, Subscription
from standfast.apps.delivery.queries.proof import stages_of
from standfast.apps.delivery.services.choices import note_seen
from standfast.apps.delivery.services.fallbacks import start_fallbacks
from standfast.apps.delivery.services.holding import release_held
from standfast.apps.delivery.services.subscriptions import pause_subscription
from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.updating import post_update
from standfast.apps.tenancy.models import Member
from standfast.channels.registry import CHANNELS
from tests.factories import NOW, SYSTEM, make_placement, make_service
from tests.factories_delivery import add_channel, plan_all, subscribe_person
from tests.factories_incidents import World, on, publish_issue

EVENING = datetime(2026, 3, 2, 21, 55, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 22, 5, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)


@pytest.fixture
def mail(world: World) -> Subscription:
    """Somebody of Alice's with mail, then two numbers; quiet from ten to seven."""
    mail = subscribe_person(world.alice)
    first = add_channel(mail, "sms", "+886900000001")
    add_channel(first, "sms", "+886900000002")
    assert mail.user
    QuietHours.objects.create(user=mail.user)
    return mail


def publish(world: World, now: datetime = EVENING, severity: str = "normal") -> Issue:
    issue = publish_issue(world, on(world.first), now=now, severity=severity).issue
    plan_all(now=now)
    return issue


def sms(number: int) -> Delivery:
    return Delivery.objects.get(address=f"+88690000000{number}")


def the_mail(state: str) -> None:
    rows = Delivery.objects.filter(channel="email")
    rows.update(state=state, sent_at=NIGHT, next_attempt_at=None)


def stages(delivery: Delivery) -> list[tuple[str, datetime | None]]:
    return [(stage.kind, stage.at) for stage in stages_of(delivery)]


def texts_fail(world: World) -> None:
    """Publish an issue of a service that text messages depend on."""
    texts = make_service(world.provider, "texts")
    texts.capabilities = ["sms"]
    texts.save()
    make_placement(world.alice, world.first, texts, 3)
    publish_issue(world, on(world.first), service=texts, now=NOW)


def test_a_fallback_at_night_waits_for_the_morning_and_the_proof_says_so(
    world: World, mail: Subscription
) -> None:
    publish(world)
    the_mail("failed")
    assert start_fallbacks(now=NIGHT) == 1
    assert (sms(1).state, sms(1).held_until) == ("held", MORNING)
    assert sms(1).because["remarks"] == ["next_choice", "quiet_hours"]
    assert stages(sms(1)) == [
        ("planned", EVENING),
        ("started_failed", NIGHT),
        ("held", MORNING),
    ]
    assert start_fallbacks(now=NIGHT + timedelta(hours=3)) == 0, "the second waits for the first"
    assert release_held(now=MORNING) == 1
    assert (sms(1).state, sms(2).state) == ("pending", "standby")
    assert ("released", MORNING) in stages(sms(1))
    late = MORNING + CHANNELS["sms"].patience
    assert start_fallbacks(now=late - timedelta(seconds=1)) == 0
    assert start_fallbacks(now=late) == 1


@pytest.mark.parametrize("severity", ["high", "critical"])
def test_a_severe_one_wakes_over_the_fallback_too(
    world: World, mail: Subscription, severity: str
) -> None:
    publish(world, severity=severity)
    the_mail("failed")
    assert start_fallbacks(now=NIGHT) == 1
    assert sms(1).state == "pending"
    assert sms(1).because["remarks"] == ["next_choice", "breaks_quiet_hours"]


def test_one_that_is_only_late_is_not_told_at_night_when_the_mail_arrives_after_all(
    world: World, mail: Subscription
) -> None:
    publish(world)
    assert start_fallbacks(now=NIGHT) == 1
    assert (sms(1).state, sms(1).because["started"]) == ("held", "late")
    the_mail("sent")
    start_fallbacks(now=NIGHT + timedelta(minutes=1))
    start_fallbacks(now=NIGHT + timedelta(minutes=1))
    assert (sms(1).state, sms(1).held_until, sms(2).state) == ("spared", None, "spared")
    assert release_held(now=MORNING) == 0


def test_nobody_is_called_in_the_morning_about_what_they_read_at_night(
    world: World, mail: Subscription
) -> None:
    issue = publish(world)
    the_mail("failed")
    start_fallbacks(now=NIGHT)
    assert mail.user
    note_seen(user=mail.user, issue=issue, now=NIGHT)
    assert (sms(1).state, sms(2).state) == ("spared", "spared")


def test_two_fallbacks_of_one_night_are_one_message(world: World, mail: Subscription) -> None:
    publish(world)
    publish(world)
    the_mail("failed")
    assert start_fallbacks(now=NIGHT) == 2
    assert release_held(now=MORNING) == 1
    rows = Delivery.objects.filter(address="+886900000001").order_by("id")
    assert [each.state for each in rows] == ["merged", "merged", "pending"]
    waiting = Delivery.objects.filter(address="+886900000002")
    assert {each.fallback_of for each in waiting} == {rows[2]}, "both stand by for that message"
    Delivery.objects.filter(pk=rows[2].pk).update(state="failed")
    assert start_fallbacks(now=MORNING) == 2
    assert release_held(now=MORNING) == 1, "and are told together when it fails"


def test_a_fallback_goes_by_its_own_digest(world: World, mail: Subscription) -> None:
    numbers = Subscription.objects.filter(channel="sms")
    numbers.update(digest="daily", digest_at=time(12))
    publish(world, now=NOW)
    the_mail("failed")
    assert start_fallbacks(now=NOW) == 1
    assert sms(1).because["remarks"] == ["next_choice", "digest"]
    assert (sms(1).state, sms(1).held_until) == ("held", NOW.replace(hour=12))
    Delivery.objects.all().delete()
    publish(world, now=NOW, severity="critical")
    the_mail("failed")
    assert start_fallbacks(now=NOW) == 1
    assert sms(1).because["remarks"] == ["next_choice", "too_urgent_for_digest"]
    assert sms(1).state == "pending"


def test_a_fallback_that_depends_on_what_fails_meanwhile_is_not_used_alone(
    world: World, mail: Subscription
) -> None:
    add_channel(Subscription.objects.get(address="+886900000002"), "telegram", "tgram://1/2")
    publish(world, now=NOW)
    texts_fail(world)
    the_mail("failed")
    assert start_fallbacks(now=NOW) == 2
    telegram = Delivery.objects.get(channel="telegram")
    assert [sms(1).state, sms(2).state, telegram.state] == ["pending", "standby", "pending"]
    assert sms(1).because["remarks"] == ["next_choice", "doubtful"]
    assert sms(1).because["failing"] == ["sms"]
    assert telegram.because["remarks"] == ["beside_doubtful"]
    assert telegram.because["started"] == "beside"


def test_when_all_that_is_left_is_in_doubt_all_of_it_is_used(
    world: World, mail: Subscription
) -> None:
    publish(world, now=NOW)
    texts_fail(world)
    the_mail("failed")
    assert start_fallbacks(now=NOW) == 2
    assert {sms(1).state, sms(2).state} == {"pending"}
    assert sms(2).because["remarks"] == ["next_choice", "only_doubtful"]


def test_who_muted_the_issue_meanwhile_is_not_told_and_the_proof_says_why(
    world: World, mail: Subscription
) -> None:
    issue = publish(world, now=NOW)
    assert mail.user
    IssueWish.objects.create(user=mail.user, issue=issue, wish="mute", created_at=NOW)
    the_mail("failed")
    assert start_fallbacks(now=NOW) == 2
    assert {sms(1).state, sms(2).state} == {"cancelled"}
    assert sms(1).because["skipped"] == "muted"


def test_who_has_left_the_organisation_meanwhile_is_not_told(
    world: World, mail: Subscription
) -> None:
    publish(world, now=NOW)
    Member.objects.filter(user=mail.user).delete()
    the_mail("failed")
    start_fallbacks(now=NOW)
    assert sms(1).because["skipped"] == "access_lost"


def test_pausing_one_in_the_middle_does_not_start_the_last(
    world: World, mail: Subscription
) -> None:
    publish(world, now=NOW)
    middle = Subscription.objects.get(address="+886900000001")
    pause_subscription(subscription=middle, by=SYSTEM, now=NOW)
    assert start_fallbacks(now=NOW) == 0
    assert sms(2).state == "standby"
    assert sms(2).fallback_of == Delivery.objects.get(channel="email")
    the_mail("failed")
    assert start_fallbacks(now=NOW) == 1
    assert sms(2).state == "pending"


def test_a_newer_message_over_the_same_channel_takes_along_what_waits_for_the_morning(
    world: World, mail: Subscription
) -> None:
    issue = publish(world)
    the_mail("failed")
    start_fallbacks(now=NIGHT)
    held = sms(1)
    assert held.state == "held"
    Subscription.objects.filter(pk=mail.pk).update(is_active=False)
    Issue.objects.filter(pk=issue.pk).update(severity="critical")
    issue.refresh_from_db()
    post_update(
        issue=issue,
        version=None,
        body={"en": "It is worse."},
        status="serviceInterruption",
        by=SYSTEM,
        now=NIGHT,
    )
    plan_all(now=NIGHT)
    held.refresh_from_db()
    assert held.state == "merged"


def test_fallbacks_planned_by_an_earlier_version_start_as_they_did(
    world: World, mail: Subscription
) -> None:
    issue = publish(world, now=NOW)
    issue.notices.update(told={})
    the_mail("failed")
    assert start_fallbacks(now=NOW) == 1
    assert sms(1).state == "pending"
