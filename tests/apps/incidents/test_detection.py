from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.queries.health import dashboard_for, issue_for
from standfast.apps.incidents.queries.issues import trail_of
from standfast.apps.incidents.services.detection import extend_detected
from standfast.apps.incidents.services.drafting import confirm_detected, dismiss
from standfast.apps.incidents.services.publishing import publish_detected
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import OutboxEvent
from standfast.engine.targeting import Scope
from tests.factories import NOW, SYSTEM, make_component, make_provider
from tests.factories_incidents import (
    TITLE,
    World,
    detect_issue,
    make_draft,
    make_world,
    on,
    publish_issue,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def world() -> World:
    return make_world()


def detect(world: World, **changes: Any) -> Issue:
    earlier: dict[str, Any] = {"status": "investigating", "start_at": NOW - timedelta(minutes=2)}
    return detect_issue(world, **earlier | changes)


def test_a_detected_issue_is_announced_to_the_console_and_to_no_tenant(world: World) -> None:
    issue = detect(world)
    assert (issue.stage, issue.detected_at, issue.severity) == ("detected", NOW, "high")
    assert issue.user_impact == TITLE
    event = OutboxEvent.objects.get()
    assert (event.kind, event.payload) == ("issue.detected", {"issue_id": issue.pk})
    assert not dashboard_for(world.alice, now=NOW).incidents
    with pytest.raises(NoAccess):
        issue_for(world.alice, issue.reference, now=NOW)


def test_a_start_ahead_of_our_clock_becomes_now(world: World) -> None:
    assert detect(world, start_at=NOW + timedelta(days=3)).start_at == NOW


def test_it_follows_the_cadence_of_its_service(world: World) -> None:
    world.service.cadence_minutes = 25
    post = publish_detected(issue=detect(world), by=SYSTEM, now=LATER)
    assert post.next_update_by == LATER + timedelta(minutes=25)


def test_more_alerts_widen_what_is_not_published(world: World) -> None:
    issue = detect(world)
    extend_detected(issue=issue, component_ids=[world.second.pk], by=SYSTEM, now=LATER)
    issue.refresh_from_db()
    assert Scope.from_json(issue.scope) == on(world.first, world.second)
    before = issue.version
    extend_detected(issue=issue, component_ids=[world.first.pk], by=SYSTEM, now=LATER)
    issue.refresh_from_db()
    assert issue.version == before, "nothing new, so nobody's edit is disturbed"
    assert [entry.action for entry in trail_of(issue)] == ["issue.extended", "issue.detected"]


def test_more_alerts_leave_a_published_issue_to_people(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    extend_detected(issue=issue, component_ids=[world.second.pk], by=SYSTEM, now=LATER)
    with pytest.raises(NoAccess):
        issue_for(world.charlie, issue.reference, now=LATER)
    issue.refresh_from_db()
    assert Scope.from_json(issue.scope) == on(world.first)


def test_more_alerts_do_not_narrow_an_unclear_draft(world: World) -> None:
    draft = make_draft(world, Scope(unclear=True))
    extend_detected(issue=draft, component_ids=[world.first.pk], by=SYSTEM, now=LATER)
    draft.refresh_from_db()
    assert Scope.from_json(draft.scope) == Scope(unclear=True)


def test_an_alert_cannot_add_another_providers_component(world: World) -> None:
    foreign = make_component(make_provider(), "THEIRS")
    issue = detect(world)
    with pytest.raises(Refused) as refused:
        extend_detected(issue=issue, component_ids=[foreign.pk], by=SYSTEM, now=LATER)
    assert refused.value.field == "components"
    with pytest.raises(Refused) as refused:
        detect(world, component_ids=[foreign.pk])
    assert refused.value.field == "components"


def test_a_person_confirms_and_then_it_is_a_draft(world: World) -> None:
    issue = detect(world)
    assert confirm_detected(issue=issue, by=SYSTEM, now=LATER).stage == "draft"
    with pytest.raises(Refused) as refused:
        confirm_detected(issue=issue, by=SYSTEM, now=LATER)
    assert refused.value.field == "stage"


def test_a_rule_publishes_with_words_in_both_languages(world: World) -> None:
    post = publish_detected(issue=detect(world), by=SYSTEM, now=LATER)
    assert set(post.body) == {"en", "zh-hant"}
    assert all(post.body.values())
    view = issue_for(world.alice, post.issue.reference, now=LATER)
    assert (view.posts, view.users) == ([post], 214)
    actions = [entry.action for entry in trail_of(post.issue)]
    assert actions == ["issue.published", "issue.confirmed", "issue.detected"]


def test_a_rule_that_reaches_nobody_leaves_the_issue_detected(world: World) -> None:
    empty = make_component(world.provider, "EMPTY")
    issue = detect(world, component_ids=[empty.pk])
    with pytest.raises(Refused, match="nobody would be told"):
        publish_detected(issue=issue, by=SYSTEM, now=LATER)
    issue.refresh_from_db()
    assert issue.stage == "detected"


def test_a_rule_cannot_publish_what_was_dismissed(world: World) -> None:
    issue = detect(world)
    dismiss(issue=issue, why="a drill", by=SYSTEM, now=LATER)
    confirmed = Issue.objects.get(pk=issue.pk)
    assert confirmed.stage == "dismissed"
    with pytest.raises(Refused) as refused:
        publish_detected(issue=confirmed, by=SYSTEM, now=LATER)
    assert refused.value.field == "stage"
