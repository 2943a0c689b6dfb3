"""One issue as the tenant may see it, beside whose part is what."""

from __future__ import annotations

from django.http import HttpResponse

from standfast.apps.incidents.queries.health import issue_for
from standfast.apps.responsibility.queries.chart import during
from standfast.web.entry import PageRequest
from standfast.web.portal.frame import portal_page, show


@portal_page("health.read")
def issue(request: PageRequest, reference: str) -> HttpResponse:
    """The issue page; not found for a tenant that was never told."""
    view = issue_for(request.access.organisation, reference, now=request.now)
    found = view.issue
    chart = (
        during(found.provider_id, found.service) if found.is_open and not view.released else None
    )
    return show(request, "issue", {"view": view, "chart": chart})
