"""The public Statuspage documents, as existing clients ask for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from standfast.api.statuspage import NAMES
from tests.factories_incidents import World, make_world, on
from tests.factories_messages import schedule_maintenance
from tests.web.portal.readers import close, open_issue

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return make_world()


def ask(name: str, slug: str = "northlight", **headers: str) -> Any:
    return Client().get(f"/status/{slug}/api/v2/{name}", headers=headers)


def test_a_quiet_page_says_so_in_all_documents(world: World) -> None:
    for name in NAMES:
        response = ask(name)
        assert response.status_code == 200
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response.json()["page"]["url"].endswith("/status/northlight/")
    summary = ask("summary.json").json()
    assert summary["status"] == {"indicator": "none", "description": "All Systems Operational"}
    assert [each["name"] for each in summary["components"]] == ["Mail"]


def test_public_issues_show_and_private_ones_do_not(world: World) -> None:
    open_issue(world, on(world.first), ago=HOUR)
    public = open_issue(world, on(world.region), ago=HOUR, is_public=True)
    ended = open_issue(world, on(world.second), ago=2 * HOUR, is_public=True)
    close(ended, ago=HOUR)
    summary = ask("summary.json").json()
    [incident] = summary["incidents"]
    assert incident["shortlink"].endswith(f"/status/northlight/issues/{public.reference}/")
    assert (incident["status"], incident["impact"]) == ("identified", "minor")
    assert [update["body"] for update in incident["incident_updates"]] == [
        "We are looking into it."
    ]
    assert summary["components"][0]["status"] == "degraded_performance"
    assert summary["status"]["indicator"] == "minor"
    every = ask("incidents.json").json()["incidents"]
    assert [each["status"] for each in every] == ["identified", "resolved"]
    assert ask("incidents/unresolved.json").json()["incidents"] == [incident]


def test_public_maintenance_shows_under_its_state(world: World) -> None:
    schedule_maintenance(world, is_public=True)
    found = ask("scheduled-maintenances/upcoming.json").json()["scheduled_maintenances"]
    assert [each["status"] for each in found] == ["scheduled"]
    assert found[0]["components"][0]["name"] == "Mail"
    assert ask("summary.json").json()["scheduled_maintenances"] == found
    assert ask("scheduled-maintenances/active.json").json()["scheduled_maintenances"] == []


def test_more_issues_need_no_more_queries(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    open_issue(world, on(world.first), ago=HOUR, is_public=True)
    ask("summary.json")
    with CaptureQueriesContext(connection) as one:
        ask("summary.json")
    for _ in range(4):
        open_issue(world, on(world.first), ago=HOUR, is_public=True)
    with django_assert_num_queries(len(one)):
        ask("summary.json")


def test_what_a_client_has_is_not_sent_again(world: World) -> None:
    first = ask("summary.json")
    again = ask("summary.json", **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    open_issue(world, on(world.region), ago=HOUR, is_public=True)
    changed = ask("summary.json", **{"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_pages_of_other_sites_may_ask_with_headers_of_their_own(world: World) -> None:
    response = Client().options("/status/northlight/api/v2/summary.json")
    assert (response.status_code, response["Access-Control-Allow-Headers"]) == (204, "*")
    assert Client().post("/status/northlight/api/v2/summary.json").status_code == 405


def test_an_unknown_page_and_one_without_public_services_are_absent(world: World) -> None:
    assert ask("summary.json", slug="nowhere").status_code == 404
    world.service.is_public = False
    world.service.save()
    assert ask("summary.json").status_code == 404
    assert ask("other.json").status_code == 404
