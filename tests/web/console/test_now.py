"""The console's first page and the list of issues."""

from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.incidents.services.reports import report_problem
from standfast.engine.targeting import Scope
from tests.factories import SYSTEM, make_provider
from tests.factories_incidents import TITLE, World, detect_issue, make_world, on, publish_issue
from tests.web.console.visitors import at, draft, published, read, recently, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def detect(world: World) -> str:
    return detect_issue(
        world, now=recently(), title={"en": "Disk full on MBX-1"}, status="investigating"
    ).reference


def test_nothing_needs_anybody_at_first(world: World) -> None:
    text = read(visitor(world), at(world, "home"))
    assert "Nothing needs you now." in text
    assert "No issue is open." in text


def test_a_provider_without_services_is_shown_the_next_step() -> None:
    provider = make_provider("newcomer")
    response = visitor(provider).get(at(provider, "home"))
    assert at(provider, "catalog") in response.content.decode()


def test_what_waits_is_counted_and_shown_the_most_urgent_first(world: World) -> None:
    late = recently() - timedelta(hours=3)
    overdue = publish_issue(
        world, on(world.second), now=late, start_at=late, title={"en": "Calendars are slow"}
    ).issue
    reference = detect(world)
    report_problem(
        tenant=world.alice,
        service=world.service,
        feature=None,
        description="No mail since nine.",
        by=SYSTEM,
        now=recently(),
    )
    text = read(visitor(world), at(world, "home"))
    assert "3 things need a person. 1 issue is open." in text
    assert text.index(overdue.reference) < text.index(reference) < text.index("1 report")
    assert "Overdue" in text


def test_an_unclear_scope_and_a_draft_are_marked(world: World) -> None:
    published(world, on(world.first, unclear=True))
    waiting = draft(world, Scope())
    text = read(visitor(world), at(world, "home"))
    assert "1 with an unclear scope" in text
    assert waiting.reference in text


def test_the_list_shows_one_stage_and_searches_ids_and_titles_in_both_languages(
    world: World,
) -> None:
    mail = published(world, on(world.first))
    other = published(world, on(world.second), title={"en": "Search fails"})
    client, address = visitor(world), at(world, "issues")
    assert mail.reference in read(client, address)
    assert mail.reference not in read(client, f"{address}?stage=resolved")
    found = read(client, f"{address}?q={TITLE['zh-hant']}")
    assert mail.reference in found
    assert other.reference not in found
    assert other.reference in read(client, f"{address}?q={other.reference.lower()}")
    assert "Nothing matches" in read(client, f"{address}?q=nothing-like-this")


def test_the_list_filters_by_service_and_classification(world: World) -> None:
    incident = published(world, on(world.first))
    advisory = published(world, on(world.second), classification="advisory")
    client, address = visitor(world), at(world, "issues")
    shown = read(client, f"{address}?classification=advisory&service={world.service.pk}")
    assert advisory.reference in shown
    assert incident.reference not in shown


def test_strange_filters_are_ignored(world: World) -> None:
    issue = published(world, on(world.first))
    address = at(world, "issues")
    odd = f"{address}?service=²&stage=nonsense&page=-3"
    assert issue.reference in read(visitor(world), odd)


def test_another_provider_sees_none_of_it(world: World) -> None:
    issue = published(world, on(world.first))
    stranger = make_provider("stranger")
    client = visitor(stranger)
    assert client.get(at(world, "issues")).status_code == 404
    assert client.get(at(stranger, "issue", issue.reference)).status_code == 404
    assert issue.reference not in read(client, at(stranger, "issues"))
