"""The catalog's API: services, components, subscriptions, placements, imports."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from standfast.apps.catalog.models import Placement, PlacementImport, Service
from standfast.apps.catalog.services.import_queue import run_next_import
from standfast.apps.tenancy.models import AuditEntry, Organisation
from tests.factories import (
    NOW,
    make_component,
    make_member,
    make_placement,
    make_provider,
    make_service,
    make_tenant,
    make_token,
)

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
ROWS = "tenant,component,service,users\nacme,S1,mail,5\n"


class Program:
    """A program with a token of one organisation."""

    def __init__(self, organisation: Organisation, *scopes: str) -> None:
        self.client = Client(
            headers={"Authorization": f"Bearer {make_token(organisation, *scopes)}"}
        )

    def ask(self, method: str, path: str, body: object = None, *, status: int = 200) -> Any:
        response = self.client.generic(
            method, ROOT + path, json.dumps(body) if body else "", "application/json"
        )
        assert response.status_code == status, response.content
        return json.loads(response.content) if response.content else None

    def refused(self, method: str, path: str, body: object = None) -> str:
        field: str = self.ask(method, path, body, status=422)["error"]["field"]
        return field


@pytest.fixture(autouse=True)
def _no_throttle() -> None:
    cache.clear()


@pytest.fixture
def provider() -> Organisation:
    return make_provider("cloud")


@pytest.fixture
def program(provider: Organisation) -> Program:
    return Program(provider, "catalog.read", "catalog.write", "placements.write")


def test_services_are_listed_added_and_changed(program: Program, provider: Organisation) -> None:
    owner = make_member(provider, "engineer")
    body = {"key": "mail", "name": {"en": "Mail"}, "issue_prefix": "ML", "owner": owner.email}
    made = program.ask("POST", "/services", body, status=201)
    assert (made["key"], made["owner"], made["cadence_minutes"]) == ("mail", owner.email, 60)
    assert program.refused("POST", "/services", body) == "key"
    changed = program.ask("PATCH", "/services/mail", {"cadence_minutes": 30, "name": None})
    assert (changed["cadence_minutes"], changed["name"]) == (30, {"en": "Mail"})
    assert program.ask("PATCH", "/services/mail", {"owner": None})["owner"] is None
    assert program.refused("PATCH", "/services/mail", {"owner": "a@b.c"}) == "owner"
    assert program.refused("PATCH", "/services/mail", {"cadence_minutes": 1}) == "cadence_minutes"
    program.ask("POST", "/services/mail/features", {"key": "s", "name": {"en": "S"}}, status=201)
    program.ask("PATCH", "/services/mail/features/s", {"position": 3})
    (listed,) = program.ask("GET", "/services")
    assert listed["features"] == [{"key": "s", "name": {"en": "S"}, "group": {}, "position": 3}]
    program.ask("POST", "/services/mail/retire")
    assert program.ask("GET", "/services") == []
    assert len(program.ask("GET", "/services?retired=true")) == 1
    assert program.ask("POST", "/services/mail/restore")["retired_at"] is None
    assert AuditEntry.objects.filter(actor__startswith="token ").count() == 7


def test_components_are_a_tree_without_circles(program: Program) -> None:
    program.ask("POST", "/components", {"key": "TOP", "kind": "region"}, status=201)
    body = {"key": "LOW", "kind": "server", "parents": ["TOP"]}
    assert program.ask("POST", "/components", body, status=201)["parents"] == ["TOP"]
    assert program.refused("PATCH", "/components/TOP", {"parents": ["LOW"]}) == "parents"
    assert program.refused("PATCH", "/components/TOP", {"parents": ["NOWHERE"]}) == "parents"
    assert program.refused("POST", "/components", {"key": "a b", "kind": "x"}) == "key"
    found = program.ask("GET", "/components?q=lo")
    assert ([item["key"] for item in found["items"]], found["count"]) == (["LOW"], 1)
    assert program.ask("GET", "/components/TOP/children")["items"][0]["key"] == "LOW"
    moved = program.ask("PATCH", "/components/LOW", {"parents": [], "name": "Low"})
    assert (moved["parents"], moved["name"], moved["is_root"]) == ([], "Low", True)
    assert program.ask("POST", "/components/LOW/retire")["retired_at"]
    assert program.ask("POST", "/components/LOW/restore")["retired_at"] is None


def test_subscriptions_and_placements(program: Program, provider: Organisation) -> None:
    make_service(provider, "mail")
    make_component(provider, "S1")
    make_tenant("acme")
    wanted = {"tenant": "acme", "service": "mail", "seats": 5}
    assert program.ask("PUT", "/subscriptions", wanted)["seats"] == 5
    assert program.ask("GET", "/subscriptions?service=mail")["count"] == 1
    place = {"tenant": "acme", "component": "S1", "service": "mail", "users": 7}
    program.ask("PUT", "/placements", place)
    assert program.ask("GET", "/placements?tenant=acme")["items"] == [place]
    assert program.ask("GET", "/components/S1")["users"] == 7
    for field, value in (("tenant", "x"), ("component", "x"), ("service", "x"), ("users", -1)):
        assert program.refused("PUT", "/placements", {**place, field: value}) == field
    ending = "/subscriptions?tenant=acme&service=mail"
    assert program.refused("DELETE", ending) == "subscription"
    program.ask("DELETE", "/placements?tenant=acme&component=S1&service=mail", status=204)
    program.ask("DELETE", ending, status=204)
    assert not Placement.objects.exists()


@pytest.fixture
def world(provider: Organisation) -> None:
    make_service(provider, "mail")
    make_component(provider, "S1")
    make_tenant("acme")


@pytest.mark.usefixtures("world")
def test_a_file_is_imported_as_body_and_as_form(program: Program) -> None:
    sent = program.client.post(f"{ROOT}/placements/imports?mode=full", ROWS, "text/csv")
    assert sent.status_code == 202
    assert sent.json()["state"] == "queued"
    run_next_import(now=NOW)
    state = program.ask("GET", f"/placements/imports/{sent.json()['id']}")
    assert (state["state"], state["added"], state["percent"]) == ("done", 1, 100)
    file = SimpleUploadedFile("p.csv", (ROWS + "nobody,S1,mail,1\n").encode())
    sent = program.client.post(f"{ROOT}/placements/imports", {"file": file, "mode": "delta"})
    assert sent.status_code == 202
    run_next_import(now=NOW)
    state = program.ask("GET", f"/placements/imports/{sent.json()['id']}")
    assert (state["state"], state["error_count"]) == ("failed", 1)
    assert state["errors"][0]["line"] == 3
    assert program.ask("GET", "/placements/imports")["count"] == 2


@pytest.mark.usefixtures("world")
def test_a_file_without_a_mode_or_without_content_is_refused(program: Program) -> None:
    for path, body, field in (
        ("/placements/imports", ROWS, "mode"),
        ("/placements/imports?mode=full", "", "file"),
    ):
        answer = program.client.post(ROOT + path, body, "text/csv")
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    answer = program.client.post(f"{ROOT}/placements/imports", {"mode": "full"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "file")
    assert not PlacementImport.objects.exists()


def test_hostile_words_find_nothing_and_break_nothing(program: Program) -> None:
    for path in ("/components/%00", "/services/%00", "/placements?tenant=%00", "/components?q=%00"):
        assert program.client.get(f"{ROOT}{path}").status_code == 400
    nul = {"tenant": "a\x00", "component": "b\x00", "service": "c\x00", "users": 1}
    assert program.refused("PUT", "/placements", nul) == "tenant"
    assert program.refused("POST", "/components", {"key": "a\x00", "kind": "x"}) == "key"
    assert program.refused("PUT", "/placements", {**nul, "users": "many"}) == "users"


def test_scopes_and_providers_are_kept_apart(provider: Organisation) -> None:
    other = make_provider("other")
    service = make_service(other, "theirs")
    component = make_component(other, "THEIRS")
    make_placement(make_tenant("acme"), component, service)
    reader = Program(provider, "catalog.read")
    reader.ask("POST", "/services", {"key": "x", "name": {"en": "X"}}, status=403)
    reader.client.post(f"{ROOT}/placements/imports?mode=full", ROWS, "text/csv")
    assert not PlacementImport.objects.exists()
    for path in (
        "/services/theirs",
        "/components/THEIRS",
        "/subscriptions?service=theirs",
        "/placements?tenant=acme",
        "/placements/imports/1",
    ):
        reader.ask("GET", path, status=404)
    assert Service.objects.count() == 1
