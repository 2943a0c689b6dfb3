"""The history of 7 and 30 days: how things ended, and how long they took."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import make_placement, make_service
from tests.factories_incidents import make_world, on, publish_issue
from tests.web.portal.readers import close, open_issue, page, reader, say

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def test_seven_days_are_fewer_than_thirty_and_more_is_not_shown() -> None:
    world = make_world()
    for days, title in ((2, "Two days"), (20, "Twenty days"), (40, "Forty days")):
        issue = open_issue(world, on(world.first), ago=days * DAY, title={"en": title})
        close(issue, ago=days * DAY - HOUR)
    alice = reader(world.alice)
    month = page(alice, "history", world.alice)
    assert "2 issues ended in the last 30 days." in month
    assert month.index("Two days") < month.index("Twenty days")
    assert "Forty days" not in month
    week = page(alice, "history", world.alice, query="?days=7")
    assert "1 issue ended in the last 7 days." in week
    assert "Twenty days" not in week


def test_false_positives_and_extended_recoveries_are_told_apart() -> None:
    world = make_world()
    alarm = open_issue(world, on(world.first), ago=3 * DAY, title={"en": "Alarm"})
    close(alarm, status="falsePositive", ago=3 * DAY - HOUR)
    slow = open_issue(world, on(world.first), ago=2 * DAY, title={"en": "Slow"})
    say(slow, "Fixing it.", status="restoringService", ago=2 * DAY - HOUR)
    say(slow, "It drags on.", status="extendedRecovery", ago=2 * DAY - 2 * HOUR)
    close(slow, ago=2 * DAY - 5 * HOUR)
    shown = page(reader(world.alice), "history", world.alice)
    assert "1 of them was a false positive." in shown
    assert "False positive Incident Alarm" in shown
    assert "Service restored Extended recovery Incident Slow" in shown
    assert "Duration 5 h" in shown


def test_one_service_alone() -> None:
    world = make_world()
    files = make_service(world.provider, "files", name="Files")
    make_placement(world.alice, world.first, files, 3)
    close(open_issue(world, on(world.first), ago=DAY), ago=HOUR)
    alice = reader(world.alice)
    mine = page(alice, "history", world.alice, query=f"?service={world.service.pk}")
    assert "Mailboxes are slow" in mine
    other = page(alice, "history", world.alice, query=f"?service={files.pk}")
    assert "Nothing in this time" in other
    # A service that is not the tenant's own filters nothing, and nothing breaks.
    assert "Mailboxes are slow" in page(alice, "history", world.alice, query="?service=x&page=99")


def test_what_is_open_is_not_history() -> None:
    world = make_world()
    publish_issue(world, on(world.first))
    assert "Mailboxes are slow" not in page(reader(world.alice), "history", world.alice)
