"""The chart as the provider sees and changes it."""

from __future__ import annotations

from django.http import HttpResponse

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.responsibility.queries.chart import chart_for, services_with_own_rows
from standfast.web.console.frame import console_page, show
from standfast.web.console.responsibility.place import service_of
from standfast.web.entry import PageRequest


@console_page("responsibility.read")
def chart(request: PageRequest) -> HttpResponse:
    """Every row with who owns it and where it was written; what customers see beside it."""
    provider, service = request.access.organisation, service_of(request)
    context = {
        "chart": chart_for(provider, service),
        "service": service,
        "services": services_of(provider),
        "own": services_with_own_rows(provider),
        "level": "service" if service else "provider",
        "query": f"?service={service.key}" if service else "",
        "incident": request.GET.get("when") == "incident",
    }
    return show(request, "responsibility/chart", context)
