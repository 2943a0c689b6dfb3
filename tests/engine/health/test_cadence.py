from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from standfast.engine.health.cadence import (
    DEFAULT_CADENCE,
    LONGEST,
    CadenceRefused,
    Promised,
    answered_at,
    kept,
    next_check,
    next_update_by,
    on_time_rate,
    promise_state,
    standing,
)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

times = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(2027, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
warnings = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=1))
promises = st.builds(Promised, due_at=times, answered_at=st.none() | times)


def test_the_next_update_is_one_cadence_away() -> None:
    assert next_update_by(NOON, DEFAULT_CADENCE, None) == NOON + timedelta(hours=1)


def test_an_exact_time_wins_over_the_cadence() -> None:
    exact = NOON + 25 * MINUTE

    assert next_update_by(NOON, DEFAULT_CADENCE, exact) == exact


def test_nothing_is_promised_without_cadence_and_time() -> None:
    assert next_update_by(NOON, None, None) is None


@pytest.mark.parametrize(
    ("exact", "problem"),
    [
        (NOON, "future"),
        (NOON - MINUTE, "future"),
        (NOON + LONGEST + MINUTE, "within 14 days"),
        (datetime(2026, 3, 1, 13, 0), "zone"),  # noqa: DTZ001 - the case under test
    ],
)
def test_an_impossible_time_names_its_field(exact: datetime, problem: str) -> None:
    with pytest.raises(CadenceRefused, match=problem) as refusal:
        next_update_by(NOON, None, exact)

    assert refusal.value.field == "next_update_by"


@pytest.mark.parametrize("cadence", [timedelta(0), -MINUTE, LONGEST + MINUTE])
def test_an_impossible_cadence_names_its_field(cadence: timedelta) -> None:
    with pytest.raises(CadenceRefused, match="between 1 minute and 14 days") as refusal:
        next_update_by(NOON, cadence, None)

    assert refusal.value.field == "cadence"


def test_a_promise_goes_from_on_track_over_due_soon_to_overdue() -> None:
    due_at = NOON + 60 * MINUTE

    assert promise_state(due_at, NOON) == "on_track"
    assert promise_state(due_at, NOON + 45 * MINUTE) == "due_soon"
    assert promise_state(due_at, due_at) == "due_soon"
    assert promise_state(due_at, due_at + timedelta(microseconds=1)) == "overdue"


def test_the_standing_says_how_long_and_until_when() -> None:
    due_at = NOON + 60 * MINUTE

    assert standing(due_at, NOON).changes_at == NOON + 45 * MINUTE
    assert standing(due_at, NOON + 50 * MINUTE).changes_at == due_at
    late = standing(due_at, due_at + 5 * MINUTE)
    assert (late.state, late.remaining, late.changes_at) == ("overdue", -5 * MINUTE, None)


@given(times, times, warnings)
def test_no_promise_is_both_kept_and_overdue(
    due_at: datetime, at: datetime, warning: timedelta
) -> None:
    assert kept(due_at, at) != (promise_state(due_at, at, warning) == "overdue")


@given(times, times, times, warnings)
def test_a_promise_never_improves_with_time(
    due_at: datetime, one: datetime, other: datetime, warning: timedelta
) -> None:
    order = ["on_track", "due_soon", "overdue"]
    first, second = sorted((one, other))

    assert order.index(promise_state(due_at, first, warning)) <= order.index(
        promise_state(due_at, second, warning)
    )


@given(st.lists(times, max_size=6), times, warnings)
def test_nothing_changes_before_the_next_check(
    due_ats: list[datetime], now: datetime, warning: timedelta
) -> None:
    check_at = next_check(due_ats, now, warning)
    just_before = (check_at or datetime(2028, 1, 1, tzinfo=UTC)) - timedelta(microseconds=1)
    assume(just_before > now)

    for due_at in due_ats:
        if due_at != now:  # at the due time itself it is still kept; right after it is late
            assert promise_state(due_at, just_before, warning) == promise_state(
                due_at, now, warning
            )


def test_no_check_is_needed_when_all_is_late() -> None:
    assert next_check([NOON - MINUTE], NOON) is None
    assert next_check([], NOON) is None


def test_filler_and_closing_notes_keep_no_promise() -> None:
    filler = [(NOON + 10 * MINUTE, "automatic"), (NOON + 20 * MINUTE, "closing")]

    assert answered_at(NOON, filler) is None
    assert answered_at(NOON, [*filler, (NOON + 30 * MINUTE, "regular")]) == NOON + 30 * MINUTE


def test_the_resolution_answers_the_last_promise() -> None:
    assert answered_at(NOON, [], NOON + 30 * MINUTE) == NOON + 30 * MINUTE
    assert kept(NOON + 60 * MINUTE, answered_at(NOON, [], NOON + 60 * MINUTE))


def test_what_came_before_the_promise_does_not_answer_it() -> None:
    assert answered_at(NOON, [(NOON - MINUTE, "regular"), (NOON, "regular")]) is None


def test_a_promise_that_is_not_yet_due_does_not_count() -> None:
    result = on_time_rate(
        [
            Promised(NOON, NOON - MINUTE),
            Promised(NOON, NOON),
            Promised(NOON, NOON + MINUTE),
            Promised(NOON - MINUTE),
            Promised(NOON + MINUTE),
        ],
        NOON,
    )

    assert (result.kept, result.missed, result.open, result.rate) == (2, 2, 1, 0.5)


def test_no_rate_is_better_than_an_invented_one() -> None:
    assert on_time_rate([], NOON).rate is None
    assert on_time_rate([Promised(NOON + MINUTE)], NOON).rate is None


@given(st.lists(promises), times)
def test_every_promise_is_counted_once(made: list[Promised], now: datetime) -> None:
    result = on_time_rate(made, now)

    assert result.kept + result.missed + result.open == len(made)
    assert result.rate is None or 0 <= result.rate <= 1
