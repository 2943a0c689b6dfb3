"""What came in: the log of a source, and alerts that no issue knows of."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from standfast.apps.ingest.queries.sources import (
    get_source_for,
    notifications_of,
    unplaced_alerts,
)
from standfast.apps.ingest.services.again import place_again
from standfast.web.console.frame import back_to, console_page, show
from standfast.web.entry import PageRequest


@console_page("catalog.read")
def log(request: PageRequest, source_id: int) -> HttpResponse:
    """What a source sent, newest first."""
    found = get_source_for(request.access, source_id)
    page = notifications_of(found, page=request.GET.get("page", 1))
    return show(request, "monitoring/log", {"source": found, "page": page})


@console_page("catalog.read")
def unplaced(request: PageRequest) -> HttpResponse:
    """Alerts without a place, of all sources."""
    page = unplaced_alerts(request.access.organisation, page=request.GET.get("page", 1))
    sources = {alert.source_id: alert.source for alert in page.object_list}
    return show(request, "monitoring/unplaced", {"page": page, "sources": sources.values()})


@require_POST
@console_page("ingest.manage")
def again(request: PageRequest, source_id: int) -> HttpResponse:
    """Ask the rules again about alerts that have no place."""
    found = get_source_for(request.access, source_id)
    count = place_again(source=found, by=request.access.actor, now=request.now)
    if count:
        text = ngettext(
            "%(count)s alert has a place now.", "%(count)s alerts have a place now.", count
        )
        messages.success(request, text % {"count": count})
    else:
        messages.warning(
            request,
            _("The rules still find no place. Change a rule or add the component first."),
        )
    return back_to(request, "unplaced")
