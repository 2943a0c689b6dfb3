"""Rules of the plan that only a certain case shows: one example for each."""

from __future__ import annotations

from datetime import UTC, time, timedelta
from typing import Any

import pytest

from standfast.engine.routing.entries import Action, Remark
from standfast.engine.routing.notice import Event, Notice, Subscription, Wish
from standfast.engine.routing.times import Digest, Every
from tests.engine.routing.test_plan import (
    CONTOSO,
    FILES,
    MAIL,
    MAIL_IS_DOWN,
    NIGHT,
    NOON,
    NORTHWIND,
    QUIET,
    anna,
    lines,
    needs_of,
    notice,
    plan_of,
)

DAILY = Digest(Every.DAILY, UTC)
JUST_NOW = NOON - timedelta(minutes=1)


def chain(*channels: str, **first: Any) -> list[Subscription]:
    """A person's channels in this order; ids run the other way, so that only the rank decides."""
    return [
        anna(
            id=9 - rank,
            person="anna",
            channel=channel,
            rank=rank,
            needs=needs_of(channel),
            **(first if rank == 0 else {}),
        )
        for rank, channel in enumerate(channels)
    ]


def in_order(told: Notice, channels: list[Subscription], **more: Any) -> list[Any]:
    """The lines of the plan in the person's order."""
    plan = plan_of(told, {NORTHWIND}, channels, **more)
    return sorted(lines(plan), key=lambda line: [one.channel for one in channels].index(line[0]))


def test_the_persons_order_decides_and_not_when_a_channel_was_added() -> None:
    assert in_order(notice(), chain("webpush", "email", "sms")) == [
        ("webpush", "send", (Remark.FIRST_CHOICE,), None),
        ("email", "stand_by", (Remark.NEXT_CHOICE,), 9),
        ("sms", "stand_by", (Remark.NEXT_CHOICE,), 8),
    ]


def test_an_only_channel_is_no_first_choice() -> None:
    assert in_order(notice(), chain("email")) == [("email", "send", (), None)]


def test_an_only_channel_in_doubt_is_used_and_says_so() -> None:
    said = [("email", "send", (Remark.ONLY_DOUBTFUL,), None)]
    assert in_order(notice(), chain("email"), failing=MAIL_IS_DOWN) == said


def test_beside_a_channel_in_doubt_the_first_without_a_doubt_is_told_not_just_the_next() -> None:
    no_internet = {"internet": {NORTHWIND}}
    assert in_order(notice(), chain("email", "webpush", "sms"), failing=no_internet) == [
        ("email", "send", (Remark.FIRST_CHOICE, Remark.DOUBTFUL), None),
        ("webpush", "stand_by", (Remark.NEXT_CHOICE, Remark.DOUBTFUL), 7),
        ("sms", "send", (Remark.BESIDE_DOUBTFUL,), None),
    ]


def test_of_those_that_stand_by_the_trusted_go_first() -> None:
    assert in_order(notice(), chain("webpush", "email", "sms"), failing=MAIL_IS_DOWN) == [
        ("webpush", "send", (Remark.FIRST_CHOICE,), None),
        ("email", "stand_by", (Remark.NEXT_CHOICE, Remark.DOUBTFUL), 7),
        ("sms", "stand_by", (Remark.NEXT_CHOICE,), 9),
    ]


def test_a_trusted_channel_told_always_is_enough_beside_an_order_in_doubt() -> None:
    no_internet = {"internet": {NORTHWIND}}
    always = chain("sms", "email", "webpush", always=True)
    assert in_order(notice(), always, failing=no_internet) == [
        ("sms", "send", (Remark.ALWAYS,), None),
        ("email", "send", (Remark.FIRST_CHOICE, Remark.DOUBTFUL), None),
        ("webpush", "stand_by", (Remark.NEXT_CHOICE, Remark.DOUBTFUL), 8),
    ]


def test_a_channel_told_always_says_whether_anything_else_can_be_trusted() -> None:
    mail_and_sms = chain("email", "sms", always=True)
    assert in_order(notice(), mail_and_sms, failing=MAIL_IS_DOWN)[0][2] == (
        Remark.ALWAYS,
        Remark.DOUBTFUL,
    )
    nothing = {"internet": {NORTHWIND}}
    mail_and_push = chain("email", "webpush", always=True)
    assert in_order(notice(), mail_and_push, failing=nothing)[0][2] == (
        Remark.ALWAYS,
        Remark.ONLY_DOUBTFUL,
    )


def test_an_address_of_several_tenants_is_in_doubt_when_it_fails_for_one_of_them() -> None:
    needs = needs_of("email")
    both = [anna(id=1, needs=needs), anna(id=2, tenant=CONTOSO, needs=needs)]
    plan = plan_of(notice(), {NORTHWIND, CONTOSO}, both, failing={"mail": {CONTOSO}})

    assert plan.entries[0].failing == {"mail"}


def test_for_the_providers_own_people_a_channel_is_in_doubt_when_it_fails_for_anybody() -> None:
    staff = anna(tenant=None, needs=needs_of("email"))
    (entry,) = plan_of(notice(), {NORTHWIND}, [staff], failing=MAIL_IS_DOWN).entries

    assert entry.failing == {"mail"}


def test_visitors_are_sent_no_closing_note() -> None:
    visitor = anna(tenant=None, public=True)
    plan = plan_of(notice(public=True, event=Event.RELEASED), {NORTHWIND}, [visitor])

    assert [skip.reason for skip in plan.skips] == ["not_public"]


@pytest.mark.parametrize("event", [Event.PUBLISHED, Event.RELEASED])
def test_only_an_update_waits_in_a_burst(event: Event) -> None:
    told = notice(event=event, severity="normal")
    (entry,) = plan_of(told, {NORTHWIND}, [anna(last_told=JUST_NOW)]).entries

    assert entry.action is Action.SEND


def test_what_is_followed_does_not_wait_for_a_digest_but_for_the_morning() -> None:
    follows = anna(digest=DAILY, quiet=QUIET, wish=Wish.FOLLOW)
    told = notice(severity="normal")
    (at_noon,) = plan_of(told, {NORTHWIND}, [follows]).entries
    (at_night,) = plan_of(told, {NORTHWIND}, [follows], now=NIGHT).entries

    assert (at_noon.action, at_noon.remarks) == ("send", (Remark.TOO_URGENT_FOR_DIGEST,))
    assert at_night.until == NOON + timedelta(hours=19)


def test_a_digest_is_a_digest_also_in_a_burst() -> None:
    told = notice(event=Event.UPDATED, severity="normal")
    (entry,) = plan_of(told, {NORTHWIND}, [anna(digest=DAILY, last_told=JUST_NOW)]).entries

    assert (entry.until, entry.remarks) == (NOON + timedelta(hours=20), (Remark.DIGEST,))


def test_who_wants_to_be_woken_for_what_is_critical_only_sleeps_through_what_is_high() -> None:
    quiet = type(QUIET)(time(22), time(7), UTC, breaks_at="critical")
    (high,) = plan_of(notice(), {NORTHWIND}, [anna(quiet=quiet)], now=NIGHT).entries
    told = notice(severity="critical")
    (critical,) = plan_of(told, {NORTHWIND}, [anna(quiet=quiet)], now=NIGHT).entries

    assert (high.action, critical.action) == ("hold", "send")


def test_none_of_a_long_row_stands_by_for_a_digest() -> None:
    plan = plan_of(notice(), {NORTHWIND}, chain("email", "webpush", "sms", "chat", digest=DAILY))

    assert {(one.reason, one.instead_of) for one in plan.skips} == {("told_elsewhere", 9)}
    assert len(plan.skips) == 3


def test_who_sleeps_keeps_its_next_choice() -> None:
    told = notice(severity="normal")
    found = in_order(told, chain("email", "sms", quiet=QUIET), now=NIGHT)

    assert [line[1] for line in found] == ["hold", "stand_by"]


def test_beside_a_channel_in_doubt_nothing_waits_for_a_digest_but_a_burst_does() -> None:
    (mail,) = chain("email")
    digest = anna(id=8, person="anna", channel="sms", rank=1, digest=DAILY)
    plan = plan_of(notice(), {NORTHWIND}, [mail, digest], failing=MAIL_IS_DOWN)
    assert {entry.action for entry in plan.entries} == {Action.SEND}

    told = notice(event=Event.UPDATED, severity="normal")
    lately = anna(id=8, person="anna", channel="sms", rank=1, digest=DAILY, last_told=JUST_NOW)
    plan = plan_of(told, {NORTHWIND}, [mail, lately], failing=MAIL_IS_DOWN)
    assert plan.entries[0].until == NOON + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("told", "other"),
    [
        ({"digest": DAILY}, {"tenant": None, "services": frozenset({MAIL})}),
        ({}, {"digest": DAILY, "services": frozenset({MAIL})}),
        ({"services": frozenset({MAIL, FILES})}, {}),
        ({"kinds": frozenset({"incident"})}, {}),
        ({"minimum_severity": "high"}, {}),
    ],
)
def test_of_equal_addresses_one_is_told_by_these_rules_in_turn(
    told: dict[str, Any], other: dict[str, Any]
) -> None:
    """A tenant's before the provider's, at once before a digest, then the more specific."""
    plan = plan_of(notice(), {NORTHWIND}, [anna(id=1, **other), anna(id=2, **told)])

    assert [entry.subscription.id for entry in plan.sends] == [2]


def test_a_notice_that_was_kept_is_the_same_notice() -> None:
    told = Notice(
        kind="maintenance",
        services=frozenset({MAIL, FILES}),
        severity="high",
        event=Event.RESOLVED,
        regions=frozenset({51}),
        public=True,
    )

    assert Notice.from_json(told.to_json()) == told
