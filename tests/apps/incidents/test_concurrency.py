"""Two at once, really: each on a thread and a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from standfast.apps.incidents.models import AudienceVersion, Issue, Post, Promise
from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.incidents.services.promises import check_promises
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.incidents.services.updating import post_update
from standfast.apps.tenancy.errors import Conflict, Refused
from standfast.apps.tenancy.models import OutboxEvent
from tests.factories import NOW, SYSTEM
from tests.factories_incidents import BODY, World, make_draft, make_world, on, publish_issue

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def world() -> World:
    return make_world()


def at_once(*works: Callable[[], object]) -> list[object]:
    """Start all works at the same moment; give what each returned or was refused with."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            return work()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def told(kind: str) -> int:
    return OutboxEvent.objects.filter(kind=kind).count()


def refusals(results: list[object]) -> list[type]:
    return [type(each) for each in results if isinstance(each, Refused)]


@pytest.mark.parametrize("status", ["serviceDegradation", "serviceRestored"])
@pytest.mark.parametrize("version", [1, None])
def test_a_draft_is_published_once(world: World, version: int | None, status: str) -> None:
    draft = make_draft(world, on(world.first), status=status)

    def work() -> Post:
        issue = Issue.objects.get(pk=draft.pk)
        return publish(issue=issue, version=version, body=BODY, by=SYSTEM, now=LATER)

    results = at_once(work, work)
    assert refusals(results) == [Conflict if version else Refused]
    assert (Post.objects.count(), AudienceVersion.objects.count()) == (1, 1)
    assert told("issue.published") == 1
    assert Promise.objects.count() == (1 if status == "serviceDegradation" else 0)


def test_of_two_updates_from_one_version_exactly_one_wins(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    version = issue.version

    def work(text: str) -> Callable[[], Post]:
        return lambda: post_update(
            issue=issue,
            version=version,
            body={"en": text},
            status="restoringService",
            by=SYSTEM,
            now=LATER,
        )

    results = at_once(work("mine"), work("yours"))
    assert refusals(results) == [Conflict]
    (winner,) = (each for each in results if isinstance(each, Post))
    assert list(issue.posts.values_list("number", "body")) == [(2, winner.body), (1, BODY)]
    issue.refresh_from_db()
    assert issue.version == version + 1
    assert Promise.objects.filter(answered_at__isnull=True).count() == 1


def test_an_update_and_a_narrowing_that_look_at_no_version_are_both_kept(world: World) -> None:
    issue = publish_issue(world, on(world.server)).issue

    def update() -> object:
        return post_update(
            issue=issue,
            version=None,
            body=BODY,
            status="restoringService",
            by=SYSTEM,
            now=LATER,
        )

    def narrow() -> object:
        return change_audience(
            issue=issue,
            version=None,
            scope=on(world.first),
            why="it is MBX-1",
            body=BODY,
            by=SYSTEM,
            now=LATER,
        )

    assert refusals(at_once(update, narrow)) == []
    issue.refresh_from_db()
    assert issue.status == "restoringService"
    assert issue.audience
    assert issue.audience.number == 2
    assert [post.number for post in issue.posts.all()] == [4, 3, 2, 1]
    assert Promise.objects.filter(answered_at__isnull=True).count() == 1


def test_two_watchers_announce_a_promise_once(world: World) -> None:
    for _each in range(3):
        publish_issue(world, on(world.first))
    soon, late = NOW + timedelta(minutes=50), NOW + timedelta(minutes=61)
    for now, kind in ((soon, "promise.due_soon"), (late, "promise.overdue")):
        results = at_once(*[partial(check_promises, now=now)] * 2)
        assert refusals(results) == []
        assert sum(each for each in results if isinstance(each, int)) == 3
        assert told(kind) == 3
