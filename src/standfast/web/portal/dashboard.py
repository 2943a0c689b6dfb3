"""The first page of a tenant: is anything wrong for us?"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from standfast.apps.incidents.queries.health import dashboard_for, dashboard_mark, shown_reports
from standfast.apps.messagecenter.queries.tenants import planned_for, planned_mark
from standfast.web.answers import dashboard_answer
from standfast.web.entry import PageRequest
from standfast.web.kept import Kept
from standfast.web.portal.frame import portal_page, show
from standfast.web.portal.parts import issue_line, past_line, service_tile

# Longer lists wait for “show all”: the page stays quick when hundreds of issues are open.
MOST_OPEN = 12
MOST_PAST = 6
MOST_PLANNED = 3


@dataclass(frozen=True, slots=True)
class HealthParts:
    """What is the same for everybody of a tenant: what is now, and what was resolved lately."""

    now: SafeString
    past: SafeString


_health: Kept[HealthParts] = Kept(most=1_000)
_planned: Kept[SafeString] = Kept(most=1_000)


@portal_page("health.read")
def dashboard(request: PageRequest) -> HttpResponse:
    """Services with their status, open issues, what was resolved lately, own reports."""
    parts = _health.get(_key(request), lambda: _parts(request))
    context = {
        "health_now": parts.now,
        "health_past": parts.past,
        "health_planned": _planned.get(_planned_key(request), lambda: _planned_part(request)),
        "reports": shown_reports(request.access.organisation, now=request.now),
    }
    return show(request, "dashboard", context)


def _key(request: PageRequest) -> Hashable:
    """All that the kept parts depend on."""
    tenant = request.access.organisation
    return (
        tenant.pk,
        tenant.slug,
        dashboard_mark(tenant, now=request.now),
        get_language(),
        timezone.get_current_timezone_name(),
        request.access.may("report.write"),
        "all" in request.GET,
        int(request.now.timestamp()) // 60,
    )


def _planned_key(request: PageRequest) -> Hashable:
    tenant = request.access.organisation
    return (
        tenant.pk,
        tenant.slug,
        planned_mark(tenant),
        get_language(),
        timezone.get_current_timezone_name(),
        int(request.now.timestamp()) // 60,
    )


def _planned_part(request: PageRequest) -> SafeString:
    """The next maintenance of the tenant; nothing when nothing is planned."""
    tenant = request.access.organisation
    planned = planned_for(tenant, now=request.now)
    context = {"planned": planned, "shown": planned[:MOST_PLANNED], "slug": tenant.slug}
    return render_to_string("portal/health_planned.html", context)


def _parts(request: PageRequest) -> HealthParts:
    tenant = request.access.organisation
    found = dashboard_for(tenant, now=request.now, reports=False)
    everything = "all" in request.GET
    most_open, most_past = (None, None) if everything else (MOST_OPEN, MOST_PAST)
    context = {
        "dashboard": found,
        "answer": dashboard_answer(found),
        "incidents": [issue_line(each, tenant.slug) for each in found.incidents[:most_open]],
        "advisories": [issue_line(each, tenant.slug) for each in found.advisories[:most_open]],
        "tiles": [service_tile(line) for line in found.services],
        "resolved": [past_line(each, tenant.slug) for each in found.recently_resolved[:most_past]],
        "may_report": request.access.may("report.write"),
        "slug": tenant.slug,
    }
    return HealthParts(
        now=render_to_string("portal/health_now.html", context),
        past=render_to_string("portal/health_past.html", context),
    )
