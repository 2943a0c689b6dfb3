"""What was wrong for us in the last 7 or 30 days, how long, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse

from standfast.apps.catalog.queries.services import subscribed_services
from standfast.apps.incidents.queries.health import history_for
from standfast.apps.incidents.queries.recoveries import with_extended_recovery
from standfast.apps.incidents.queries.views import TenantIssue, duration_of
from standfast.web.answers import history_answer
from standfast.web.entry import PageRequest
from standfast.web.portal.frame import portal_page, show

SPANS = (7, 30)
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PastIssue:
    """A row of the history. `extended`: the recovery took longer than the repair."""

    row: TenantIssue
    duration: timedelta | None
    extended: bool


@portal_page("health.read")
def history(request: PageRequest) -> HttpResponse:
    """The history of 7 or 30 days, of all services or of one."""
    tenant = request.access.organisation
    days = 7 if request.GET.get("days") == "7" else 30
    services = subscribed_services(tenant)
    service = next((each for each in services if str(each.pk) == request.GET.get("service")), None)
    found = history_for(
        tenant, now=request.now, days=days, service_id=service.pk if service else None
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    extended = with_extended_recovery(each.issue for each in page.object_list)
    rows = [
        PastIssue(each, duration_of(each.issue, request.now), each.issue.pk in extended)
        for each in page.object_list
    ]
    context = {
        "rows": rows,
        "page": page,
        "days": days,
        "spans": SPANS,
        "services": services,
        "service": service,
        "answer": history_answer(found, days),
    }
    return show(request, "history", context)
