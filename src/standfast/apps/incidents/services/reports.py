"""Problems that tenants report, and the answers they get."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Feature, Service, ServiceSubscription
from standfast.apps.incidents.models import Issue, ProblemReport
from standfast.apps.incidents.services.wording import checked
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.outbox import announce


@transaction.atomic
def report_problem(
    *,
    tenant: Organisation,
    service: Service,
    feature: Feature | None,
    description: str,
    by: Actor,
    now: datetime,
) -> ProblemReport:
    """A tenant reports a problem with a service that it uses."""
    if not ServiceSubscription.objects.filter(tenant=tenant, service=service).exists():
        raise Refused("service", _("Choose one of the services that you use."))
    if feature and feature.service_id != service.pk:
        raise Refused("feature", _("This feature belongs to another service; choose again."))
    text = _text("description", description)
    report = ProblemReport.objects.create(
        tenant=tenant,
        service=service,
        feature=feature,
        description=text,
        by=by.user,
        created_at=now,
    )
    announce(kind="report.received", now=now, report_id=report.pk)
    _audit(report, "report.received", by, now, organisation=tenant)
    return report


@transaction.atomic
def tie_report(*, report: ProblemReport, issue: Issue, by: Actor, now: datetime) -> None:
    """Say that a report is about an issue. The issue must be of the report's provider."""
    if issue.provider_id != report.service.provider_id:
        raise Refused("issue", _("Choose one of your own issues."))
    report.state, report.issue, report.answered_at = "linked", issue, now
    report.save(update_fields=["state", "issue", "answered_at"])
    _audit(report, "report.tied", by, now, issue=issue.reference)


@transaction.atomic
def answer_report(*, report: ProblemReport, answer: str, by: Actor, now: datetime) -> None:
    """Answer a report that needs no issue."""
    if not answer.strip():
        raise Refused("answer", _("Write an answer; the tenant reads it."))
    report.state, report.answer, report.answered_at = "closed", _text("answer", answer), now
    report.save(update_fields=["state", "answer", "answered_at"])
    _audit(report, "report.answered", by, now)


def _text(field: str, text: str) -> str:
    try:
        return checked(field, {"en": text}, required=True, longest=5_000)["en"]
    except Refused as refused:
        raise Refused(field, refused.message) from refused


def _audit(
    report: ProblemReport,
    action: str,
    by: Actor,
    now: datetime,
    organisation: Organisation | None = None,
    **details: object,
) -> None:
    record(
        by=by,
        organisation=organisation or report.service.provider,
        action=action,
        kind="problem report",
        key=report.pk,
        now=now,
        **details,
    )
