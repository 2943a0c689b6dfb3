from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from pyroaring import BitMap

from standfast.engine.routing.circumstances import Circumstances
from standfast.engine.routing.entries import Action, Remark, SendPlan
from standfast.engine.routing.notice import Event, Notice, Subscription, Wish
from standfast.engine.routing.plan import make_plan
from standfast.engine.routing.times import Digest, Every, Quiet

MAIL, FILES = 1, 2
NORTHWIND, CONTOSO = 10, 11
NORTH, SOUTH = 51, 52
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
NIGHT = NOON.replace(hour=23)
QUIET = Quiet(time(22), time(7), UTC)
MAIL_IS_DOWN = {"mail": {NORTHWIND}}


def needs_of(channel: str) -> frozenset[str]:
    return frozenset({"email": {"mail", "internet"}, "webpush": {"internet"}}.get(channel, ()))


def plan_of(
    told: Notice, audience: Any, wishes: list[Subscription], *, now: datetime = NOON, **more: Any
) -> SendPlan:
    return make_plan(told, audience, wishes, Circumstances(now, **more))


def notice(**changes: Any) -> Notice:
    values: dict[str, Any] = {
        "kind": "incident",
        "services": frozenset({MAIL}),
        "severity": "high",
        "event": Event.PUBLISHED,
    }
    return Notice(**values | changes)


def anna(**changes: Any) -> Subscription:
    values: dict[str, Any] = {
        "id": 1,
        "tenant": NORTHWIND,
        "channel": "email",
        "address": "anna@northwind.example",
    }
    return Subscription(**values | changes)


def test_a_tenant_in_the_audience_is_told_once() -> None:
    plan = plan_of(notice(), BitMap([NORTHWIND]), [anna()])

    (entry,) = plan.entries
    assert (entry.subscription, entry.action, entry.tenants) == (anna(), "send", (NORTHWIND,))
    assert entry.reason == "all_services"
    assert plan.skips == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tenant": CONTOSO}, "not_in_audience"),
        ({"services": frozenset({FILES})}, "service_not_chosen"),
        ({"kinds": frozenset({"advisory"})}, "kind_not_chosen"),
        ({"kinds": frozenset()}, "kind_not_chosen"),
        ({"minimum_severity": "critical"}, "below_severity"),
        ({"active": False}, "inactive"),
        ({"entitled": False}, "access_lost"),
    ],
)
def test_who_is_not_told_is_told_why(changes: dict[str, Any], reason: str) -> None:
    plan = plan_of(notice(), {NORTHWIND}, [anna(**changes)])

    assert plan.sends == ()
    assert [skip.reason for skip in plan.skips] == [reason]
    assert plan.skipped_by_reason() == {reason: 1}


@pytest.mark.parametrize(
    ("changes", "event", "reason"),
    [
        ({"services": frozenset({MAIL})}, Event.UPDATED, "service_chosen"),
        ({}, Event.RESOLVED, "all_services"),
        ({}, Event.RELEASED, "released"),
        ({"tenant": None}, Event.PUBLISHED, "provider_staff"),
    ],
)
def test_who_is_told_has_a_reason(changes: dict[str, Any], event: Event, reason: str) -> None:
    plan = plan_of(notice(event=event), {NORTHWIND}, [anna(**changes)])

    assert [send.reason for send in plan.sends] == [reason]


def test_a_closing_note_is_not_for_the_provider() -> None:
    plan = plan_of(notice(event=Event.RELEASED), {NORTHWIND}, [anna(tenant=None)])

    assert [skip.reason for skip in plan.skips] == ["not_for_staff"]


def test_the_most_specific_of_equal_addresses_is_told() -> None:
    everything = anna(id=1)
    mail_and_files = anna(id=2, services=frozenset({MAIL, FILES}))
    mail_only = anna(id=3, services=frozenset({MAIL}))
    as_staff = anna(id=4, tenant=None, services=frozenset({MAIL}))

    plan = plan_of(notice(), {NORTHWIND}, [everything, mail_and_files, mail_only, as_staff])

    assert [send.subscription for send in plan.sends] == [mail_only]
    assert [(skip.subscription.id, skip.instead_of) for skip in plan.skips] == [
        (1, 3),
        (2, 3),
        (4, 3),
    ]


def test_one_address_for_several_tenants_is_told_of_all_of_them() -> None:
    plan = plan_of(
        notice(),
        {NORTHWIND, CONTOSO},
        [anna(id=1), anna(id=2, tenant=CONTOSO), anna(id=3, tenant=9)],
    )

    assert [send.tenants for send in plan.sends] == [(NORTHWIND, CONTOSO)]
    assert [skip.reason for skip in plan.skips] == ["duplicate_of", "not_in_audience"]


def test_the_same_address_on_two_channels_is_told_twice() -> None:
    plan = plan_of(notice(), {NORTHWIND}, [anna(id=1), anna(id=2, channel="chat")])

    assert [send.channel for send in plan.sends] == ["email", "chat"]


@pytest.mark.parametrize(
    ("changes", "concerned", "is_told"),
    [
        ({"regions": frozenset({NORTH})}, frozenset({NORTH, SOUTH}), True),
        ({"regions": frozenset({NORTH})}, frozenset({SOUTH}), False),
        ({"regions": frozenset({NORTH})}, frozenset(), True),
        ({}, frozenset({SOUTH}), True),
    ],
)
def test_a_region_counts_when_both_name_one(
    changes: dict[str, Any], concerned: frozenset[int], is_told: bool
) -> None:
    plan = plan_of(notice(regions=concerned), {NORTHWIND}, [anna(**changes)])

    assert bool(plan.sends) is is_told
    assert is_told or plan.skips[0].reason == "region_not_chosen"


def test_a_followed_issue_is_told_whatever_else_was_chosen() -> None:
    picky = anna(wish=Wish.FOLLOW, services=frozenset({FILES}), minimum_severity="critical")
    plan = plan_of(notice(severity="normal"), {NORTHWIND}, [picky])

    assert [entry.reason for entry in plan.sends] == ["followed"]


def test_a_muted_issue_is_not_told_even_when_critical() -> None:
    plan = plan_of(notice(severity="critical"), {NORTHWIND}, [anna(wish=Wish.MUTE)])

    assert [entry.reason for entry in plan.skips] == ["muted"]


def test_visitors_are_told_what_is_public_once_they_have_confirmed() -> None:
    visitor = anna(tenant=None, public=True)

    assert plan_of(notice(public=True), {}, [visitor]).sends[0].reason == "visitor"
    assert plan_of(notice(), {}, [visitor]).skips[0].reason == "not_public"
    unconfirmed = anna(tenant=None, public=True, confirmed=False)
    assert plan_of(notice(public=True), {}, [unconfirmed]).skips[0].reason == "unconfirmed"


def channels_of_anna(**mail: Any) -> list[Subscription]:
    """Mail first, then push, then SMS."""
    return [
        anna(id=1, person="anna", needs=needs_of("email"), **mail),
        anna(id=2, person="anna", channel="webpush", rank=1, needs=needs_of("webpush")),
        anna(id=3, person="anna", channel="sms", rank=2, needs=frozenset({"sms"})),
    ]


def lines(plan: SendPlan) -> list[tuple[str, str, tuple[str, ...], int | None]]:
    return [(one.channel, one.action, one.remarks, one.instead_of) for one in plan.entries]


def test_the_first_channel_is_told_and_the_others_stand_by_one_after_another() -> None:
    plan = plan_of(notice(), {NORTHWIND}, channels_of_anna())

    assert lines(plan) == [
        ("email", "send", (Remark.FIRST_CHOICE,), None),
        ("webpush", "stand_by", (Remark.NEXT_CHOICE,), 1),
        ("sms", "stand_by", (Remark.NEXT_CHOICE,), 2),
    ]


def test_a_mail_outage_is_not_told_by_mail_alone() -> None:
    plan = plan_of(notice(), {NORTHWIND}, channels_of_anna(), failing=MAIL_IS_DOWN)

    assert lines(plan) == [
        ("email", "send", (Remark.FIRST_CHOICE, Remark.DOUBTFUL), None),
        ("webpush", "send", (Remark.BESIDE_DOUBTFUL,), None),
        ("sms", "stand_by", (Remark.NEXT_CHOICE,), 2),
    ]
    assert plan.entries[0].failing == {"mail"}


def test_when_everything_is_in_doubt_everything_is_used() -> None:
    everything = {"internet": {NORTHWIND}, "sms": {NORTHWIND}}
    plan = plan_of(notice(), {NORTHWIND}, channels_of_anna(), failing=everything)

    assert {entry.action for entry in plan.entries} == {Action.SEND}
    assert {entry.remarks for entry in plan.entries} == {(Remark.ONLY_DOUBTFUL,)}


def test_what_fails_for_somebody_else_is_no_reason_to_doubt() -> None:
    plan = plan_of(notice(), {NORTHWIND}, channels_of_anna(), failing={"mail": {CONTOSO}})

    assert [entry.channel for entry in plan.sends] == ["email"]


def test_a_channel_told_always_is_out_of_the_order() -> None:
    plan = plan_of(notice(), {NORTHWIND}, channels_of_anna(always=True))

    assert [entry.channel for entry in plan.sends] == ["email", "webpush"]


@pytest.mark.parametrize(
    ("severity", "action", "remark"),
    [
        ("normal", "hold", "quiet_hours"),
        ("high", "send", "breaks_quiet_hours"),
        ("critical", "send", "breaks_quiet_hours"),
    ],
)
def test_quiet_hours_hold_what_can_wait(severity: str, action: str, remark: str) -> None:
    (entry,) = plan_of(
        notice(severity=severity), {NORTHWIND}, [anna(quiet=QUIET)], now=NIGHT
    ).entries

    assert (entry.action, entry.remarks) == (action, (remark,))
    assert entry.until == (NOON + timedelta(hours=19) if action == "hold" else None)


def test_a_digest_that_falls_into_quiet_hours_comes_when_they_end() -> None:
    early = Digest(Every.DAILY, UTC, at=time(6))
    (entry,) = plan_of(
        notice(severity="normal"), {NORTHWIND}, [anna(quiet=QUIET, digest=early)]
    ).entries

    assert entry.until == NOON + timedelta(hours=19)
    assert entry.remarks == (Remark.DIGEST, Remark.QUIET_HOURS)


def test_nobody_stands_by_for_a_digest() -> None:
    daily = Digest(Every.DAILY, UTC)
    plan = plan_of(notice(), {NORTHWIND}, channels_of_anna(digest=daily))

    assert [entry.action for entry in plan.entries] == ["hold", "skip", "skip"]
    assert {(one.reason, one.instead_of) for one in plan.skips} == {("told_elsewhere", 1)}


def test_what_is_critical_does_not_wait_for_a_digest() -> None:
    daily = Digest(Every.DAILY, UTC)
    (entry,) = plan_of(notice(severity="critical"), {NORTHWIND}, [anna(digest=daily)]).entries

    assert (entry.action, entry.remarks) == ("send", (Remark.TOO_URGENT_FOR_DIGEST,))


@pytest.mark.parametrize(
    ("changes", "wishes", "waits"),
    [
        ({}, {}, True),
        ({"severity": "high"}, {}, False),
        ({"event": Event.RESOLVED}, {}, False),
        ({}, {"wish": Wish.FOLLOW}, False),
        ({}, {"program": True}, False),
        ({}, {"last_told": NOON - timedelta(minutes=2)}, False),
        ({}, {"last_told": None}, False),
    ],
)
def test_a_second_update_within_minutes_waits(
    changes: dict[str, Any], wishes: dict[str, Any], waits: bool
) -> None:
    update = notice(**{"severity": "normal", "event": Event.UPDATED} | changes)
    told_before = {"last_told": NOON - timedelta(minutes=1)} | wishes
    (entry,) = plan_of(update, {NORTHWIND}, [anna(**told_before)]).entries

    assert (entry.until == NOON + timedelta(minutes=1)) is waits
    assert (entry.action is Action.HOLD) is waits
