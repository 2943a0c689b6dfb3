from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.health.lifecycle import (
    FIRST,
    REOPENED,
    STAGES,
    STATUSES,
    Stage,
    TransitionRefused,
    allowed_next,
    check_first,
    check_stage,
    check_transition,
    stage_of,
)
from standfast.engine.health.status import OF_ISSUES, OPEN, RESERVED, RESOLVED, Status, is_resolved

issue_statuses = st.sampled_from(sorted(OF_ISSUES))


def test_the_table_covers_exactly_the_statuses_of_issues() -> None:
    assert set(STATUSES) == OF_ISSUES
    assert set().union(*STATUSES.values()) <= OF_ISSUES
    assert set(STAGES) == set(Stage)


def test_every_status_is_reached_from_a_first_status() -> None:
    reached = set(FIRST)
    while more := set().union(*(STATUSES[status] for status in reached)) - reached:
        reached |= more

    assert reached == OF_ISSUES


def test_every_stage_is_reached_from_detected() -> None:
    reached = {Stage.DETECTED}
    while more := set().union(*(STAGES[stage] for stage in reached)) - reached:
        reached |= more

    assert reached == set(Stage)


@given(issue_statuses)
def test_every_open_issue_can_be_restored_in_one_step(status: Status) -> None:
    if not is_resolved(status):
        assert check_transition(status, "serviceRestored") is Status.SERVICE_RESTORED


@given(issue_statuses)
def test_a_post_may_keep_the_status_of_an_open_issue_only(status: Status) -> None:
    assert (status in allowed_next(status)) == (status in OPEN)


@given(issue_statuses, st.sampled_from(Status), st.booleans())
def test_the_check_agrees_with_the_table_and_says_what_is_allowed(
    current: Status, new: Status, reopen: bool
) -> None:
    if new in allowed_next(current, reopen=reopen):
        assert check_transition(current, new, reopen=reopen) is new
    else:
        with pytest.raises(TransitionRefused) as refusal:
            check_transition(current, new, reopen=reopen)
        assert refusal.value.field in {"status", "reopen"}
        assert "%(" not in refusal.value.message
        assert refusal.value.template % refusal.value.params == refusal.value.message


@given(issue_statuses, issue_statuses)
def test_a_closed_issue_opens_again_only_explicitly(current: Status, new: Status) -> None:
    if is_resolved(current) and not is_resolved(new):
        with pytest.raises(TransitionRefused, match="reopen"):
            check_transition(current, new)
        assert (new in allowed_next(current, reopen=True)) == (new in REOPENED)


def test_an_open_issue_cannot_be_reopened() -> None:
    with pytest.raises(TransitionRefused, match="nothing to reopen") as refusal:
        check_transition("investigating", "serviceDegradation", reopen=True)

    assert refusal.value.field == "reopen"


def test_a_problem_that_was_being_fixed_is_no_false_positive() -> None:
    assert check_transition("investigating", "falsePositive") == "falsePositive"
    for current in ("restoringService", "extendedRecovery", "verifyingService"):
        with pytest.raises(TransitionRefused, match="was real"):
            check_transition(current, "falsePositive")


def test_an_extended_recovery_needs_a_confirmed_problem_and_is_not_the_end() -> None:
    assert check_transition("restoringService", "extendedRecovery") == "extendedRecovery"
    assert stage_of("extendedRecovery") is Stage.PUBLISHED
    assert stage_of("falsePositive") is Stage.RESOLVED
    with pytest.raises(TransitionRefused, match="cannot follow investigating"):
        check_transition("investigating", "extendedRecovery")


def test_a_review_is_published_after_restoration_only() -> None:
    assert check_transition("serviceRestored", "postIncidentReviewPublished")
    with pytest.raises(TransitionRefused, match="after serviceRestored only"):
        check_transition("serviceDegradation", "postIncidentReviewPublished")
    with pytest.raises(TransitionRefused, match="closed"):
        check_transition("falsePositive", "postIncidentReviewPublished")


@pytest.mark.parametrize("status", sorted({*RESERVED, "serviceOperational", "onFire"}))
def test_what_an_issue_cannot_have_is_refused(status: str) -> None:
    with pytest.raises(TransitionRefused, match="not a status of an issue"):
        check_transition("investigating", status)
    with pytest.raises(TransitionRefused, match="not a status of an issue"):
        check_first(status)


def test_a_new_issue_is_open_or_told_after_the_fact() -> None:
    assert check_first("serviceRestored")
    assert check_first("investigating")
    with pytest.raises(TransitionRefused, match="cannot start with falsePositive"):
        check_first("falsePositive")


def test_a_detected_issue_is_confirmed_published_or_dismissed() -> None:
    assert check_stage("detected", "draft") is Stage.DRAFT
    assert check_stage("detected", "published") is Stage.PUBLISHED
    assert check_stage("detected", "dismissed") is Stage.DISMISSED
    with pytest.raises(TransitionRefused, match="can become dismissed, draft, published") as error:
        check_stage("detected", "resolved")
    assert error.value.field == "stage"


def test_what_tenants_saw_is_never_dismissed() -> None:
    for stage in ("published", "resolved"):
        with pytest.raises(TransitionRefused):
            check_stage(stage, "dismissed")


def test_the_stage_follows_the_status() -> None:
    assert all(stage_of(status) is Stage.RESOLVED for status in RESOLVED)
    assert all(stage_of(status) is Stage.PUBLISHED for status in OPEN)
