"""The issues' API: from a draft over publishing to the end, and what it refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.queries.health import issue_for
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation
from tests.factories import make_component, make_feature, make_provider, make_token
from tests.factories_incidents import World, make_world

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/issues"


@pytest.fixture(autouse=True)
def _no_throttle() -> None:
    cache.clear()


@pytest.fixture
def world() -> World:
    return make_world()


class Program:
    """A program with a token of one organisation."""

    def __init__(self, organisation: Organisation, *scopes: str) -> None:
        token = make_token(organisation, *(scopes or ("issues.read", "issues.write")))
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def ask(self, method: str, path: str, body: object = None, *, status: int = 200) -> Any:
        sent = "" if body is None else json.dumps(body)
        response = self.client.generic(method, ROOT + path, sent, "application/json")
        assert response.status_code == status, response.content
        return json.loads(response.content)

    def refused(self, method: str, path: str, body: object, *, status: int = 422) -> str:
        field: str = self.ask(method, path, body, status=status)["error"]["field"]
        return field


def draft_body(**changes: Any) -> dict[str, Any]:
    start = datetime.now(UTC) - timedelta(minutes=20)
    body = {
        "service": "mail",
        "title": {"en": "Mailboxes do not open", "zh-hant": "信箱無法開啟"},
        "user_impact": {"en": "People cannot open their mailbox."},
        "status": "serviceDegradation",
        "start_at": start.isoformat(),
        "scope": {"components": ["MBX-1"]},
    }
    return {**body, **changes}


def test_an_issue_from_draft_to_end(world: World) -> None:
    make_feature(world.service, "search")
    program = Program(world.provider)
    made = program.ask("POST", "", draft_body(feature="search"), status=201)
    path = f"/{made['reference']}"
    assert (made["stage"], made["feature"], made["cadence_minutes"]) == ("draft", "search", 60)
    with pytest.raises(NoAccess):
        issue_for(world.alice, made["reference"], now=datetime.now(UTC))

    told = program.ask("POST", f"{path}/publish", {"body": {"en": "We look."}, "why": "alerts"})
    assert (told["stage"], told["tenants"], told["users"]) == ("published", 2, 244)
    assert told["audiences"][0]["why"] == "alerts"
    assert issue_for(world.alice, made["reference"], now=datetime.now(UTC)).users == 214

    news = {
        "body": {"en": "A fix is on its way."},
        "status": "restoringService",
        "cadence_minutes": 15,
        "changes": {"workaround": {"en": "Use the web."}},
    }
    updated = program.ask("POST", f"{path}/updates", news)
    assert (updated["status"], updated["workaround"]) == (
        "restoringService",
        {"en": "Use the web."},
    )
    assert updated["user_impact"] == made["user_impact"], "what is left out stays"
    assert [post["number"] for post in updated["posts"]] == [2, 1]
    assert updated["posts"][0]["by"].startswith("token ")

    over = program.ask("POST", f"{path}/resolve", {"body": {"en": "It works again."}})
    assert (over["stage"], over["next_update_by"]) == ("resolved", None)
    again = program.refused("POST", f"{path}/updates", {"body": {"en": "More."}})
    assert again == "status"


def test_a_scope_names_components_services_and_tenants(world: World) -> None:
    program = Program(world.provider)
    scope = {
        "components": ["MBX-1"],
        "services": ["mail"],
        "include": ["dora"],
        "exclude": ["bob"],
        "unclear": False,
    }
    made = program.ask("POST", "", draft_body(scope={}), status=201)
    path = f"/{made['reference']}"
    chosen = program.ask("PUT", f"{path}/scope?version={made['version']}", scope)
    assert chosen["scope"] == scope
    told = program.ask("POST", f"{path}/publish", {"body": {"en": "We look."}})
    assert told["tenants"] == 2
    assert issue_for(world.dora, made["reference"], now=datetime.now(UTC)).users == 0


def test_issues_are_listed_and_found(world: World) -> None:
    program = Program(world.provider, "issues.read")
    writer = Program(world.provider)
    first = writer.ask("POST", "", draft_body(), status=201)["reference"]
    other = draft_body(title={"en": "Search fails"}, classification="advisory")
    second = writer.ask("POST", "", other, status=201)["reference"]
    assert [each["reference"] for each in program.ask("GET", "")["items"]] == [second, first]
    for query in ("?q=search", "?classification=advisory", "?service=mail&q=FAILS"):
        assert [each["reference"] for each in program.ask("GET", query)["items"]] == [second]
    assert program.ask("GET", "?stage=resolved")["count"] == 0
    assert program.refused("GET", "?stage=nonsense", None) == "stage"
    assert program.refused("GET", "?service=nonsense", None) == "service"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"service": "nonsense"}, "service"),
        ({"feature": "nonsense"}, "feature"),
        ({"title": {}}, "title_en"),
        ({"title": {"fr": "Bonjour"}}, "title_fr"),
        ({"title": "just text"}, "title"),
        ({"user_impact": {"en": "<b>x</b>"}}, "user_impact_en"),
        ({"user_impact": {"en": "bell \x07"}}, "user_impact_en"),
        ({"start_at": "2026-01-31T14:00:00"}, "start_at"),
        ({"start_at": "yesterday"}, "start_at"),
        ({"status": "serviceOperational"}, "status"),
        ({"cadence_minutes": -5}, "cadence_minutes"),
        ({"scope": {"components": ["NO-SUCH"]}}, "components"),
        ({"scope": {"components": ["NO\x00"]}}, "scope.components.0"),
        ({"scope": {"include": ["nobody"]}}, "include"),
        ({"scope": {"exclude": ["nobody"]}}, "exclude"),
        ({"scope": {"services": ["nonsense"]}}, "service"),
    ],
)
def test_bad_drafts_are_refused_by_field(world: World, changes: dict[str, Any], field: str) -> None:
    assert Program(world.provider).refused("POST", "", draft_body(**changes)) == field
    assert not Issue.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": {}}, "body_en"),
        ({"body": {"en": "<script>x</script>"}}, "body_en"),
        ({"next_update_by": "2999-01-01T00:00:00"}, "next_update_by"),
        ({"next_update_by": "2001-01-01T00:00:00Z"}, "next_update_by"),
        ({"cadence_minutes": 0}, "cadence_minutes"),
        ({"why": "null \x00"}, "why"),
    ],
)
def test_bad_posts_are_refused_and_nothing_is_told(
    world: World, changes: dict[str, Any], field: str
) -> None:
    program = Program(world.provider)
    made = program.ask("POST", "", draft_body(), status=201)
    body = {"body": {"en": "We look."}, **changes}
    assert program.refused("POST", f"/{made['reference']}/publish", body) == field
    assert (Issue.objects.get().stage, Post.objects.count()) == ("draft", 0)


def test_nobody_is_published_to_by_accident(world: World) -> None:
    program = Program(world.provider)
    made = program.ask("POST", "", draft_body(scope={}), status=201)
    path = f"/{made['reference']}/publish"
    assert program.refused("POST", path, {"body": {"en": "We look."}}) == "components"


def test_a_version_that_is_no_longer_the_newest_is_a_conflict(world: World) -> None:
    program = Program(world.provider)
    made = program.ask("POST", "", draft_body(), status=201)
    path, version = f"/{made['reference']}", made["version"]
    program.ask("POST", f"{path}/publish", {"body": {"en": "We look."}, "version": version})
    late = {"body": {"en": "Mine."}, "version": version}
    assert program.refused("POST", f"{path}/updates", late, status=409) == "version"
    assert Post.objects.count() == 1


def test_other_providers_and_lesser_tokens_are_kept_out(world: World) -> None:
    made = Program(world.provider).ask("POST", "", draft_body(), status=201)
    path = f"/{made['reference']}"
    stranger = make_provider("stranger")
    make_component(stranger, "SECRET-1")
    foreign = Program(stranger)
    assert foreign.ask("GET", "")["count"] == 0
    absent = foreign.ask("GET", path, status=404)
    assert absent == foreign.ask("GET", "/ML1", status=404), "absent and foreign look alike"
    foreign.ask("POST", f"{path}/publish", {"body": {"en": "Mine."}}, status=404)
    secret = draft_body(scope={"components": ["SECRET-1"]})
    assert Program(world.provider).refused("POST", "", secret) == "components"

    reader = Program(world.provider, "issues.read")
    reader.ask("GET", path)
    reader.ask("POST", f"{path}/publish", {"body": {"en": "Mine."}}, status=403)
    assert Client().get(ROOT).status_code == 401
    assert Issue.objects.get().stage == "draft"
