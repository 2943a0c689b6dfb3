"""Reporting a problem and following the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from standfast.apps.incidents.models import ProblemReport
from standfast.apps.incidents.services.reports import answer_report, tie_report
from tests.factories import SYSTEM, make_feature, make_service
from tests.factories_incidents import make_world, on
from tests.web.portal.readers import open_issue, page, reader, status_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_report_is_sent_shown_and_answered() -> None:
    world = make_world()
    feature = make_feature(world.service, name="Search")
    alice = reader(world.alice, "continuity_manager")
    form = {"service": world.service.pk, "feature": feature.pk, "description": "No hits <b>."}
    path = reverse("portal:reports", args=[world.alice.slug])
    assert alice.post(path, form | {"description": "No hits since 9:00."}).status_code == 302
    report = ProblemReport.objects.get()
    assert (report.tenant, report.service, report.feature) == (world.alice, world.service, feature)
    assert "1 of your reports waits for an answer." in page(alice, "reports", world.alice)
    answer_report(report=report, answer="Update the client.", by=SYSTEM, now=datetime.now(UTC))
    shown = page(alice, "reports", world.alice)
    assert "No report of yours waits for an answer." in shown
    assert "Answer Update the client." in shown


@pytest.mark.parametrize("description", ["", "   ", "A\x00B", "<script>x</script>"])
def test_bad_descriptions_are_refused_at_the_field_and_kept(description: str) -> None:
    world = make_world()
    alice = reader(world.alice)
    path = reverse("portal:reports", args=[world.alice.slug])
    response = alice.post(path, {"service": world.service.pk, "description": description})
    assert response.status_code == 200
    assert b"field-error" in response.content
    assert f'<option value="{world.service.pk}" selected>'.encode() in response.content
    assert not ProblemReport.objects.exists()


def test_services_and_features_of_others_cannot_be_chosen() -> None:
    world = make_world()
    other = make_service(world.provider, "secret", name="Secret service")
    feature = make_feature(other, name="Secret feature")
    alice = reader(world.alice)
    path = reverse("portal:reports", args=[world.alice.slug])
    html = alice.get(path).content.decode()
    assert "Secret" not in html
    for form in (
        {"service": other.pk, "description": "x"},
        {"service": world.service.pk, "feature": feature.pk, "description": "x"},
        {"service": "nonsense", "description": "x"},
    ):
        assert b"field-error" in alice.post(path, form).content
    assert not ProblemReport.objects.exists()


def test_a_report_tied_to_an_issue_of_others_does_not_tell_of_it() -> None:
    world = make_world()
    issues = [
        open_issue(world, on(world.first), ago=HOUR, title={"en": "Seen"}),
        open_issue(world, on(world.second), ago=HOUR, title={"en": "Hidden"}),
    ]
    for issue in issues:
        report = ProblemReport.objects.create(
            tenant=world.alice,
            service=world.service,
            description="It fails.",
            created_at=datetime.now(UTC),
        )
        tie_report(report=report, issue=issue, by=SYSTEM, now=datetime.now(UTC))
    shown = page(reader(world.alice), "reports", world.alice)
    assert "Seen" in shown
    assert "Hidden" not in shown
    assert issues[1].reference not in shown


def test_readers_without_the_right_find_no_page_and_no_link() -> None:
    world = make_world()
    staff = reader(world.alice, "staff")
    assert status_of(staff, "reports", world.alice) == 404
    assert "Report a problem" not in page(staff, "dashboard", world.alice)
