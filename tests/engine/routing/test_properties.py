"""What holds for every send plan, whatever people chose and whatever fails."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from standfast.engine.health.severity import Severity, at_least
from standfast.engine.routing.circumstances import Circumstances
from standfast.engine.routing.entries import Action, Remark, SkipReason
from standfast.engine.routing.notice import Event, Notice, Subscription, Wish
from standfast.engine.routing.plan import make_plan
from standfast.engine.routing.times import Digest, Every, Quiet

NORTH, SOUTH = 51, 52

tenants = st.integers(0, 5)
services = st.frozensets(st.integers(1, 4), max_size=2)
severities = st.sampled_from([severity.value for severity in Severity])
notices = st.builds(
    Notice,
    kind=st.sampled_from(["incident", "advisory", "maintenance"]),
    services=services,
    severity=severities,
    event=st.sampled_from(Event),
    regions=st.frozensets(st.sampled_from([NORTH, SOUTH]), max_size=2),
    public=st.booleans(),
)
clocks = st.times(min_value=time(0), max_value=time(23, 59)).map(lambda it: it.replace(second=0))
quiets = st.builds(
    Quiet,
    start=clocks,
    end=clocks,
    zone=st.sampled_from([UTC, ZoneInfo("Asia/Taipei"), ZoneInfo("Europe/Berlin")]),
    days=st.frozensets(st.integers(0, 6)),
    breaks_at=severities,
)
digests = st.builds(
    Digest,
    every=st.sampled_from(Every),
    zone=st.sampled_from([UTC, ZoneInfo("America/New_York")]),
    at=clocks,
    day=st.integers(0, 6),
)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(0), timedelta(days=365)).map(lambda after: NEW_YEAR + after)


def needs_of(channel: str) -> frozenset[str]:
    return frozenset({"email": {"mail", "internet"}, "webpush": {"internet"}}.get(channel, ()))


@st.composite
def wishes_of_people(draw: st.DrawFn) -> list[Subscription]:
    """Subscriptions as the application makes them: a person is of one tenant."""
    made = []
    for id_ in draw(st.lists(st.integers(1, 1000), unique=True, max_size=12)):
        tenant = draw(st.none() | tenants)
        channel = draw(st.sampled_from(["email", "webpush", "sms", "webhook"]))
        is_person = channel != "webhook" and draw(st.booleans())
        made.append(
            Subscription(
                id=id_,
                tenant=tenant,
                channel=channel,
                address=draw(st.sampled_from(["anna", "bo", "cleo"])),
                services=draw(services),
                regions=draw(st.frozensets(st.sampled_from([NORTH, SOUTH]), max_size=1)),
                kinds=draw(st.frozensets(st.sampled_from(["incident", "advisory"]))),
                minimum_severity=draw(severities),
                active=draw(st.booleans()),
                confirmed=draw(st.booleans()),
                public=tenant is None and not is_person and draw(st.booleans()),
                person=f"{tenant}-{draw(st.integers(1, 2))}" if is_person else "",
                rank=draw(st.integers(0, 2)),
                always=draw(st.booleans()),
                program=channel == "webhook",
                needs=needs_of(channel),
                digest=draw(st.none() | digests),
                quiet=draw(st.none() | quiets),
                wish=draw(st.sampled_from(Wish)) if is_person else Wish.NONE,
                last_told=draw(st.none() | moments),
            )
        )
    return made


subscriptions = wishes_of_people()
circumstances = st.builds(
    Circumstances,
    now=moments,
    failing=st.dictionaries(
        st.sampled_from(["mail", "internet", "sms"]), st.sets(tenants), max_size=2
    ),
)


@given(notices, st.sets(tenants), subscriptions, circumstances)
def test_every_subscription_has_exactly_one_entry_and_no_address_two_messages(
    told: Notice, audience: set[int], wishes: list[Subscription], around: Circumstances
) -> None:
    plan = make_plan(told, BitMap(audience), wishes, around)

    assert [one.subscription.id for one in plan.entries] == sorted(wish.id for wish in wishes)
    told_now = plan.of(Action.SEND, Action.HOLD, Action.STAND_BY)
    places = [(one.channel, one.subscription.address) for one in told_now]
    assert len(places) == len(set(places))


@given(notices, st.sets(tenants), subscriptions, circumstances)
def test_nobody_is_told_who_is_not_meant(
    told: Notice, audience: set[int], wishes: list[Subscription], around: Circumstances
) -> None:
    plan = make_plan(told, audience, wishes, around)
    for entry in plan.of(Action.SEND, Action.HOLD, Action.STAND_BY):
        wish = entry.subscription
        assert wish.active
        assert wish.confirmed
        assert wish.wish is not Wish.MUTE
        assert wish.tenant is None or wish.tenant in audience
        assert set(entry.tenants) <= audience
        assert not wish.public or told.public
        if wish.wish is Wish.NONE:
            assert told.kind in wish.kinds
            assert at_least(told.severity, wish.minimum_severity)
            assert not wish.services or not told.services or wish.services & told.services
            assert not wish.regions or not told.regions or wish.regions & told.regions


@given(notices, st.sets(tenants), subscriptions, circumstances)
def test_whoever_is_left_out_for_another_points_at_somebody_told(
    told: Notice, audience: set[int], wishes: list[Subscription], around: Circumstances
) -> None:
    plan = make_plan(told, audience, wishes, around)
    by_id = {entry.subscription.id: entry for entry in plan.entries}

    for entry in plan.entries:
        stands_back = entry.action is Action.STAND_BY or entry.reason in {
            SkipReason.DUPLICATE_OF,
            SkipReason.TOLD_ELSEWHERE,
        }
        assert (entry.instead_of is not None) == stands_back
        if entry.instead_of is None:
            continue
        other = by_id[entry.instead_of]
        if entry.reason is SkipReason.DUPLICATE_OF:
            assert other.subscription.address == entry.subscription.address
            assert other.channel == entry.channel
            assert other.action is not Action.SKIP or other.reason is SkipReason.TOLD_ELSEWHERE
        else:
            assert other.subscription.person == entry.subscription.person
            assert other.action is not Action.SKIP


@given(notices, st.sets(tenants), subscriptions, circumstances)
def test_a_person_who_wants_it_is_told_and_not_by_a_channel_in_doubt_alone(
    told: Notice, audience: set[int], wishes: list[Subscription], around: Circumstances
) -> None:
    plan = make_plan(told, audience, wishes, around)
    by_person: dict[str, list[Any]] = {}
    for entry in plan.of(Action.SEND, Action.HOLD, Action.STAND_BY):
        if entry.subscription.person:
            by_person.setdefault(entry.subscription.person, []).append(entry)

    for entries in by_person.values():
        used = [entry for entry in entries if entry.action is not Action.STAND_BY]
        assert used
        if any(not entry.failing for entry in entries):
            assert any(not entry.failing for entry in used)
        else:
            assert len(used) == len(entries)
            assert all(Remark.ONLY_DOUBTFUL in entry.remarks for entry in used)


@given(notices, st.sets(tenants), subscriptions, circumstances)
def test_what_is_critical_is_never_held_and_what_is_held_has_a_time_and_a_cause(
    told: Notice, audience: set[int], wishes: list[Subscription], around: Circumstances
) -> None:
    for entry in make_plan(told, audience, wishes, around).entries:
        assert (entry.until is not None) == (entry.action is Action.HOLD)
        if entry.until is not None:
            assert told.severity != "critical"
            assert entry.until > around.now
            assert not entry.subscription.program
            assert {Remark.QUIET_HOURS, Remark.DIGEST, Remark.BURST} & set(entry.remarks)


@given(notices, st.sets(tenants), subscriptions, circumstances, st.randoms(use_true_random=False))
def test_the_order_of_subscriptions_does_not_matter(
    told: Notice,
    audience: set[int],
    wishes: list[Subscription],
    around: Circumstances,
    random: Any,
) -> None:
    shuffled = random.sample(wishes, len(wishes))

    assert make_plan(told, audience, wishes, around) == make_plan(told, audience, shuffled, around)
