from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from standfast.engine.health.severity import Severity, at_least
from standfast.engine.routing.keys import idempotency_key
from standfast.engine.routing.notice import Event, Notice, Subscription
from standfast.engine.routing.plan import Send, SkipReason, make_plan

MAIL, FILES = 1, 2
NORTHWIND, CONTOSO = 10, 11

tenants = st.integers(0, 5)
services = st.integers(1, 4)
notices = st.builds(
    Notice,
    kind=st.sampled_from(["incident", "advisory"]),
    service=services,
    severity=st.sampled_from([severity.value for severity in Severity]),
    event=st.sampled_from(Event),
)
subscriptions = st.lists(
    st.builds(
        Subscription,
        id=st.integers(1, 1000),
        tenant=st.none() | tenants,
        channel=st.sampled_from(["email", "webhook"]),
        address=st.sampled_from(["anna", "bo", "cleo"]),
        services=st.frozensets(services, max_size=3),
        kinds=st.frozensets(st.sampled_from(["incident", "advisory"])),
        minimum_severity=st.sampled_from([severity.value for severity in Severity]),
        active=st.booleans(),
    ),
    unique_by=lambda subscription: subscription.id,
    max_size=12,
)


def notice(**changes: Any) -> Notice:
    values: dict[str, Any] = {
        "kind": "incident",
        "service": MAIL,
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
    plan = make_plan(notice(), BitMap([NORTHWIND]), [anna()])

    assert plan.sends == (Send(anna(), "email", plan.sends[0].reason, (NORTHWIND,)),)
    assert plan.sends[0].reason == "all_services"
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
    ],
)
def test_who_is_not_told_is_told_why(changes: dict[str, Any], reason: str) -> None:
    plan = make_plan(notice(), {NORTHWIND}, [anna(**changes)])

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
    plan = make_plan(notice(event=event), {NORTHWIND}, [anna(**changes)])

    assert [send.reason for send in plan.sends] == [reason]


def test_a_closing_note_is_not_for_the_provider() -> None:
    plan = make_plan(notice(event=Event.RELEASED), {NORTHWIND}, [anna(tenant=None)])

    assert [skip.reason for skip in plan.skips] == ["not_for_staff"]


def test_the_most_specific_of_equal_addresses_is_told() -> None:
    everything = anna(id=1)
    mail_and_files = anna(id=2, services=frozenset({MAIL, FILES}))
    mail_only = anna(id=3, services=frozenset({MAIL}))
    as_staff = anna(id=4, tenant=None, services=frozenset({MAIL}))

    plan = make_plan(notice(), {NORTHWIND}, [everything, mail_and_files, mail_only, as_staff])

    assert [send.subscription for send in plan.sends] == [mail_only]
    assert [(skip.subscription.id, skip.duplicate_of) for skip in plan.skips] == [
        (1, 3),
        (2, 3),
        (4, 3),
    ]


def test_one_address_for_several_tenants_is_told_of_all_of_them() -> None:
    plan = make_plan(
        notice(),
        {NORTHWIND, CONTOSO},
        [anna(id=1), anna(id=2, tenant=CONTOSO), anna(id=3, tenant=9)],
    )

    assert [send.tenants for send in plan.sends] == [(NORTHWIND, CONTOSO)]
    assert [skip.reason for skip in plan.skips] == ["duplicate_of", "not_in_audience"]


def test_the_same_address_on_two_channels_is_told_twice() -> None:
    plan = make_plan(notice(), {NORTHWIND}, [anna(id=1), anna(id=2, channel="chat")])

    assert [send.channel for send in plan.sends] == ["email", "chat"]


@given(notices, st.sets(tenants), subscriptions)
def test_nothing_is_lost_and_nothing_is_doubled(
    told: Notice, audience: set[int], wishes: list[Subscription]
) -> None:
    plan = make_plan(told, BitMap(audience), wishes)
    planned = [send.subscription.id for send in plan.sends] + [
        skip.subscription.id for skip in plan.skips
    ]

    assert sorted(planned) == sorted(wish.id for wish in wishes)
    places = [(send.channel, send.subscription.address) for send in plan.sends]
    assert len(places) == len(set(places))


@given(notices, st.sets(tenants), subscriptions)
def test_nobody_outside_the_audience_is_told(
    told: Notice, audience: set[int], wishes: list[Subscription]
) -> None:
    for send in make_plan(told, audience, wishes).sends:
        wish = send.subscription
        assert wish.tenant is None or wish.tenant in audience
        assert set(send.tenants) <= audience
        assert wish.active
        assert told.kind in wish.kinds
        assert not wish.services or told.service in wish.services
        assert at_least(told.severity, wish.minimum_severity)


@given(notices, st.sets(tenants), subscriptions)
def test_a_duplicate_names_somebody_who_is_told_at_the_same_address(
    told: Notice, audience: set[int], wishes: list[Subscription]
) -> None:
    plan = make_plan(told, audience, wishes)
    told_by_id = {send.subscription.id: send for send in plan.sends}

    for skip in plan.skips:
        assert (skip.duplicate_of is not None) == (skip.reason is SkipReason.DUPLICATE_OF)
        if skip.duplicate_of is not None:
            send = told_by_id[skip.duplicate_of]
            assert send.subscription.address == skip.subscription.address
            assert send.channel == skip.subscription.channel
            assert skip.subscription.tenant is None or skip.subscription.tenant in send.tenants


@given(notices, st.sets(tenants), subscriptions, st.randoms(use_true_random=False))
def test_the_order_of_subscriptions_does_not_matter(
    told: Notice, audience: set[int], wishes: list[Subscription], random: Any
) -> None:
    shuffled = random.sample(wishes, len(wishes))

    assert make_plan(told, audience, wishes) == make_plan(told, audience, shuffled)


@given(notices, subscriptions)
def test_an_empty_audience_reaches_the_provider_only(
    told: Notice, wishes: list[Subscription]
) -> None:
    plan = make_plan(told, BitMap(), wishes)

    assert all(send.subscription.tenant is None for send in plan.sends)


ids = st.integers(1, 10**12)


@given(ids, ids, ids, ids)
def test_keys_differ_exactly_when_deliveries_differ(a: int, b: int, c: int, d: int) -> None:
    keys = {idempotency_key(a, b, "email"), idempotency_key(c, d, "email")}

    assert (len(keys) == 1) == ((a, b) == (c, d))
    assert idempotency_key(a, b, "email") != idempotency_key(a, b, "webhook")


@pytest.mark.parametrize(
    ("post", "channel"), [("1-2", "email"), (1, "e mail"), ("", "email"), ("x" * 80, "email")]
)
def test_a_key_that_could_be_mistaken_is_refused(post: int | str, channel: str) -> None:
    with pytest.raises(ValueError, match="key"):
        idempotency_key(post, 1, channel)
