"""Which chart a page is about: the provider's own, or that of the service in the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from standfast.apps.catalog.queries.services import get_service_for
from standfast.web.console.frame import back_to
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Service


def service_of(request: PageRequest) -> Service | None:
    """The service named by `?service=KEY`, None for all services. Raises NoAccess."""
    key = request.GET.get("service", "")
    return get_service_for(request.access.organisation, key) if key else None


def back_to_chart(request: PageRequest, service: Service | None) -> HttpResponse:
    """Redirect to the chart that was changed."""
    return back_to(request, "responsibility", query=f"service={service.key}" if service else "")
