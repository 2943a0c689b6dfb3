"""The audit log: every write in the organisation."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from standfast.apps.tenancy.queries.audit import actions_of, audit_of
from standfast.web.entry import PageRequest
from standfast.web.settings.frame import needs_of, settings_page, show


@settings_page(needs_of("settings:audit"))
def audit(request: HttpRequest) -> HttpResponse:
    """Search the log by person or thing (`q`) and by kind of action."""
    page = cast(PageRequest, request)
    search, action = request.GET.get("q", ""), request.GET.get("action", "")
    found = audit_of(page.access, search=search, action=action, page=request.GET.get("page", 1))
    context = {
        "page": found,
        "entries": [(entry, worded(entry.details)) for entry in found],
        "actions": actions_of(page.access),
        "search": search,
        "action": action,
    }
    return show(page, "audit", context)


def worded(details: Any) -> str:
    """What was written down about a write, as a line to read instead of as JSON."""
    if isinstance(details, dict):
        return " · ".join(f"{name}: {worded(value)}" for name, value in details.items())
    if isinstance(details, list):
        return ", ".join(worded(value) for value in details) or "–"
    return "–" if details in (None, "") else str(details)
