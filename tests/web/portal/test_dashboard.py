"""A tenant's first page: its answer, who sees what, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.queries.board import LOOK_EVERY_SECONDS
from standfast.apps.incidents.services.audiences import change_audience
from standfast.engine.targeting import Scope
from tests.factories import SYSTEM, make_subscription
from tests.factories_incidents import World, make_world, on
from tests.web.portal.readers import open_issue, page, reader, status_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def narrow(issue: Issue, scope: Scope) -> None:
    issue.refresh_from_db()
    change_audience(
        issue=issue,
        version=issue.version,
        scope=scope,
        why="It is clear now.",
        body={"en": "Only the first database is hit."},
        closing_note={"en": "You are not affected after all."},
        by=SYSTEM,
        now=datetime.now(UTC),
    )


def test_the_first_line_says_what_is_wrong_for_whom_and_until_when() -> None:
    world = make_world()
    open_issue(world, on(world.first), ago=timedelta(minutes=10))
    due = Issue.objects.get().next_update_by
    assert due
    shown = page(reader(world.alice), "dashboard", world.alice)
    assert "1 of your services (of 1) has a problem. 214 of your people are affected." in shown
    assert f"Next update by {due:%H:%M}." in shown


def test_a_calm_day_is_said_to_be_calm() -> None:
    world = make_world()
    shown = page(reader(world.alice), "dashboard", world.alice)
    assert "Your service works as it should." in shown
    assert "Mail Operational" in shown


def test_a_tenant_outside_the_audience_sees_nothing() -> None:
    world = make_world()
    issue = open_issue(world, on(world.first), ago=HOUR)
    for tenant in (world.charlie, world.dora):
        outside = reader(tenant)
        for name in ("dashboard", "history"):
            shown = page(outside, name, tenant)
            assert "Mailboxes are slow" not in shown
            assert issue.reference not in shown
        assert "Your service works as it should." in page(outside, "dashboard", tenant)
        assert status_of(outside, "issue", tenant, issue.reference) == 404
    # A tenant in the audience cannot open it through another tenant's address either.
    assert status_of(reader(world.alice), "issue", world.bob, issue.reference) == 404


def test_a_released_tenant_is_told_and_no_longer_counts_it() -> None:
    world = make_world()
    issue = open_issue(world, on(world.server, unclear=True), ago=HOUR)
    charlie = reader(world.charlie)
    assert "has a problem" in page(charlie, "dashboard", world.charlie)
    narrow(issue, on(world.first))
    shown = page(charlie, "dashboard", world.charlie)
    assert "Your service works as it should." in shown
    assert "Does not affect you Mailboxes are slow" in shown
    own = page(charlie, "issue", world.charlie, issue.reference)
    assert "We now know that you are not affected." in own
    assert "You are not affected after all." in own
    assert "Only the first database is hit." not in own
    assert "People cannot open their mailbox." not in own


def test_a_newly_found_tenant_gets_the_whole_history() -> None:
    world = make_world()
    issue = open_issue(world, on(world.first), ago=HOUR)
    narrow(issue, on(world.server))
    charlie = reader(world.charlie)
    assert "5 of your people" in page(charlie, "dashboard", world.charlie)
    shown = page(charlie, "issue", world.charlie, issue.reference)
    assert shown.index("Only the first database is hit.") < shown.index("We are looking into it.")
    assert "You are not affected after all." not in shown


def test_a_page_in_chinese_shows_chinese_texts_and_marks_the_others() -> None:
    world = make_world()
    open_issue(world, on(world.first), ago=HOUR)
    english = open_issue(world, on(world.first), ago=HOUR, title={"en": "Calendars are empty"})
    chinese = reader(world.alice, language="zh-hant")
    shown = page(chinese, "dashboard", world.alice)
    assert "信箱變慢" in shown
    assert "Mailboxes are slow" not in shown
    html = chinese.get(reverse("portal:dashboard", args=[world.alice.slug])).content.decode()
    assert '<span lang="en">Calendars are empty</span> <abbr class="chip"' in html
    assert '<html lang="zh-hant"' in html
    assert "People cannot" not in page(chinese, "issue", world.alice, english.reference)


def test_long_lists_wait_for_show_all() -> None:
    world = make_world()
    for number in range(14):
        open_issue(world, on(world.first), ago=HOUR, title={"en": f"Trouble {number:02d}"})
    alice = reader(world.alice)
    assert page(alice, "dashboard", world.alice).count("Trouble") == 12
    assert "Show all 14 incidents" in page(alice, "dashboard", world.alice)
    assert page(alice, "dashboard", world.alice, query="?all=1").count("Trouble") == 14


def test_only_a_tenants_own_people_come_in() -> None:
    world = make_world()
    assert status_of(reader(world.bob), "dashboard", world.alice) == 404
    assert status_of(reader(world.alice, "staff"), "dashboard", world.alice) == 200


@pytest.mark.parametrize("issues", [1, 12])
def test_a_page_costs_eight_queries_however_much_is_open(
    issues: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    world = make_world()
    _busy(world, issues)
    alice = reader(world.alice)
    page(alice, "dashboard", world.alice)
    time.sleep(LOOK_EVERY_SECONDS + 0.05)  # the next look at the outbox counts too
    with django_assert_max_num_queries(8):
        page(alice, "dashboard", world.alice)


def _busy(world: World, issues: int) -> None:
    from tests.factories import make_service

    for number in range(issues):
        make_subscription(world.alice, make_service(world.provider, f"s{number}"))
        open_issue(world, on(world.first), ago=HOUR, title={"en": f"Trouble {number}"})
