from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.incidents.queries.promises import on_time_report, open_promises
from standfast.apps.incidents.services.promises import check_promises
from standfast.apps.incidents.services.updating import post_update, resolve
from standfast.apps.tenancy.models import OutboxEvent
from tests.factories import NOW, SYSTEM
from tests.factories_incidents import BODY, World, make_world, on, publish_issue

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(minutes=60)


@pytest.fixture
def world() -> World:
    return make_world()


def announced() -> list[str]:
    return list(
        OutboxEvent.objects.filter(kind__startswith="promise").values_list("kind", flat=True)
    )


def test_a_promise_is_warned_of_once_and_escalated_once(world: World) -> None:
    publish_issue(world, on(world.first))
    assert check_promises(now=NOW + timedelta(minutes=44)) == 0
    assert check_promises(now=NOW + timedelta(minutes=45)) == 1
    assert check_promises(now=NOW + timedelta(minutes=46)) == 0
    assert check_promises(now=DUE + timedelta(seconds=1)) == 1
    assert check_promises(now=DUE + timedelta(minutes=9)) == 0
    assert announced() == ["promise.due_soon", "promise.overdue"]


def test_a_kept_promise_is_neither_warned_of_nor_escalated(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    resolve(issue=issue, version=None, body=BODY, end_at=None, by=SYSTEM, now=DUE)
    assert check_promises(now=DUE + timedelta(hours=1)) == 0


def test_open_promises_stand_in_order_of_urgency(world: World) -> None:
    late = publish_issue(world, on(world.first)).issue
    early = publish_issue(world, on(world.first), now=NOW + timedelta(minutes=50)).issue
    views = open_promises(world.provider, now=DUE + timedelta(minutes=1))
    assert [(each.issue.pk, each.state) for each in views] == [
        (late.pk, "overdue"),
        (early.pk, "on_track"),
    ]


def test_the_report_counts_kept_and_missed_by_service_and_month(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    for minutes in (50, 115):  # in time, then five minutes late
        post_update(
            issue=issue,
            version=None,
            body=BODY,
            status="serviceDegradation",
            by=SYSTEM,
            now=NOW + timedelta(minutes=minutes),
        )
    late = NOW + timedelta(minutes=115)
    resolve(
        issue=issue,
        version=None,
        body=BODY,
        end_at=None,
        by=SYSTEM,
        now=late + timedelta(minutes=50),
    )
    report = on_time_report(world.provider, now=late + timedelta(hours=2), months=2)
    (row,) = report.rows
    assert (row.total.kept, row.total.missed, row.total.open) == (2, 1, 0)
    assert row.months[-1].rate == pytest.approx(2 / 3)
    assert row.months[0].rate is None
