"""Problem reports, for the tenant that made them and for the provider that answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.models import Issue, ProblemReport
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.access import Access


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """How wide a problem is: open reports on one service, from how many tenants."""

    service: Service
    reports: int
    tenants: int


def reports_of_tenant(tenant: Organisation) -> QuerySet[ProblemReport]:
    """What this tenant reported, newest first."""
    rows = ProblemReport.objects.filter(tenant=tenant)
    return rows.select_related("service", "feature", "issue", "by")


def waiting_reports(tenant: Organisation) -> int:
    """How many of the tenant's reports nobody has answered yet."""
    return ProblemReport.objects.filter(tenant=tenant, state="open").count()


def reports_of_provider(
    provider: Organisation, *, state: str = "", service_id: int | None = None
) -> QuerySet[ProblemReport]:
    """What the provider's tenants reported, newest first."""
    rows = ProblemReport.objects.filter(service__provider=provider)
    if state:
        rows = rows.filter(state=state)
    if service_id:
        rows = rows.filter(service_id=service_id)
    return rows.select_related("tenant", "service", "feature", "issue", "by")


def open_report_groups(provider: Organisation) -> list[ReportGroup]:
    """Open reports put together by service, the widest first."""
    counts = (
        ProblemReport.objects.filter(service__provider=provider, state="open")
        .values("service_id")
        .annotate(reports=Count("id"), tenants=Count("tenant_id", distinct=True))
        .order_by("-tenants", "-reports")
    )
    services = Service.objects.in_bulk([row["service_id"] for row in counts])
    return [
        ReportGroup(services[row["service_id"]], row["reports"], row["tenants"]) for row in counts
    ]


def get_provider_report(access: Access, report_id: int) -> ProblemReport:
    """A report on one of the provider's services. Raises NoAccess."""
    row = reports_of_provider(access.organisation).filter(pk=report_id).first()
    if access.face != "provider" or row is None:
        raise NoAccess
    return row


def reports_of_issue(issue: Issue) -> list[ProblemReport]:
    """The reports that were tied to an issue, newest first."""
    rows = ProblemReport.objects.filter(issue=issue)
    return list(rows.select_related("tenant", "service", "feature", "by"))
