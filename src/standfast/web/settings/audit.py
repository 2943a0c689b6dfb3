"""The audit log: every write in the organisation."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse

from standfast.apps.tenancy.queries.audit import actions_of, audit_of
from standfast.web.entry import PageRequest
from standfast.web.settings.frame import needs_of, settings_page, show


@settings_page(needs_of("settings:audit"))
def audit(request: HttpRequest) -> HttpResponse:
    """Search the log by person or thing (`q`) and by kind of action."""
    page = cast(PageRequest, request)
    search, action = request.GET.get("q", ""), request.GET.get("action", "")
    context = {
        "page": audit_of(
            page.access, search=search, action=action, page=request.GET.get("page", 1)
        ),
        "actions": actions_of(page.access),
        "search": search,
        "action": action,
    }
    return show(page, "audit", context)
