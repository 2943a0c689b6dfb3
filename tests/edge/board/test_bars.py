"""Bars that are joined from thirds say what a plain look at each day says."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.edge.board import bars
from standfast.edge.board.bars import BAR_DAYS, Bars
from standfast.edge.board.issues import Mark
from standfast.engine.health.days import AS_BAR, CALM
from standfast.engine.health.status import Status, rank

TODAY = date(2026, 11, 26)
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
days = st.sets(st.integers(0, BAR_DAYS - 1))
marks = st.builds(
    lambda status, ago: Mark(b'"A1"', status.value, NOON - timedelta(days=ago)),
    st.sampled_from([Status.INVESTIGATING, Status.SERVICE_DEGRADATION, Status.RESTORING_SERVICE]),
    st.integers(0, 40),
)


def bits(places: set[int]) -> int:
    return sum(1 << place for place in places)


@given(incidents=days, advisories=days, issues=st.lists(marks, max_size=3))
def test_each_day_shows_its_worst(
    incidents: set[int], advisories: set[int], issues: list[Mark]
) -> None:
    found = Bars(TODAY)
    text = found.text(found.open_days(issues), bits(incidents) | bits(advisories) << 32)
    expected = []
    for place in range(BAR_DAYS):
        day = TODAY - timedelta(days=BAR_DAYS - 1 - place)
        statuses = [CALM, *(each.status for each in issues if each.start.date() <= day)]
        statuses += [AS_BAR["incident"]] * (place in incidents)
        statuses += [AS_BAR["advisory"]] * (place in advisories)
        expected.append({"day": day.isoformat(), "status": max(statuses, key=rank)})
    assert json.loads(b"[%b]" % text) == expected


def test_there_is_room_for_so_many_thirds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bars, "MOST_THIRDS", 4)
    found = Bars(TODAY)
    calm = found.open_days(())
    first = [found.text(calm, 1 << place) for place in range(BAR_DAYS)]
    assert [found.text(calm, 1 << place) for place in range(BAR_DAYS)] == first
    assert len(set(first)) == BAR_DAYS
    assert len(found._kept) <= 4
