"""Whose part is what: the chart of a service, day by day or during an incident."""

from __future__ import annotations

from django.http import HttpResponse

from standfast.apps.catalog.queries.services import subscribed_services
from standfast.apps.responsibility.queries.chart import chart_for
from standfast.web.entry import PageRequest
from standfast.web.portal.frame import portal_page, show


@portal_page("chart.read")
def responsibility(request: PageRequest) -> HttpResponse:
    """The chart as layers, for one of the tenant's services."""
    services = subscribed_services(request.access.organisation)
    asked = request.GET.get("service")
    service = next((each for each in services if str(each.pk) == asked), None)
    service = service or (services[0] if services else None)
    context = {
        "services": services,
        "service": service,
        "chart": chart_for(service.provider_id, service) if service else None,
        "incident": request.GET.get("when") == "incident",
    }
    return show(request, "responsibility", context)
