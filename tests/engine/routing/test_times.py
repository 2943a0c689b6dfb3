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
        (Digest(Every.WEEKLY, TAIPEI, at=time(8), day=0), "2026-03-09 08:00"),
        (Digest(Every.WEEKLY, TAIPEI, at=time(8), day=4), "2026-03-06 08:00"),
    ],
)
def test_a_digest_comes_at_its_time_on_the_persons_clock(digest: Digest, due: str) -> None:
    assert digest.next_after(at("2026-03-02 13:20")) == at(due)


@given(st.builds(Digest, every=st.sampled_from(Every), zone=zones, at=clocks), moments)
def test_the_next_digest_is_later_but_not_by_more_than_its_rhythm(
    digest: Digest, now: datetime
) -> None:
    longest = {"hourly": timedelta(hours=1), "daily": timedelta(hours=25)}
    due = digest.next_after(now)

    assert now < due <= now + longest.get(digest.every, timedelta(days=7, hours=1))
