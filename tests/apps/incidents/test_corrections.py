from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.incidents.queries.health import issue_for
from standfast.apps.incidents.queries.issues import trail_of
from standfast.apps.incidents.queries.stream import events_beyond
from standfast.apps.incidents.services.updating import correct_post, post_update
from standfast.apps.tenancy.errors import Conflict, Refused
from standfast.apps.tenancy.models import OutboxEvent
from tests.factories import NOW, SYSTEM
from tests.factories_incidents import BODY, World, make_world, on, publish_issue

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_correction_shows_the_new_words_and_keeps_the_old(world: World) -> None:
    post = publish_issue(world, on(world.first)).issue.posts.get()
    correct_post(post=post, body={"en": "Better words"}, by=SYSTEM, now=LATER)
    (shown,) = issue_for(world.alice, post.issue.reference, now=LATER).posts
    assert (shown.body, shown.created_at) == ({"en": "Better words"}, NOW)
    entry = trail_of(post.issue)[0]
    assert (entry.action, entry.details["before"]) == ("post.corrected", BODY)
    event = OutboxEvent.objects.order_by("id").last()
    assert event
    assert (event.kind, event.payload) == (
        "post.corrected",
        {"issue_id": post.issue_id, "post_id": post.pk},
    )


def test_a_correction_is_told_to_nobody_and_keeps_no_promise(world: World) -> None:
    post = publish_issue(world, on(world.first))
    seen = {event.pk for event in OutboxEvent.objects.all()}
    correct_post(post=post, body={"en": "Better words"}, by=SYSTEM, now=LATER)
    (item,) = events_beyond(seen)
    assert (item.kind, set(item.tenants)) == ("post.corrected", set())
    promise = post.promises.get()
    assert (promise.due_at, promise.answered_at) == (NOW + timedelta(minutes=60), None)


def test_a_correction_counts_as_a_write_for_others_who_edit(world: World) -> None:
    post = publish_issue(world, on(world.first))
    version = post.issue.version
    correct_post(post=post, body={"en": "Better words"}, by=SYSTEM, now=LATER)
    with pytest.raises(Conflict):
        post_update(
            issue=post.issue,
            version=version,
            body=BODY,
            status="restoringService",
            by=SYSTEM,
            now=LATER,
        )


@pytest.mark.parametrize("body", [{}, {"en": " "}, {"en": "a\x00b"}, {"en": "<b>x</b>"}])
def test_a_bad_correction_changes_nothing(world: World, body: dict[str, str]) -> None:
    post = publish_issue(world, on(world.first))
    with pytest.raises(Refused) as refused:
        correct_post(post=post, body=body, by=SYSTEM, now=LATER)
    assert refused.value.field == "body_en"
    post.refresh_from_db()
    assert post.body == BODY
