"""One tenant's view as a Statuspage: nothing of anybody else is in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from standfast.api.statuspage import NAMES
from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.tenancy.models import ApiToken
from standfast.apps.tenancy.services.tokens import revoke_token
from tests.factories import SYSTEM, make_token
from tests.factories_incidents import World, make_world, on
from tests.factories_messages import schedule_maintenance
from tests.web.portal.readers import close, open_issue

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return make_world()


def ask(slug: str, token: str, name: str = "summary.json", **headers: str) -> Any:
    bearer = {"authorization": f"Bearer {token}"} if token else {}
    address = f"/api/statuspage/{slug}/api/v2/{name}"
    return Client().get(address, headers={**bearer, **headers})


def by_address(token: str, name: str = "summary.json") -> Any:
    return Client().get(f"/api/statuspage/token/{token}/api/v2/{name}")


def test_a_tenant_sees_its_issues_and_nobody_else_s(world: World) -> None:
    issue = open_issue(world, on(world.first), ago=HOUR)
    token = make_token(world.alice, "health.read")
    found = ask("alice", token).json()
    assert found["page"]["name"] == world.alice.name
    [incident] = found["incidents"]
    assert incident["shortlink"].endswith(f"/portal/alice/issues/{issue.reference}/")
    assert found["status"]["indicator"] == "minor"
    other = make_token(world.charlie, "health.read")
    calm = ask("charlie", other).json()
    assert (calm["incidents"], calm["status"]["indicator"]) == ([], "none")
    assert issue.reference not in str(calm)


def test_the_token_in_the_address_gives_the_same_until_it_is_revoked(world: World) -> None:
    token = make_token(world.alice, "health.read")
    for name in NAMES:
        assert by_address(token, name).content == ask("alice", token, name).content
    revoke_token(token=ApiToken.objects.get(), by=SYSTEM, now=timezone.now())
    assert by_address(token).status_code == ask("alice", token).status_code == 401


def test_a_foreign_page_is_absent_and_a_bad_token_is_unauthorized(world: World) -> None:
    token = make_token(world.alice, "health.read")
    assert ask("bob", token).content == ask("nowhere", token).content
    assert ask("bob", token).status_code == 404
    for bad in ("", "sft_x_y", "nonsense"):
        assert ask("alice", bad).status_code == 401
    assert by_address("sft_x_y").status_code == 401
    narrow = make_token(world.alice, "ServiceHealth.Read.All")
    assert ask("alice", narrow).status_code == by_address(narrow).status_code == 403


def test_who_was_let_go_no_longer_sees_the_issue(world: World) -> None:
    issue = open_issue(world, on(world.region), ago=HOUR)
    token = make_token(world.charlie, "health.read")
    assert len(ask("charlie", token).json()["incidents"]) == 1
    change_audience(
        issue=issue,
        scope=on(world.first),
        why="It is only the first.",
        version=None,
        body={"en": "It is only the first."},
        by=SYSTEM,
        now=timezone.now(),
    )
    for name in ("summary.json", "incidents.json"):
        assert ask("charlie", token, name).json()["incidents"] == []


def test_ended_issues_and_planned_work_are_in_their_lists(world: World) -> None:
    issue = open_issue(world, on(world.first), ago=HOUR)
    close(issue, ago=HOUR / 2)
    schedule_maintenance(world)
    token = make_token(world.alice, "health.read")
    assert ask("alice", token, "incidents/unresolved.json").json()["incidents"] == []
    [ended] = ask("alice", token, "incidents.json").json()["incidents"]
    assert (ended["status"], ended["resolved_at"] is None) == ("resolved", False)
    upcoming = ask("alice", token, "scheduled-maintenances/upcoming.json").json()
    assert len(upcoming["scheduled_maintenances"]) == 1


def test_a_client_that_has_it_is_told_so_and_no_cache_between_may_keep_it(world: World) -> None:
    token = make_token(world.alice, "health.read")
    first = ask("alice", token)
    assert first["Cache-Control"] == "private, no-cache"
    assert ask("alice", token, **{"if-none-match": first["ETag"]}).status_code == 304
