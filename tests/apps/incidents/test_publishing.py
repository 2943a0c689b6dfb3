from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from standfast.apps.incidents.models import AudienceVersion, Issue, Post, Promise
from standfast.apps.incidents.queries.health import dashboard_for, history_for, issue_for
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.incidents.services.updating import post_update, reopen, resolve
from standfast.apps.tenancy.errors import Conflict, NoAccess, Refused
from standfast.apps.tenancy.models import AuditEntry, OutboxEvent
from standfast.engine.targeting import Scope
from tests.factories import NOW, SYSTEM
from tests.factories_incidents import BODY, World, make_draft, make_world, on, publish_issue

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_draft_is_seen_by_no_tenant(world: World) -> None:
    draft = make_draft(world, on(world.first))
    assert not dashboard_for(world.alice, now=NOW).incidents
    with pytest.raises(NoAccess):
        issue_for(world.alice, draft.reference, now=NOW)


def test_a_published_issue_is_seen_by_exactly_its_audience(world: World) -> None:
    post = publish_issue(world, on(world.first))
    seen = {
        tenant.slug: [each.users for each in dashboard_for(tenant, now=NOW).incidents]
        for tenant in (world.alice, world.bob, world.charlie, world.dora)
    }
    assert seen == {"alice": [214], "bob": [30], "charlie": [], "dora": []}
    view = issue_for(world.bob, post.issue.reference, now=NOW)
    assert (view.users, view.users_total, view.unclear) == (30, 100, False)
    with pytest.raises(NoAccess):
        issue_for(world.charlie, post.issue.reference, now=NOW)


def test_publishing_writes_audience_promise_outbox_and_audit(world: World) -> None:
    post = publish_issue(world, on(world.server))
    issue = Issue.objects.get(pk=post.issue_id)
    assert (issue.stage, issue.reference[:2]) == ("published", "ML")
    assert issue.next_update_by == NOW + timedelta(minutes=60)
    audience = AudienceVersion.objects.get()
    assert (audience.tenant_count, audience.user_count, audience.added_count) == (3, 319, 3)
    event = OutboxEvent.objects.get(kind="issue.published")
    assert event.payload["post_id"] == post.pk
    assert AuditEntry.objects.filter(action="issue.published", object_key=issue.reference).exists()


def test_nobody_is_published_to_by_accident(world: World) -> None:
    draft = make_draft(world, Scope())
    with pytest.raises(Refused) as refused:
        publish(issue=draft, version=None, body=BODY, by=SYSTEM, now=NOW)
    assert refused.value.field == "components"
    draft.refresh_from_db()
    assert (draft.stage, Post.objects.count(), OutboxEvent.objects.count()) == ("draft", 0, 0)


def test_two_communicators_cannot_overwrite_each_other(world: World) -> None:
    draft = make_draft(world, on(world.first))
    publish(issue=draft, version=1, body=BODY, by=SYSTEM, now=NOW)
    with pytest.raises(Conflict):
        post_update(
            issue=draft,
            version=1,
            body={"en": "Mine"},
            status="serviceDegradation",
            by=SYSTEM,
            now=LATER,
        )
    assert Post.objects.count() == 1


def test_an_update_keeps_the_promise_and_makes_the_next(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    exact = NOW + timedelta(hours=5)
    post = post_update(
        issue=issue,
        version=None,
        body=BODY,
        status="restoringService",
        next_update_by=exact,
        by=SYSTEM,
        now=LATER,
    )
    first, second = Promise.objects.order_by("id")
    assert (first.answered_at, second.due_at, post.next_update_by) == (LATER, exact, exact)
    view = issue_for(world.alice, issue.reference, now=LATER)
    assert [each.number for each in view.posts] == [2, 1]
    assert view.issue.status == "restoringService"


def test_filler_keeps_no_promise(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    post_update(
        issue=issue,
        version=None,
        body=BODY,
        status="serviceDegradation",
        kind="automatic",
        by=SYSTEM,
        now=LATER,
    )
    issue.refresh_from_db()
    assert issue.next_update_by == NOW + timedelta(minutes=60)
    assert Promise.objects.get().answered_at is None


@pytest.mark.parametrize("status", ["serviceRestored", "falsePositive"])
def test_a_resolved_issue_moves_to_history_with_its_duration(world: World, status: str) -> None:
    issue = publish_issue(world, on(world.first)).issue
    resolve(issue=issue, version=None, body=BODY, status=status, end_at=LATER, by=SYSTEM, now=LATER)
    dashboard = dashboard_for(world.alice, now=LATER)
    assert not dashboard.incidents
    assert [each.issue.status for each in dashboard.recently_resolved] == [status]
    view = issue_for(world.alice, issue.reference, now=LATER)
    assert view.duration == timedelta(minutes=50)
    assert Promise.objects.get().answered_at == LATER
    much_later = LATER + timedelta(days=10)
    assert history_for(world.alice, now=much_later, days=7) == []
    assert len(history_for(world.alice, now=much_later, days=30)) == 1
    assert history_for(world.charlie, now=LATER, days=30) == []


def test_a_closed_issue_takes_no_post_until_it_is_reopened(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    resolve(issue=issue, version=None, body=BODY, end_at=None, by=SYSTEM, now=LATER)
    with pytest.raises(Refused, match="Reopen it first"):
        post_update(
            issue=issue, version=None, body=BODY, status="investigating", by=SYSTEM, now=LATER
        )
    reopen(issue=issue, version=None, body=BODY, status="investigating", by=SYSTEM, now=LATER)
    assert len(dashboard_for(world.alice, now=LATER).incidents) == 1


def test_an_issue_told_after_the_fact_goes_straight_to_history(world: World) -> None:
    publish_issue(world, on(world.first), status="serviceRestored")
    assert not dashboard_for(world.alice, now=NOW).incidents
    assert len(history_for(world.alice, now=NOW, days=7)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": {}}, "title_en"),
        ({"title": {"en": "Bell \x07"}}, "title_en"),
        ({"user_impact": {"zh-hant": "<script>alert(1)</script>"}}, "user_impact_zh_hant"),
        ({"start_at": NOW.replace(tzinfo=None)}, "start_at"),
        ({"start_at": NOW + timedelta(days=1)}, "start_at"),
        ({"classification": "catastrophe"}, "classification"),
        ({"severity": "huge"}, "severity"),
        ({"status": "falsePositive"}, "status"),
        ({"cadence_minutes": 0}, "cadence_minutes"),
    ],
)
def test_bad_fields_are_named(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make_draft(world, on(world.first), **changes)
    assert refused.value.field == field
    assert not Issue.objects.exists()


def test_code_and_links_are_not_taken_for_html(world: World) -> None:
    text = {"en": "Run `<tool>` and read <https://status.example.test/>."}
    assert make_draft(world, on(world.first), more_info=text).more_info == text
