from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.models import ProblemReport
from standfast.apps.incidents.queries.health import dashboard_for
from standfast.apps.incidents.queries.reports import (
    get_provider_report,
    open_report_groups,
    reports_of_provider,
    reports_of_tenant,
)
from standfast.apps.incidents.services.reports import answer_report, report_problem, tie_report
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import AuditEntry, Organisation, OutboxEvent
from standfast.apps.tenancy.queries.access import accesses_of
from tests.factories import (
    NOW,
    SYSTEM,
    make_feature,
    make_member,
    make_provider,
    make_service,
    make_subscription,
)
from tests.factories_incidents import World, make_draft, make_world, on, publish_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def report(tenant: Organisation, service: Service, **changes: Any) -> ProblemReport:
    values: dict[str, Any] = {"feature": None, "description": "Nobody can sign in.", "now": NOW}
    return report_problem(tenant=tenant, service=service, by=SYSTEM, **{**values, **changes})


def test_a_report_reaches_its_provider_and_stays_with_its_tenant(world: World) -> None:
    made = report(world.alice, world.service, description="  It is\r\nslow  ")
    assert (made.state, made.description) == ("open", "It is\nslow")
    assert list(reports_of_tenant(world.alice)) == [made]
    assert list(reports_of_tenant(world.bob)) == []
    assert list(reports_of_provider(world.provider, state="open")) == [made]
    assert list(reports_of_provider(make_provider())) == []
    assert dashboard_for(world.alice, now=NOW).reports == [made]
    assert dashboard_for(world.bob, now=NOW).reports == []
    event = OutboxEvent.objects.get()
    assert (event.kind, event.payload) == ("report.received", {"report_id": made.pk})
    assert AuditEntry.objects.get(action="report.received").organisation == world.alice


def test_only_services_that_the_tenant_uses_can_be_reported(world: World) -> None:
    unused = make_service(world.provider, "unused")
    with pytest.raises(Refused) as refused:
        report(world.alice, unused)
    assert refused.value.field == "service"
    with pytest.raises(Refused) as refused:
        report(world.alice, world.service, feature=make_feature(unused))
    assert refused.value.field == "feature"


@pytest.mark.parametrize("text", ["", " \n ", "a\x00b", "bell \x07", "x" * 5_001, "<b>bold</b>"])
def test_a_bad_description_is_refused_at_its_field(world: World, text: str) -> None:
    with pytest.raises(Refused) as refused:
        report(world.alice, world.service, description=text)
    assert refused.value.field == "description"
    assert not ProblemReport.objects.exists()


def test_a_report_is_tied_to_an_issue_of_its_own_provider(world: World) -> None:
    issue = publish_issue(world, on(world.first)).issue
    made = report(world.alice, world.service)
    tie_report(report=made, issue=issue, by=SYSTEM, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.issue, made.answered_at) == ("linked", issue, NOW)
    other = make_provider()
    theirs = make_service(other, "theirs")
    make_subscription(world.alice, theirs)
    stranger = report(world.alice, theirs)
    with pytest.raises(Refused) as refused:
        tie_report(report=stranger, issue=make_draft(world, on(world.first)), by=SYSTEM, now=NOW)
    assert refused.value.field == "issue"
    stranger.refresh_from_db()
    assert (stranger.state, stranger.issue) == ("open", None)


def test_an_answer_closes_a_report_and_leaves_the_dashboard_in_a_week(world: World) -> None:
    made = report(world.alice, world.service)
    answer_report(report=made, answer=" Please restart.\nThen tell us. ", by=SYSTEM, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.answer) == ("closed", "Please restart.\nThen tell us.")
    week = timedelta(days=7)
    assert dashboard_for(world.alice, now=NOW + week).reports == [made]
    assert dashboard_for(world.alice, now=NOW + week + timedelta(seconds=1)).reports == []
    assert list(reports_of_tenant(world.alice)) == [made]


@pytest.mark.parametrize("answer", ["", "  ", "a\x00b", "x" * 5_001])
def test_a_bad_answer_is_refused(world: World, answer: str) -> None:
    made = report(world.alice, world.service)
    with pytest.raises(Refused) as refused:
        answer_report(report=made, answer=answer, by=SYSTEM, now=NOW)
    assert refused.value.field == "answer"
    made.refresh_from_db()
    assert made.state == "open"


def test_groups_count_tenants_and_put_the_widest_first(world: World) -> None:
    chat = make_service(world.provider, "chat")
    for tenant in (world.alice, world.bob):
        make_subscription(tenant, chat)
        report(tenant, chat)
    for _again in range(3):
        report(world.charlie, world.service)
    answered = report(world.dora, world.service)
    answer_report(report=answered, answer="Done.", by=SYSTEM, now=NOW)
    groups = [
        (each.service, each.reports, each.tenants) for each in open_report_groups(world.provider)
    ]
    assert groups == [(chat, 2, 2), (world.service, 3, 1)]


def test_a_report_opens_for_its_provider_alone(world: World) -> None:
    made = report(world.alice, world.service)
    (own,) = accesses_of(make_member(world.provider, "viewer"))
    assert get_provider_report(own, made.pk) == made
    (foreign,) = accesses_of(make_member(make_provider(), "owner"))
    (tenant,) = accesses_of(make_member(world.alice, "admin"))
    for access in (foreign, tenant):
        with pytest.raises(NoAccess):
            get_provider_report(access, made.pk)
