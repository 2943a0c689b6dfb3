"""Quiet hours, digests and bursts as rows: nothing is lost, and what waited is told together."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from standfast.apps.delivery.models import (
    Delivery,
    IssueWish,
    Notice,
    OrganisationDefaults,
    QuietHours,
    Subscription,
)
from standfast.apps.delivery.services import holding
from standfast.apps.delivery.services.choices import wish_for_issue
from standfast.apps.delivery.services.holding import release_held
from standfast.apps.delivery.services.subscriptions import pause_subscription
from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.updating import post_update
from standfast.apps.tenancy.models import Member
from tests.apps.delivery.receivers import Receivers
from tests.factories import NOW, SYSTEM, make_member, make_user
from tests.factories_delivery import plan_all, send_all, subscribe_mailbox, subscribe_person
from tests.factories_incidents import BODY, World, on, publish_issue

NIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in Taipei
MORNING = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # 07:00 in Taipei


def sleeper(world: World, **changes: object) -> Subscription:
    """A person in Taipei who sleeps from ten to seven."""
    user = make_user("lin@alice.example")
    user.time_zone = "Asia/Taipei"
    user.save()
    make_member(world.alice, "admin", user=user)
    QuietHours.objects.create(user=user, **changes)
    return subscribe_person(world.alice, user=user)


def update(issue: Issue, text: str, *, now: datetime, status: str = "restoringService") -> None:
    post_update(issue=issue, version=None, body={"en": text}, status=status, by=SYSTEM, now=now)


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def test_quiet_hours_hold_until_they_end(world: World, arrived: Receivers) -> None:
    sleeper(world)
    publish_issue(world, on(world.first), now=NIGHT)
    plan_all(now=NIGHT)
    held = Delivery.objects.get()
    assert (held.state, held.held_until) == ("held", MORNING)
    assert held.because == {"remarks": ["quiet_hours"]}
    assert release_held(now=MORNING - timedelta(seconds=1)) == 0
    assert send_all("email", now=MORNING) == 0
    assert release_held(now=MORNING) == 1
    assert send_all("email", now=MORNING) == 1
    assert len(arrived.mails_to("lin@alice.example")) == 1


@pytest.mark.parametrize("severity", ["high", "critical"])
def test_what_is_severe_breaks_quiet_hours(world: World, severity: str) -> None:
    sleeper(world)
    publish_issue(world, on(world.first), now=NIGHT, severity=severity)
    plan_all(now=NIGHT)
    assert Delivery.objects.get().state == "pending"


def test_quiet_hours_turned_off_hold_nothing(world: World) -> None:
    sleeper(world, is_on=False)
    publish_issue(world, on(world.first), now=NIGHT)
    plan_all(now=NIGHT)
    assert states() == ["pending"]


def test_people_without_quiet_hours_have_those_of_the_organisation(world: World) -> None:
    subscribe_person(world.alice)
    subscribe_mailbox(world.alice, "desk@alice.example")
    OrganisationDefaults.objects.create(organisation=world.alice, quiet_is_on=True)
    publish_issue(world, on(world.first), now=NIGHT.replace(hour=23))
    plan_all(now=NIGHT.replace(hour=23))
    held = Delivery.objects.get(state="held")
    assert held.subscription
    assert held.subscription.user, "a shared mailbox sleeps never"
    assert held.held_until == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)


def test_what_came_in_the_night_is_one_message_in_the_morning(
    world: World, arrived: Receivers
) -> None:
    sleeper(world)
    first = publish_issue(world, on(world.first), now=NIGHT).issue
    second = publish_issue(world, on(world.server), now=NIGHT).issue
    plan_all(now=NIGHT)
    update(first, "Half of it is back.", now=NIGHT + timedelta(hours=1))
    plan_all(now=NIGHT + timedelta(hours=1))
    assert states() == ["held"] * 3
    assert release_held(now=MORNING) == 1
    assert states() == ["merged"] * 3 + ["pending"]
    assert release_held(now=MORNING) == 0, "a second worker finds nothing"
    assert send_all("email", now=MORNING) == 1
    (mail,) = arrived.mails_to("lin@alice.example")
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for expected in (first.reference, second.reference, "Half of it is back.", BODY["en"]):
        assert expected in text
    assert f"/portal/alice/issues/{first.reference}/" in text
    assert set(Delivery.objects.filter(state="merged").values_list("covered_by__state")) == {
        ("sent",)
    }


def test_recipients_of_the_same_things_share_one_digest(world: World) -> None:
    for name in ("alice", "bob"):
        made = subscribe_person(getattr(world, name))
        Subscription.objects.filter(pk=made.pk).update(digest="hourly")
    for _ in range(2):
        publish_issue(world, on(world.first))
    plan_all()
    assert {each.held_until for each in Delivery.objects.all()} == {NOW + timedelta(hours=1)}
    assert release_held(now=NOW + timedelta(hours=1)) == 2
    digest = Notice.objects.get(kind="digest")
    assert digest.provider == world.provider
    assert digest.deliveries.count() == 2


def test_one_thing_in_a_digest_is_told_as_it_is(world: World) -> None:
    made = subscribe_person(world.alice)
    Subscription.objects.filter(pk=made.pk).update(digest="daily", digest_at=time(8))
    publish_issue(world, on(world.first))
    plan_all()
    due = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    assert Delivery.objects.get().held_until == due
    release_held(now=due)
    assert not Notice.objects.filter(kind="digest").exists()
    assert states() == ["pending"]


def test_updates_in_quick_succession_become_one_message(world: World, arrived: Receivers) -> None:
    subscribe_person(world.alice)
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    send_all("email")
    for seconds in (30, 60):
        update(issue, f"After {seconds} seconds.", now=NOW + timedelta(seconds=seconds))
        plan_all(now=NOW + timedelta(seconds=seconds))
    assert states() == ["sent", "held", "held"]
    later = NOW + timedelta(seconds=120)
    assert release_held(now=later) == 1
    send_all("email", now=later)
    mails = list(arrived.mails)
    assert len(mails) == 2
    body = mails[-1][1].get_body(("plain",))
    assert body is not None
    assert "After 30 seconds." in body.get_content()
    assert "After 60 seconds." in body.get_content()


def test_what_is_on_its_way_counts_as_told_and_what_was_sent_late_from_then_on(
    world: World,
) -> None:
    subscribe_person(world.alice)
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    update(issue, "More.", now=NOW + timedelta(seconds=30))
    plan_all(now=NOW + timedelta(seconds=30))
    assert states() == ["pending", "held"], "the first is not even sent"
    sent_at = NOW + timedelta(seconds=100)
    Delivery.objects.filter(state="pending").update(state="sent", sent_at=sent_at)
    update(issue, "Still more.", now=NOW + timedelta(seconds=130))
    plan_all(now=NOW + timedelta(seconds=130))
    assert Delivery.objects.latest("id").held_until == sent_at + timedelta(minutes=2)


def test_who_chose_no_zone_sleeps_by_the_clock_of_the_organisation(world: World) -> None:
    world.alice.time_zone = "Asia/Taipei"
    world.alice.save()
    person = subscribe_person(world.alice)
    assert person.user is not None
    QuietHours.objects.create(user=person.user)
    publish_issue(world, on(world.first), now=NIGHT)
    plan_all(now=NIGHT)
    assert Delivery.objects.get().held_until == MORNING


def test_a_resolution_takes_along_what_was_held_of_its_issue(world: World) -> None:
    subscribe_person(world.alice)
    issue = publish_issue(world, on(world.first)).issue
    plan_all()
    send_all_without_server()
    update(issue, "Nearly.", now=NOW + timedelta(seconds=10))
    plan_all(now=NOW + timedelta(seconds=10))
    update(issue, "Done.", now=NOW + timedelta(seconds=20), status="serviceRestored")
    plan_all(now=NOW + timedelta(seconds=20))
    assert states() == ["sent", "merged", "pending"]
    merged = Delivery.objects.get(state="merged")
    assert merged.covered_by == Delivery.objects.latest("id")


def send_all_without_server() -> None:
    Delivery.objects.filter(state="pending").update(state="sent", sent_at=NOW)


def test_what_is_paused_while_it_is_held_is_not_told(world: World) -> None:
    made = sleeper(world)
    publish_issue(world, on(world.first), now=NIGHT)
    plan_all(now=NIGHT)
    pause_subscription(subscription=made, by=SYSTEM, now=NIGHT)
    assert states() == ["cancelled"]
    assert release_held(now=MORNING) == 0


def test_what_is_held_for_a_deleted_subscription_ends(world: World) -> None:
    made = sleeper(world)
    publish_issue(world, on(world.first), now=NIGHT)
    plan_all(now=NIGHT)
    Subscription.objects.filter(pk=made.pk).delete()
    assert release_held(now=MORNING) == 0
    assert states() == ["cancelled"]


@pytest.mark.parametrize(("wish", "told"), [("follow", 1), ("mute", 0)])
def test_a_single_issue_is_followed_or_muted(world: World, wish: str, told: int) -> None:
    made = subscribe_person(world.alice, kinds=["advisory"] if told else ["incident"])
    issue = publish_issue(world, on(world.first)).issue
    assert made.user
    IssueWish.objects.create(user=made.user, issue=issue, wish=wish, created_at=NOW)
    plan_all()
    assert Delivery.objects.count() == told
    if not told:
        assert Notice.objects.get().not_told.get().reason == "muted"


def test_a_worker_that_dies_while_it_writes_a_digest_leaves_all_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper(world)
    for _ in range(2):
        publish_issue(world, on(world.first), now=NIGHT)
    plan_all(now=NIGHT)
    with monkeypatch.context() as patch:
        patch.setattr(holding, "write_deliveries", _die)
        with pytest.raises(RuntimeError, match="killed"):
            release_held(now=MORNING)
    assert states() == ["held", "held"]
    assert not Notice.objects.filter(kind="digest").exists()
    assert release_held(now=MORNING) == 1
    assert states() == ["merged", "merged", "pending"]


def _die(**_given: object) -> None:
    raise RuntimeError("killed")


def test_muting_an_issue_takes_back_what_still_waits_and_says_so(world: World) -> None:
    made = sleeper(world)
    muted = publish_issue(world, on(world.first), now=NIGHT).issue
    kept = publish_issue(world, on(world.server), now=NIGHT).issue
    plan_all(now=NIGHT)
    assert made.user
    wish_for_issue(user=made.user, issue=muted, wish="mute", now=NIGHT)
    taken_back = Delivery.objects.get(notice__issue=muted)
    assert (taken_back.state, taken_back.held_until) == ("cancelled", None)
    assert taken_back.because["skipped"] == "muted"
    assert release_held(now=MORNING) == 1
    assert Delivery.objects.get(state="pending").notice.issue == kept


@pytest.mark.parametrize("how", ["left", "closed"])
def test_who_lost_the_access_meanwhile_is_not_told_in_the_morning(world: World, how: str) -> None:
    made = sleeper(world)
    for _ in range(2):
        publish_issue(world, on(world.first), now=NIGHT)
    plan_all(now=NIGHT)
    assert made.user
    if how == "left":
        Member.objects.filter(user=made.user).delete()
    else:
        made.user.is_active = False
        made.user.save()
    assert release_held(now=MORNING) == 0
    assert states() == ["cancelled", "cancelled"]
    assert {each.because["skipped"] for each in Delivery.objects.all()} == {"access_lost"}


def test_a_shared_mailbox_that_waits_for_its_digest_needs_nobody_s_access(world: World) -> None:
    made = subscribe_mailbox(world.alice, "desk@alice.example")
    Subscription.objects.filter(pk=made.pk).update(digest="hourly")
    publish_issue(world, on(world.first))
    plan_all()
    assert release_held(now=NOW + timedelta(hours=1)) == 1
