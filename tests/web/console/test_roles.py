"""Who may do what in the console: each role, on each page and step."""

from __future__ import annotations

import pytest

from standfast.apps.incidents.models import Post, PostTemplate
from standfast.apps.incidents.services.reports import report_problem
from tests.factories import SYSTEM, make_user
from tests.factories_incidents import World, detect_issue, make_world, on
from tests.web.console.visitors import (
    at,
    draft,
    draft_form,
    fresh,
    post_form,
    published,
    read,
    recently,
    visitor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


READING = ("home", "issues", "reports", "promises", "templates", "scope", "scope_why")


@pytest.mark.parametrize("role", ["viewer", "engineer", "communicator", "owner"])
def test_everybody_at_the_provider_reads(world: World, role: str) -> None:
    issue = draft(world, on(world.first))
    client = visitor(world, role)
    for name in READING:
        assert client.get(at(world, name)).status_code == 200, name
    for name in ("issue", "issue_preview"):
        assert client.get(at(world, name, issue.reference)).status_code == 200, name


def test_a_viewer_writes_nothing_and_is_offered_nothing(world: World) -> None:
    waiting, told = draft(world, on(world.first)), published(world, on(world.first))
    client = visitor(world, "viewer")
    assert client.get(at(world, "issue_new")).status_code == 404
    for name in ("issue_edit", "issue_scope", "issue_dismiss", "issue_publish"):
        assert client.post(at(world, name, waiting.reference), {}).status_code == 404, name
    for name in ("issue_update", "issue_resolve", "issue_audience_change"):
        assert client.post(at(world, name, told.reference), {}).status_code == 404, name
    assert client.get(at(world, "template_new")).status_code == 404
    offered = read(client, at(world, "issue", told.reference))
    assert "Post an update" not in offered
    assert "Correct" not in offered
    assert (fresh(waiting).version, fresh(told).version) == (waiting.version, told.version)


def test_an_engineer_confirms_and_edits_but_does_not_publish(world: World) -> None:
    detected = detect_issue(world, now=recently())
    client = visitor(world, "engineer")
    confirmed = client.post(at(world, "issue_confirm", detected.reference))
    assert confirmed["Location"] == at(world, "issue_edit", detected.reference)
    typed = draft_form(world, version=str(fresh(detected).version), title_en="MBX-1 is full")
    client.post(at(world, "issue_edit", detected.reference), typed)
    issue = fresh(detected)
    assert (issue.stage, issue.title["en"]) == ("draft", "MBX-1 is full")
    preview = read(client, at(world, "issue_preview", issue.reference))
    assert "Only a communicator may publish" in preview
    assert "Publish now" not in preview
    publish = at(world, "issue_publish", issue.reference)
    assert client.post(publish, post_form(issue)).status_code == 404
    assert (fresh(issue).stage, Post.objects.count()) == ("draft", 0)


def test_an_engineer_answers_no_report_and_writes_no_template(world: World) -> None:
    report = report_problem(
        tenant=world.alice,
        service=world.service,
        feature=None,
        description="No mail.",
        by=SYSTEM,
        now=recently(),
    )
    template = PostTemplate.objects.create(
        provider=world.provider, name="First", body={"en": "Hello."}
    )
    client = visitor(world, "engineer")
    assert client.post(at(world, "report_answer", report.pk), {"answer": "x"}).status_code == 404
    assert client.post(at(world, "report_tie", report.pk), {"issue": "x"}).status_code == 404
    assert client.get(at(world, "template", template.pk)).status_code == 404
    assert client.post(at(world, "template_delete", template.pk)).status_code == 404
    assert PostTemplate.objects.exists()


def test_steps_are_not_taken_by_looking(world: World) -> None:
    issue = draft(world, on(world.first))
    client = visitor(world, "owner")
    for name in ("issue_confirm", "issue_dismiss", "issue_restore", "issue_publish"):
        assert client.get(at(world, name, issue.reference)).status_code == 405, name


def test_outsiders_are_told_nothing(world: World) -> None:
    from django.test import Client

    issue = published(world, on(world.first))
    address = at(world, "issue", issue.reference)
    assert Client().get(address).status_code == 302, "a signed-out visitor may sign in"
    outsider = Client()
    outsider.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert outsider.get(address).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "reports/?service=99999999999999999999999&page=x&state=zzz",
        "scope/?c=2147483647&in=2147483647&s=2147483647",
        "scope/?at=9999999999&page=99999999999999999999",
        "scope/tenants/?in=2147483647&q=%ff",
        "scope/why/?out=1&q=%ff%0a",
        "issues/?page=99999999999999999999999&q=%27%22%3C",
        "on-time/?months=99999999999999999999",
        "issues/new/?service=99999999999999999999&c=1",
    ],
)
def test_strange_addresses_do_no_harm(world: World, query: str) -> None:
    response = visitor(world).get(at(world, "home") + query)
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["scope/tenants/?q=%00", "issues/?a%00=1", "issues/%00/"])
def test_null_characters_in_addresses_are_refused(world: World, path: str) -> None:
    assert visitor(world).get(at(world, "home") + path).status_code == 400


def test_null_characters_in_plain_forms_are_left_out(world: World) -> None:
    issue = draft(world, on(world.first))
    client = visitor(world)
    client.post(at(world, "issue_dismiss", issue.reference), {"why": "No\x00 need."})
    assert fresh(issue).stage == "dismissed"
    assert "“No need.”" in read(client, at(world, "issue", issue.reference))
