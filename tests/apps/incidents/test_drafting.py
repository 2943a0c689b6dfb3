from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from standfast.apps.catalog.services.changes import append_changes, component_change
from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.queries.issues import trail_of
from standfast.apps.incidents.services.audiences import change_audience, closing_words
from standfast.apps.incidents.services.drafting import (
    dismiss,
    reopen_dismissed,
    set_scope,
    update_draft,
)
from standfast.apps.incidents.services.fields import fields_of
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.incidents.services.updating import post_update, reopen, resolve
from standfast.apps.tenancy.errors import Conflict, Refused
from standfast.engine.targeting import Scope
from tests.factories import (
    NOW,
    SYSTEM,
    make_component,
    make_feature,
    make_provider,
    make_service,
)
from tests.factories_incidents import BODY, World, make_draft, make_world, on, publish_issue

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
ISSUE_CHANGES: dict[str, Callable[..., Any]] = {
    "update": partial(post_update, status="restoringService"),
    "quick": partial(post_update, status="restoringService", kind="quick"),
    "audience": partial(change_audience, scope=Scope(unclear=True), why="it grows"),
}


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_draft_is_edited_and_the_trail_says_what_changed(world: World) -> None:
    draft = make_draft(world, on(world.first))
    fields = replace(fields_of(draft), title={"en": "Mail is down"}, severity="critical")
    update_draft(issue=draft, version=1, fields=fields, by=SYSTEM, now=LATER)
    draft.refresh_from_db()
    assert (draft.title, draft.severity, draft.version) == ({"en": "Mail is down"}, "critical", 2)
    details = trail_of(draft)[0].details
    assert details["changed"] == {"title": {"en": "Mail is down"}, "severity": "critical"}


def test_the_second_of_two_editors_is_told(world: World) -> None:
    draft = make_draft(world, on(world.first))
    set_scope(issue=draft, version=1, scope=on(world.second), by=SYSTEM, now=LATER)
    with pytest.raises(Conflict):
        set_scope(issue=draft, version=1, scope=on(world.server), by=SYSTEM, now=LATER)
    with pytest.raises(Conflict):
        update_draft(issue=draft, version=1, fields=fields_of(draft), by=SYSTEM, now=LATER)
    with pytest.raises(Conflict):
        publish(issue=draft, version=1, body=BODY, by=SYSTEM, now=LATER)
    draft.refresh_from_db()
    assert (Scope.from_json(draft.scope), draft.version) == (on(world.second), 2)


def test_a_published_issue_is_not_edited_behind_its_audiences_back(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    with pytest.raises(Refused) as refused:
        set_scope(issue=issue, version=2, scope=on(world.server), by=SYSTEM, now=LATER)
    assert refused.value.field == "stage"
    with pytest.raises(Refused) as refused:
        update_draft(issue=issue, version=2, fields=fields_of(issue), by=SYSTEM, now=LATER)
    assert refused.value.field == "stage"


def test_a_dismissal_needs_a_reason_and_can_be_taken_back(world: World) -> None:
    draft = make_draft(world, on(world.first))
    with pytest.raises(Refused) as refused:
        dismiss(issue=draft, why="  ", by=SYSTEM, now=LATER)
    assert refused.value.field == "why"
    dismiss(issue=draft, why="a drill", by=SYSTEM, now=LATER)
    assert trail_of(draft)[0].details["why"] == "a drill"
    with pytest.raises(Refused):
        publish(issue=draft, version=None, body=BODY, by=SYSTEM, now=LATER)
    assert reopen_dismissed(issue=draft, by=SYSTEM, now=LATER).stage == "draft"
    assert publish(issue=draft, version=None, body=BODY, by=SYSTEM, now=LATER).number == 1


def test_a_published_issue_cannot_be_dismissed(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    with pytest.raises(Refused) as refused:
        dismiss(issue=issue, why="oops", by=SYSTEM, now=LATER)
    assert refused.value.field == "stage"


def test_what_belongs_to_another_provider_is_refused(world: World) -> None:
    theirs = make_service(make_provider(), "theirs")
    draft = make_draft(world, on(world.first))
    fields = replace(fields_of(draft), service=theirs)
    with pytest.raises(Refused) as refused:
        update_draft(issue=draft, version=1, fields=fields, by=SYSTEM, now=LATER)
    assert refused.value.field == "service"
    with pytest.raises(Refused) as refused:
        make_draft(world, on(world.first), feature=make_feature(theirs))
    assert refused.value.field == "feature"


def test_a_part_that_was_removed_meanwhile_is_named(world: World) -> None:
    spare = make_component(world.provider, "SPARE")
    draft = make_draft(world, on(world.first, spare))
    append_changes(changes=[component_change(component=spare.pk, present=False)], now=NOW)
    spare.delete()
    with pytest.raises(Refused) as refused:
        publish(issue=draft, version=None, body=BODY, by=SYSTEM, now=LATER)
    assert refused.value.field == "components"


def test_what_was_told_after_the_fact_is_published_once(world: World) -> None:
    issue = publish_issue(world, on(world.first), status="serviceRestored").issue
    with pytest.raises(Refused) as refused:
        publish(issue=issue, version=None, body=BODY, by=SYSTEM, now=LATER)
    assert refused.value.field == "stage"
    assert Post.objects.count() == 1


def test_a_draft_is_not_reopened_into_the_open(world: World) -> None:
    draft = make_draft(world, on(world.first), status="serviceRestored")
    with pytest.raises(Refused) as refused:
        reopen(issue=draft, version=None, body=BODY, status="investigating", by=SYSTEM, now=LATER)
    assert refused.value.field == "stage"
    draft.refresh_from_db()
    assert draft.stage == "draft"


@pytest.mark.parametrize("change", ISSUE_CHANGES)
@pytest.mark.parametrize(
    ("promise", "field"),
    [
        ({"next_update_by": LATER}, "next_update_by"),
        ({"next_update_by": LATER - timedelta(seconds=1)}, "next_update_by"),
        ({"next_update_by": datetime(2026, 3, 3, 9, 0)}, "next_update_by"),  # noqa: DTZ001
        ({"next_update_by": LATER + timedelta(days=14, seconds=1)}, "next_update_by"),
        ({"cadence_minutes": 0}, "cadence_minutes"),
        ({"cadence_minutes": -5, "next_update_by": LATER + timedelta(hours=1)}, "cadence_minutes"),
        ({"cadence_minutes": 10**15}, "cadence_minutes"),
    ],
)
def test_a_time_that_cannot_be_promised_is_refused(
    world: World, change: str, promise: dict[str, Any], field: str
) -> None:
    issue = publish_issue(world, on(world.first)).issue
    with pytest.raises(Refused) as refused:
        ISSUE_CHANGES[change](issue=issue, version=None, body=BODY, by=SYSTEM, now=LATER, **promise)
    assert refused.value.field == field
    stored = Issue.objects.get(pk=issue.pk)
    assert (stored.version, stored.cadence_minutes, Post.objects.count()) == (2, 60, 1)


def test_the_time_promised_may_be_in_any_zone(world: World) -> None:
    draft = make_draft(world, on(world.first))
    due = datetime.fromisoformat("2026-03-02T18:30:00+08:00")
    post = publish(issue=draft, version=None, body=BODY, next_update_by=due, by=SYSTEM, now=NOW)
    assert Post.objects.get().next_update_by == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    assert post.issue.next_update_by == due


@pytest.mark.parametrize(
    "end_at",
    [NOW - timedelta(minutes=21), LATER + timedelta(seconds=1), LATER.replace(tzinfo=None)],
)
def test_an_end_outside_of_the_issue_is_refused(world: World, end_at: datetime) -> None:
    issue = publish_issue(world, on(world.first)).issue
    with pytest.raises(Refused) as refused:
        resolve(issue=issue, version=None, body=BODY, end_at=end_at, by=SYSTEM, now=LATER)
    assert refused.value.field == "end_at"


def test_an_empty_closing_note_becomes_the_standard_one(world: World) -> None:
    issue = publish_issue(world, on(world.server)).issue
    change = partial(
        change_audience,
        issue=issue,
        version=None,
        scope=on(world.first),
        why="it is MBX-1",
        body=BODY,
        by=SYSTEM,
        now=LATER,
    )
    with pytest.raises(Refused) as refused:
        change(closing_note={"en": "Bell \x07"})
    assert refused.value.field == "closing_note_en"
    made = change(closing_note={"en": " ", "zh-hant": ""})
    assert made.closing_post
    assert made.closing_post.body == closing_words()


@pytest.mark.parametrize("text", ["\x00", "a\x00b"])
def test_a_reason_with_control_characters_is_refused(world: World, text: str) -> None:
    draft = make_draft(world, on(world.first))
    with pytest.raises(Refused) as refused:
        dismiss(issue=draft, why=text, by=SYSTEM, now=LATER)
    assert refused.value.field == "why"
    with pytest.raises(Refused) as refused:
        publish(issue=draft, version=None, body=BODY, why=text, by=SYSTEM, now=LATER)
    assert refused.value.field == "why"
    publish(issue=draft, version=None, body=BODY, by=SYSTEM, now=LATER)
    with pytest.raises(Refused) as refused:
        change_audience(
            issue=draft,
            version=None,
            scope=on(world.server),
            why=text,
            body=BODY,
            by=SYSTEM,
            now=LATER,
        )
    assert refused.value.field == "why"


def test_a_title_is_one_line(world: World) -> None:
    draft = make_draft(world, on(world.first), title={"en": "Mail\nBcc: all@example.com"})
    assert draft.title == {"en": "Mail Bcc: all@example.com"}
