"""A tenant's own health as JSON."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.tenancy.models import Organisation
from tests.factories import SYSTEM, make_token
from tests.factories_incidents import World, make_world, on
from tests.web.portal.readers import close, open_issue

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def ask(
    tenant: Organisation, path: str = "", *, status: int = 200, scope: str = "health.read"
) -> Any:
    token = make_token(tenant, scope)
    response = Client().get(f"/api/v1/health{path}", headers={"authorization": f"Bearer {token}"})
    assert response.status_code == status, response.content
    return response.json()


@pytest.fixture
def world() -> World:
    return make_world()


def test_the_dashboard_of_the_token_s_tenant(world: World) -> None:
    issue = open_issue(world, on(world.first), ago=HOUR)
    found = ask(world.alice)
    assert (found["open_count"], found["affected_users"]) == (1, 214)
    assert found["issues"][0]["reference"] == issue.reference
    assert found["issues"][0]["title"]["zh-hant"] == "信箱變慢"
    [service] = found["services"]
    assert (service["key"], service["status"]) == ("mail", "serviceDegradation")
    assert len(service["days"]) == 30
    assert service["open_issues"] == [issue.reference]


def test_others_see_nothing_of_it_whichever_way_they_ask(world: World) -> None:
    issue = open_issue(world, on(world.first), ago=HOUR)
    assert ask(world.charlie)["issues"] == []
    assert ask(world.charlie, "/history") == []
    foreign = ask(world.charlie, f"/issues/{issue.reference}", status=404)
    assert foreign == ask(world.charlie, "/issues/ML0", status=404)
    ask(world.alice, scope="ServiceHealth.Read.All", status=403)
    assert Client().get("/api/v1/health").status_code == 401


def test_an_issue_with_its_posts(world: World) -> None:
    issue = open_issue(world, on(world.first), ago=HOUR, workaround={"en": "Use the web."})
    found = ask(world.alice, f"/issues/{issue.reference}")
    assert (found["users"], found["users_total"], found["unclear"]) == (214, 214, False)
    assert found["workaround"] == {"en": "Use the web."}
    assert [post["body"]["en"] for post in found["posts"]] == ["We are looking into it."]
    assert found["next_update_by"]


def test_a_released_tenant_gets_its_closing_note_and_no_more(world: World) -> None:
    issue = open_issue(world, on(world.server, unclear=True), ago=HOUR)
    change_audience(
        issue=issue,
        version=None,
        scope=on(world.first),
        why="Clear.",
        body={"en": "Only some."},
        by=SYSTEM,
        now=issue.start_at + HOUR / 2,
    )
    found = ask(world.charlie, f"/issues/{issue.reference}")
    assert (found["released"], found["user_impact"], found["users"]) == (True, {}, 0)
    assert [post["kind"] for post in found["posts"]] == ["closing", "regular"]
    assert ask(world.charlie)["issues"] == []


def test_the_history_of_seven_or_thirty_days(world: World) -> None:
    issue = open_issue(world, on(world.first), ago=timedelta(days=10))
    close(issue, ago=timedelta(days=10) - HOUR)
    [past] = ask(world.alice, "/history")
    assert (past["reference"], past["status"]) == (issue.reference, "serviceRestored")
    assert past["end_at"]
    assert ask(world.alice, "/history?days=7") == []
    assert ask(world.alice, "/history?days=8", status=422)["error"]["field"] == "days"
