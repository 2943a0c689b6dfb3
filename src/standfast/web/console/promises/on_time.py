"""The on-time page."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse

from standfast.apps.incidents.queries.promises import on_time_report, open_promises
from standfast.web.console.frame import console_page, show
from standfast.web.entry import PageRequest

MONTHS = (3, 6, 12)


@console_page("issue.read")
def promises(request: HttpRequest) -> HttpResponse:
    """Show the open promises and the on-time rate per service and month."""
    page = cast(PageRequest, request)
    provider = page.access.organisation
    wanted = request.GET.get("months", "")
    months = int(wanted) if wanted.isdecimal() and int(wanted) in MONTHS else 6
    context = {
        "open": open_promises(provider, now=page.now),
        "report": on_time_report(provider, now=page.now, months=months),
        "months": months,
        "spans": MONTHS,
    }
    return show(request, "promises/on_time", context)
