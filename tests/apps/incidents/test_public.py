from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.queries.public import public_history, public_issue, public_overview
from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.incidents.services.updating import resolve
from standfast.apps.tenancy.errors import NoAccess
from tests.factories import NOW, SYSTEM, make_provider, make_service
from tests.factories_incidents import BODY, World, make_draft, make_world, on, publish_issue

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def world() -> World:
    return make_world()


def close(issue: Issue) -> None:
    resolve(issue=issue, version=None, body=BODY, end_at=None, by=SYSTEM, now=LATER)


def test_a_public_issue_is_on_the_public_page_of_its_provider(world: World) -> None:
    issue = publish_issue(world, on(world.first), is_public=True).issue
    overview = public_overview(world.provider, now=LATER)
    assert (overview.open_issues, overview.status) == ([issue], "serviceDegradation")
    (line,) = overview.services
    assert (line.service, line.status, line.issues) == (
        world.service,
        "serviceDegradation",
        [issue],
    )
    assert [day.status for day in line.days[-2:]] == ["serviceOperational", "serviceDegradation"]
    assert public_issue(world.provider, issue.reference, now=LATER).duration == timedelta(
        minutes=50
    )
    close(issue)
    overview = public_overview(world.provider, now=LATER)
    assert (overview.open_issues, overview.recent, overview.status) == (
        [],
        [issue],
        "serviceOperational",
    )
    assert public_history(world.provider, now=LATER) == [issue]
    assert public_history(world.provider, now=LATER + timedelta(days=31)) == []


def test_private_issues_drafts_and_private_services_never_appear(world: World) -> None:
    hidden = [
        publish_issue(world, on(world.first)).issue,
        make_draft(world, on(world.first), is_public=True),
    ]
    over = publish_issue(world, on(world.first)).issue
    close(over)
    inner = make_service(world.provider, "inner", is_public=False)
    world.service.is_public = False
    world.service.save()
    hidden += [over, publish_issue(world, on(world.first), is_public=True).issue]
    overview = public_overview(world.provider, now=LATER)
    assert (overview.open_issues, overview.recent, overview.services) == ([], [], [])
    assert overview.status == "serviceOperational"
    assert inner.pk not in {line.service.pk for line in overview.services}
    assert public_history(world.provider, now=LATER) == []
    for issue in hidden:
        with pytest.raises(NoAccess):
            public_issue(world.provider, issue.reference, now=LATER)


def test_an_issue_opens_under_its_own_provider_alone(world: World) -> None:
    issue = publish_issue(world, on(world.first), is_public=True).issue
    for provider, reference in ((make_provider(), issue.reference), (world.provider, "ML1")):
        with pytest.raises(NoAccess):
            public_issue(provider, reference, now=NOW)


def test_a_closing_note_is_for_the_released_alone(world: World) -> None:
    issue = publish_issue(world, on(world.server), is_public=True).issue
    change_audience(
        issue=issue,
        version=None,
        scope=on(world.first),
        why="it is MBX-1",
        body=BODY,
        by=SYSTEM,
        now=LATER,
    )
    assert [
        post.number for post in public_issue(world.provider, issue.reference, now=LATER).posts
    ] == [2, 1]


def test_the_overview_costs_the_same_with_many_issues(
    world: World, django_assert_max_num_queries: object
) -> None:
    for _each in range(30):
        publish_issue(world, on(world.first), is_public=True)
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        assert len(public_overview(world.provider, now=LATER).open_issues) == 30
