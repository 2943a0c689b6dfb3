from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.routing.times import Digest, Every, Quiet

TAIPEI, BERLIN = ZoneInfo("Asia/Taipei"), ZoneInfo("Europe/Berlin")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(0), timedelta(days=365)).map(lambda after: NEW_YEAR + after)
clocks = st.times()
zones = st.sampled_from([UTC, TAIPEI, BERLIN, ZoneInfo("America/St_Johns")])
quiets = st.builds(
    Quiet, start=clocks, end=clocks, zone=zones, days=st.frozensets(st.integers(0, 6))
)


def at(text: str, zone: ZoneInfo = TAIPEI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-03-02 21:59", None),
        ("2026-03-02 22:00", "2026-03-03 07:00"),
        ("2026-03-03 03:00", "2026-03-03 07:00"),
        ("2026-03-03 07:00", None),
        ("2026-03-07 03:00", "2026-03-07 07:00"),  # Saturday morning belongs to Friday's night
        ("2026-03-07 23:00", None),
    ],
)
def test_quiet_hours_run_past_midnight_on_the_persons_clock(now: str, ends: str | None) -> None:
    weekdays = Quiet(time(22), time(7), TAIPEI, days=frozenset(range(5)))

    assert weekdays.end_after(at(now)) == (at(ends) if ends else None)


def test_a_quiet_weekend_is_one_quiet_time() -> None:
    weekend = Quiet(time(0), time(0), TAIPEI, days=frozenset({5, 6}))

    assert weekend.end_after(at("2026-03-07 10:00")) == at("2026-03-09 00:00")


def test_quiet_hours_follow_the_change_of_clocks() -> None:
    """On the night of 29 March 2026 Berlin skips the hour after two."""
    quiet = Quiet(time(22), time(7), BERLIN)
    before = at("2026-03-28 23:00", BERLIN)

    ends = quiet.end_after(before)

    assert ends == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)


@given(quiets, moments)
def test_after_quiet_hours_it_is_not_quiet(quiet: Quiet, now: datetime) -> None:
    ends = quiet.end_after(now)

    if ends is not None:
        assert now < ends <= now + timedelta(days=9)
        always = quiet.start == quiet.end and len(quiet.days) == 7
        assert always or quiet.end_after(ends) is None


@pytest.mark.parametrize(
    ("digest", "due"),
    [
        (Digest(Every.HOURLY, TAIPEI), "2026-03-02 14:00"),
        (Digest(Every.DAILY, TAIPEI, at=time(14)), "2026-03-02 14:00"),
        (Digest(Every.DAILY, TAIPEI, at=time(8)), "2026-03-03 08:00"),
        (Digest(Every.DAILY, TAIPEI, at=time(13, 20)), "2026-03-03 13:20"),
        (Digest(Every.WEEKLY, TAIPEI, at=time(13, 20), day=0), "2026-03-09 13:20"),
        (Digest(Every.WEEKLY, TAIPEI, at=time(8), day=0), "2026-03-09 08:00"),
        (Digest(Every.WEEKLY, TAIPEI, at=time(8), day=4), "2026-03-06 08:00"),
    ],
)
def test_a_digest_comes_at_its_time_on_the_persons_clock(digest: Digest, due: str) -> None:
    assert digest.next_after(at("2026-03-02 13:20")) == at(due)


@pytest.mark.parametrize(
    ("zone", "due"), [("Asia/Kolkata", "14:00"), ("Asia/Kathmandu", "14:00"), ("UTC", "14:00")]
)
def test_every_full_hour_is_one_of_the_persons_clock(zone: str, due: str) -> None:
    """India is five and a half hours ahead, Nepal five and three quarters."""
    clock = ZoneInfo(zone)
    now = at("2026-03-02 13:20:30.000400", clock)

    assert Digest(Every.HOURLY, clock).next_after(now.astimezone(UTC)) == at(
        f"2026-03-02 {due}", clock
    )


def test_an_hour_that_comes_twice_has_two_digests_and_the_day_one() -> None:
    """On 25 October 2026 Berlin's clocks go back from three to two."""
    hourly = Digest(Every.HOURLY, BERLIN)
    daily = Digest(Every.DAILY, BERLIN, at=time(2, 30))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30, for the first time

    assert hourly.next_after(first) == first + timedelta(minutes=30)
    assert hourly.next_after(first + timedelta(hours=1)) == first + timedelta(minutes=90)
    assert daily.next_after(first - timedelta(minutes=1)) == first
    assert daily.next_after(first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_digest_is_due_on_the_persons_day_when_it_is_tomorrow_in_utc() -> None:
    clock = ZoneInfo("America/New_York")
    evening = at("2026-03-01 20:00", clock).astimezone(UTC)  # the second of March in UTC

    assert Digest(Every.DAILY, clock, at=time(21)).next_after(evening) == at(
        "2026-03-01 21:00", clock
    )


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # 02:30 does not exist on 29 March: it comes at 03:30.
        ("2026-03-28 12:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-03-29 12:00", datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_the_change_of_clocks_skips_comes_an_hour_later(
    now: str, due: datetime
) -> None:
    assert Digest(Every.DAILY, BERLIN, at=time(2, 30)).next_after(at(now, BERLIN)) == due


def test_a_quiet_night_is_an_hour_longer_when_the_clocks_go_back() -> None:
    quiet = Quiet(time(22), time(7), BERLIN)

    ends = quiet.end_after(at("2026-10-24 23:00", BERLIN))

    assert ends == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)


@given(st.builds(Digest, every=st.sampled_from(Every), zone=zones, at=clocks), moments)
def test_the_next_digest_is_later_but_not_by_more_than_its_rhythm(
    digest: Digest, now: datetime
) -> None:
    longest = {"hourly": timedelta(hours=1), "daily": timedelta(hours=25)}
    due = digest.next_after(now)

    assert now < due <= now + longest.get(digest.every, timedelta(days=7, hours=1))
