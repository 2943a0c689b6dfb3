from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.health.refusal import Refused
from standfast.engine.health.severity import (
    Severity,
    at_least,
    parse_classification,
    parse_severity,
    severity_rank,
)
from standfast.engine.health.status import (
    EMITTED,
    OPEN,
    RESERVED,
    RESOLVED,
    Status,
    parse_status,
    rank,
    roll_up,
    worst,
)

statuses = st.sampled_from(Status)


def test_the_order_is_that_of_the_reference() -> None:
    unresolved = sorted(OPEN, key=rank, reverse=True)

    assert [status.value for status in unresolved] == [
        "serviceInterruption",
        "serviceDegradation",
        "extendedRecovery",
        "restoringService",
        "verifyingService",
        "investigating",
        "investigationSuspended",
    ]


def test_the_order_is_total() -> None:
    assert len({rank(status) for status in Status}) == len(Status)
    assert min(Status, key=rank) is Status.SERVICE_OPERATIONAL


def test_emitted_and_reserved_share_nothing_and_leave_nothing_out() -> None:
    assert not EMITTED & RESERVED
    assert set(Status) == EMITTED | RESERVED


def test_every_resolved_status_is_better_than_every_open_one() -> None:
    assert max(map(rank, RESOLVED)) < min(map(rank, OPEN))


def test_a_service_without_issues_is_operational() -> None:
    assert roll_up([]) is Status.SERVICE_OPERATIONAL
    assert roll_up(["serviceRestored", "falsePositive"]) is Status.SERVICE_OPERATIONAL


def test_a_service_shows_its_worst_open_issue() -> None:
    assert roll_up(["investigating", "serviceDegradation", "serviceRestored"]) == (
        "serviceDegradation"
    )


@given(st.lists(statuses))
def test_the_roll_up_is_open_or_operational_and_never_reserved(issues: list[Status]) -> None:
    overview = roll_up(issues)

    assert overview in OPEN | {Status.SERVICE_OPERATIONAL}
    harmless = RESOLVED | {Status.SERVICE_OPERATIONAL}
    assert (overview is Status.SERVICE_OPERATIONAL) == (set(issues) <= harmless)


@given(st.lists(statuses), statuses)
def test_one_more_issue_never_makes_a_service_look_better(
    issues: list[Status], another: Status
) -> None:
    assert rank(roll_up([*issues, another])) >= rank(roll_up(issues))


@given(st.permutations(list(Status)))
def test_the_order_of_issues_does_not_matter(issues: list[Status]) -> None:
    assert worst(issues) is Status.SERVICE_INTERRUPTION
    assert roll_up(issues) is Status.SERVICE_INTERRUPTION


@given(st.lists(statuses), st.lists(statuses))
def test_rolling_up_in_parts_gives_the_same(left: list[Status], right: list[Status]) -> None:
    assert roll_up([roll_up(left), roll_up(right)]) is roll_up(left + right)


@given(statuses)
def test_a_status_is_read_in_any_case(status: Status) -> None:
    assert parse_status(status.upper()) is status
    assert parse_status(status.value) is status


def test_an_unknown_status_is_refused_with_what_is_known() -> None:
    with pytest.raises(Refused, match="serviceInterruption, serviceDegradation") as refusal:
        parse_status("on fire")

    assert refusal.value.field == "status"
    assert "reported" not in refusal.value.message


def test_severities_are_ordered() -> None:
    assert sorted(Severity, key=severity_rank) == ["normal", "high", "critical"]
    assert at_least("critical", "high")
    assert at_least("high", "high")
    assert not at_least("normal", "high")


def test_severity_and_classification_are_read_in_any_case() -> None:
    assert parse_severity("Critical") == "critical"
    assert parse_classification("Advisory") == "advisory"


def test_unknown_severity_and_classification_name_their_field() -> None:
    with pytest.raises(Refused, match=r"rule: .*normal, high, critical"):
        parse_severity("warning", field="rule")
    with pytest.raises(Refused, match=r"classification: .*incident, advisory"):
        parse_classification("drama")
