"""Narrowing and widening the audience of an open issue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from standfast.apps.incidents.models import AudienceVersion, Issue, Post
from standfast.apps.incidents.queries.health import issue_for
from tests.factories_incidents import World, make_world, on
from tests.web.console.visitors import (
    at,
    draft,
    errors,
    fresh,
    post_form,
    published,
    read,
    visitor,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def issue(world: World) -> Issue:
    return published(world, on(world.server, unclear=True))


def narrowed(world: World, issue: Issue) -> str:
    address = at(world, "issue_audience_change", issue.reference)
    return f"{address}?picked=1&c={world.first.pk}"


def change_form(issue: Issue, **changes: Any) -> dict[str, Any]:
    return post_form(issue, **{"why": "The logs name one database.", **changes})


def test_the_picker_opens_with_the_scope_of_now(world: World, issue: Issue) -> None:
    text = read(visitor(world), at(world, "issue_audience", issue.reference))
    assert "4 tenants see this issue now." in text
    assert "SRV-1" in text
    assert "scope unclear" in text


def test_the_consequence_is_shown_before_anything_is_told(world: World, issue: Issue) -> None:
    client = visitor(world)
    response = client.get(narrowed(world, issue))
    text = words(response)
    assert "2 stay and read the post" in text
    assert "+0 come in" in text
    assert "−2 are let go" in text
    assert "Charlie, Dora" in text
    closing = response.context["form"]
    assert "not affected" in closing["closing_note_en"].value()
    assert "不受" in closing["closing_note_zh_hant"].value()
    assert (Post.objects.count(), AudienceVersion.objects.count()) == (1, 1)


def test_narrowing_releases_and_keeps_every_version(world: World, issue: Issue) -> None:
    client = visitor(world)
    typed = change_form(issue, closing_note_en="You are not hit after all.")
    response = client.post(narrowed(world, issue), typed)
    assert response["Location"] == at(world, "issue", issue.reference)
    now = datetime.now(UTC)
    released = issue_for(world.charlie, issue.reference, now=now)
    assert released.released
    assert released.posts[0].body == {"en": "You are not hit after all."}
    assert not issue_for(world.alice, issue.reference, now=now).released
    text = read(client, at(world, "issue", issue.reference))
    assert "The logs name one database." in text
    assert "Audience changed" in text
    kept = AudienceVersion.objects.order_by("number")
    assert [(each.tenant_count, each.released_count) for each in kept] == [(4, 0), (2, 2)]


def test_widening_brings_the_whole_history_to_those_found(world: World) -> None:
    issue = published(world, on(world.first))
    address = at(world, "issue_audience_change", issue.reference)
    visitor(world).post(f"{address}?picked=1&c={world.server.pk}", change_form(issue))
    found = issue_for(world.charlie, issue.reference, now=datetime.now(UTC))
    assert [post.number for post in found.posts] == [2, 1]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"why": ""}, "why"),
        ({"body_en": "", "body_zh_hant": ""}, "body_en"),
        ({"closing_note_en": "<b>x</b>"}, "closing_note_en"),
        ({"promise": "exact", "next_update_by": ""}, "next_update_by"),
    ],
)
def test_bad_input_changes_nothing(
    world: World, issue: Issue, typed: dict[str, str], field: str
) -> None:
    response = visitor(world).post(narrowed(world, issue), change_form(issue, **typed))
    assert response.status_code == 200
    assert field in errors(response)
    assert AudienceVersion.objects.count() == 1
    assert fresh(issue).version == issue.version


def test_a_scope_that_reaches_nobody_is_refused(world: World, issue: Issue) -> None:
    address = at(world, "issue_audience_change", issue.reference)
    client = visitor(world)
    assert "Nobody is chosen" in read(client, f"{address}?picked=1")
    refused = client.post(f"{address}?picked=1", change_form(issue))
    assert "Nobody is chosen" in words(refused)
    assert "We have found the cause." in refused.content.decode()
    assert AudienceVersion.objects.count() == 1


def test_two_people_changing_at_once(world: World, issue: Issue) -> None:
    typed = change_form(issue)
    assert visitor(world).post(narrowed(world, issue), typed).status_code == 302
    refused = visitor(world).post(narrowed(world, issue), typed)
    assert "Somebody else saved this meanwhile" in words(refused)
    assert AudienceVersion.objects.count() == 2


def test_only_an_open_issue_has_an_audience_to_change(world: World) -> None:
    waiting = draft(world, on(world.first))
    for name in ("issue_audience", "issue_audience_change"):
        response = visitor(world).get(at(world, name, waiting.reference))
        assert response["Location"] == at(world, "issue", waiting.reference)
