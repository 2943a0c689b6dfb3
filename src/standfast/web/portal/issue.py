"""One issue as the tenant may see it, beside whose part is what, and how its reader was told."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from standfast.apps.delivery.queries.heard import wish_of
from standfast.apps.delivery.queries.proof import how_told
from standfast.apps.delivery.services.choices import note_seen
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
    context: dict[str, Any] = {"view": view, "chart": chart}
    if request.access.may("subscription.own"):
        if request.method == "GET" and not request.headers.get("HX-Request"):
            # Seen with the person's own eyes: not by a page that refreshes itself in a tab.
            note_seen(user=request.user, issue=found, now=request.now)
        context |= {
            "told": how_told(request.access, found),
            "wish": wish_of(request.user.pk, found),
        }
    return show(request, "issue", context)
