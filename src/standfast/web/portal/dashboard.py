"""The first page of a tenant: is anything wrong for us?"""

from __future__ import annotations

from django.http import HttpResponse

from standfast.apps.incidents.queries.health import dashboard_for
from standfast.web.answers import dashboard_answer
from standfast.web.entry import PageRequest
from standfast.web.portal.frame import portal_page, show

# Longer lists wait for “show all”: the page stays quick when hundreds of issues are open.
MOST_OPEN = 12
MOST_PAST = 6


@portal_page("health.read")
def dashboard(request: PageRequest) -> HttpResponse:
    """Services with their status, open issues, what was resolved lately, own reports."""
    found = dashboard_for(request.access.organisation, now=request.now)
    everything = "all" in request.GET
    most_open, most_past = (None, None) if everything else (MOST_OPEN, MOST_PAST)
    lists = {
        "incidents": found.incidents[:most_open],
        "advisories": found.advisories[:most_open],
        "resolved": found.recently_resolved[:most_past],
    }
    return show(
        request,
        "dashboard",
        {"dashboard": found, "answer": dashboard_answer(found), **lists},
    )
