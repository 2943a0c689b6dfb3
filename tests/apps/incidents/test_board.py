from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from standfast.apps.incidents.models import AudienceVersion, Issue
from standfast.apps.incidents.queries import board as boards
from standfast.apps.incidents.queries.board import OVERLAP, Board
from standfast.apps.incidents.queries.health import dashboard_for, history_for, issue_for
from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.incidents.services.updating import post_update, resolve
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation, OutboxEvent
from standfast.engine.targeting import Scope
from tests.factories import NOW, SYSTEM, make_placement, make_tenant
from tests.factories_incidents import BODY, World, make_world, on, publish_issue

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)
Counted = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boards look each time that they are asked."""
    monkeypatch.setattr(boards, "LOOK_EVERY_SECONDS", 0)


def number(tenant: Organisation) -> int:
    assert tenant.number is not None
    return tenant.number


def open_on(board: Board, tenant: Organisation, now: datetime = NOW) -> set[int]:
    board.refresh(now)
    return set(board.open_for(number(tenant)))


def close(issue: Issue, now: datetime) -> None:
    resolve(issue=issue, version=None, body=BODY, end_at=None, by=SYSTEM, now=now)


def test_another_process_sees_a_change_within_its_look_up_interval(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [0.0]
    monkeypatch.setattr(boards, "time", SimpleNamespace(monotonic=lambda: 1_000 + moment[0]))
    monkeypatch.setattr(boards, "LOOK_EVERY_SECONDS", 0.2)
    here, there = Board(), Board()
    assert open_on(here, world.alice) == open_on(there, world.alice) == set()
    issue = publish_issue(world, on(world.first)).issue
    moment[0] += boards.LOOK_EVERY_SECONDS * 0.9
    assert open_on(there, world.alice) == set(), "it looks no more often than that"
    moment[0] += boards.LOOK_EVERY_SECONDS * 0.2
    assert open_on(here, world.alice) == open_on(there, world.alice) == {issue.pk}
    close(issue, LATER)
    moment[0] += boards.LOOK_EVERY_SECONDS * 1.1
    assert open_on(there, world.alice) == set()
    assert set(there.history_for(number(world.alice), NOW)) == {issue.pk}


def test_a_look_without_news_costs_one_query(
    world: World, at_once: None, django_assert_max_num_queries: Counted
) -> None:
    board = Board()
    publish_issue(world, on(world.first))
    board.refresh(NOW)
    with django_assert_max_num_queries(1):
        board.refresh(NOW)


@pytest.mark.parametrize("behind", [1, OVERLAP - 1])
def test_a_late_commit_with_a_lower_id_is_noticed(world: World, at_once: None, behind: int) -> None:
    issue = publish_issue(world, on(world.first)).issue
    event = OutboxEvent.objects.get()
    late = event.pk + 1
    OutboxEvent.objects.create(pk=late + behind, kind="other", payload={}, created_at=NOW)
    board = Board()
    assert open_on(board, world.alice) == {issue.pk}
    # What a slower transaction wrote: its row took the lower id, and is there only now.
    Issue.objects.filter(pk=issue.pk).update(stage="resolved", end_at=LATER)
    assert open_on(board, world.alice) == {issue.pk}
    OutboxEvent.objects.create(
        pk=late, kind="issue.resolved", payload={"issue_id": issue.pk}, created_at=NOW
    )
    assert open_on(board, world.alice) == set()


def test_what_is_committed_while_a_board_is_first_read_is_not_missed(
    world: World, at_once: None
) -> None:
    class Interrupted(Board):
        """While the first rows are read, somebody publishes."""

        published: Issue | None = None

        def _read(self, now: datetime, changed: Collection[int] | None) -> None:
            super()._read(now, changed)
            if self.published is None:
                self.published = publish_issue(world, on(world.first)).issue

    board = Interrupted()
    board.refresh(NOW)
    assert board.published
    assert open_on(board, world.alice) == {board.published.pk}


def test_events_that_name_no_issue_change_nothing(world: World, at_once: None) -> None:
    board = Board()
    issue = publish_issue(world, on(world.first)).issue
    board.refresh(NOW)
    OutboxEvent.objects.create(kind="report.received", payload={"report_id": 1}, created_at=NOW)
    assert open_on(board, world.alice) == {issue.pk}


def test_an_old_issue_leaves_the_board_and_stays_readable(world: World, at_once: None) -> None:
    old = publish_issue(world, on(world.server)).issue
    change_audience(
        issue=old,
        version=None,
        scope=on(world.first),
        why="it is MBX-1",
        body=BODY,
        by=SYSTEM,
        now=NOW,
    )
    close(old, NOW)
    much_later = NOW + timedelta(days=35, seconds=1)
    board = Board()
    board.refresh(NOW + timedelta(days=35))
    assert board.seat(old.pk)
    publish_issue(world, on(world.first), now=much_later)
    board.refresh(much_later)
    fresh = Board()
    fresh.refresh(much_later)
    assert board.seat(old.pk) is fresh.seat(old.pk) is None
    boards.forget_boards()
    view = issue_for(world.alice, old.reference, now=much_later)
    assert (view.users, view.released, [post.number for post in view.posts]) == (
        214,
        False,
        [4, 2, 1],
    )
    released = issue_for(world.charlie, old.reference, now=much_later)
    assert (released.released, [post.number for post in released.posts]) == (True, [3, 1])
    with pytest.raises(NoAccess):
        issue_for(world.dora, old.reference, now=much_later)


def test_an_open_issue_stays_however_old_it_is(world: World, at_once: None) -> None:
    issue = publish_issue(world, on(world.first)).issue
    assert open_on(Board(), world.alice, NOW + timedelta(days=400)) == {issue.pk}


def test_what_is_over_for_a_released_tenant_is_recent_for_a_week(
    world: World, at_once: None
) -> None:
    issue = publish_issue(world, on(world.server)).issue
    change_audience(
        issue=issue,
        version=None,
        scope=on(world.first),
        why="it is MBX-1",
        body=BODY,
        by=SYSTEM,
        now=NOW,
    )
    close(issue, NOW)
    for tenant in (world.alice, world.charlie):
        for days, expected in ((7, 1), (8, 0)):
            now = NOW + timedelta(days=days)
            assert len(dashboard_for(tenant, now=now).recently_resolved) == expected
        assert len(history_for(tenant, now=NOW + timedelta(days=8), days=30)) == 1


def test_a_dashboard_costs_the_same_with_many_tenants_issues_and_posts(
    world: World, at_once: None, django_assert_max_num_queries: Counted
) -> None:
    for _each in range(2):
        publish_issue(world, on(world.first))
    few = _queries_of(world, django_assert_max_num_queries)
    for place in range(20):
        make_placement(make_tenant(), world.first, world.service, place + 1)
    for each in range(58):
        issue = publish_issue(world, on(world.first)).issue
        if each % 20 == 0:
            for _post in range(3):
                post_update(
                    issue=issue,
                    version=None,
                    body=BODY,
                    status="restoringService",
                    by=SYSTEM,
                    now=LATER,
                )
    assert AudienceVersion.objects.count() == 60
    dashboard_for(world.bob, now=LATER)  # follows what happened, once for everybody
    with django_assert_max_num_queries(few):
        assert dashboard_for(world.alice, now=LATER).open_count == 60


def _queries_of(world: World, counted: Counted) -> int:
    dashboard_for(world.bob, now=LATER)
    with counted(12) as captured:
        assert dashboard_for(world.alice, now=LATER).open_count == 2
    return len(captured)


def test_real_time_passes_between_two_looks(world: World) -> None:
    board = Board()
    board.refresh(NOW)
    issue = publish_issue(world, Scope(unclear=True)).issue
    time.sleep(boards.LOOK_EVERY_SECONDS + 0.01)
    assert open_on(board, world.dora) == {issue.pk}
