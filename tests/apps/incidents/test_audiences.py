from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.incidents.models import AudienceVersion, Issue
from standfast.apps.incidents.queries.health import dashboard_for, history_for, issue_for
from standfast.apps.incidents.queries.stream import events_beyond
from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.incidents.services.updating import post_update
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.engine.targeting import Scope
from tests.factories import NOW, SYSTEM, make_component, make_provider
from tests.factories_incidents import BODY, World, make_draft, make_world, on, publish_issue

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def world() -> World:
    return make_world()


def change(issue: Issue, scope: Scope, why: str = "it is MBX-1 only") -> None:
    change_audience(
        issue=issue, version=None, scope=scope, why=why, body=BODY, by=SYSTEM, now=LATER
    )


def test_unclear_reaches_the_widest_group_and_says_so(world: World) -> None:
    issue = publish_issue(world, Scope(unclear=True)).issue
    for tenant in (world.alice, world.bob, world.charlie, world.dora):
        assert issue_for(tenant, issue.reference, now=NOW).unclear
    assert AudienceVersion.objects.get().unclear


def test_unclear_in_a_region_takes_in_those_whose_place_is_unknown(world: World) -> None:
    elsewhere = make_component(world.provider, "ASIA", kind="region")
    issue = publish_issue(world, on(elsewhere, unclear=True)).issue
    assert issue_for(world.dora, issue.reference, now=NOW).users == 0
    with pytest.raises(NoAccess):
        issue_for(world.alice, issue.reference, now=NOW)


def test_the_released_get_a_closing_note_and_keep_what_they_were_told(world: World) -> None:
    issue = publish_issue(world, Scope(unclear=True)).issue
    change(issue, on(world.first))
    post_update(
        issue=issue,
        version=None,
        body={"en": "Only for those affected"},
        status="restoringService",
        by=SYSTEM,
        now=LATER + timedelta(minutes=5),
    )
    dashboard = dashboard_for(world.charlie, now=LATER)
    assert not dashboard.incidents
    assert [each.released for each in dashboard.recently_resolved] == [True]
    view = issue_for(world.charlie, issue.reference, now=LATER)
    assert view.released
    assert [post.kind for post in view.posts] == ["closing", "regular"]
    assert "not affected" in view.posts[0].body["en"]
    assert len(history_for(world.charlie, now=LATER, days=7)) == 1
    kinds = [post.kind for post in issue_for(world.alice, issue.reference, now=LATER).posts]
    assert kinds == ["regular"] * 3


def test_the_newly_found_get_the_whole_history(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    change(issue, on(world.server), why="the whole server")
    view = issue_for(world.charlie, issue.reference, now=LATER)
    assert [post.number for post in view.posts] == [2, 1]
    assert not view.released


def test_a_tenant_that_was_released_and_found_again_is_in(world: World) -> None:
    issue = publish_issue(world, on(world.server)).issue
    change(issue, on(world.first))
    change(issue, on(world.server), why="it came back")
    view = issue_for(world.charlie, issue.reference, now=LATER)
    assert (view.released, [post.kind for post in view.posts]) == (False, ["regular"] * 3)
    assert len(dashboard_for(world.charlie, now=LATER).incidents) == 1


def test_every_audience_is_kept_with_who_and_why(world: World) -> None:
    issue = publish_issue(world, Scope(unclear=True)).issue
    change(issue, on(world.first))
    first, second = AudienceVersion.objects.order_by("number")
    assert (first.tenant_count, second.tenant_count) == (4, 2)
    assert (second.released_count, second.added_count, second.why) == (2, 0, "it is MBX-1 only")
    assert second.actor == SYSTEM.label


def test_the_groups_of_a_change_are_told_apart(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    seen: set[int] = set()
    events_beyond(seen)
    change(issue, on(world.second))
    heard = {item.kind: set(item.tenants) for item in events_beyond(seen)}
    assert heard == {
        "issue.released": {world.alice.number},
        "issue.widened": {world.charlie.number},
        "issue.updated": {world.bob.number},
    }
    assert events_beyond(seen) == []


def test_a_scope_names_only_what_is_the_providers(world: World) -> None:
    foreign = make_component(make_provider("other"), "THEIRS")
    with pytest.raises(Refused) as refused:
        make_draft(world, on(foreign))
    assert refused.value.field == "components"
    stranger = Scope(components=on(world.first).components, include=frozenset({999}))
    with pytest.raises(Refused) as refused:
        make_draft(world, stranger)
    assert refused.value.field == "include"


def test_a_change_needs_a_reason_and_reaches_somebody(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    with pytest.raises(Refused) as refused:
        change(issue, on(world.second), why=" ")
    assert refused.value.field == "why"
    empty = make_component(world.provider, "EMPTY")
    with pytest.raises(Refused, match="nobody would be told"):
        change(issue, on(empty))
    assert AudienceVersion.objects.count() == 1
