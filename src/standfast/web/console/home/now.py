"""What needs me now?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.delivery.queries.deliveries import failing, stopped_subscriptions
from standfast.apps.incidents.queries.issues import what_needs_me
from standfast.apps.incidents.queries.reports import open_report_groups
from standfast.apps.ingest.queries.alerts import AlertSummary, summaries_of
from standfast.apps.messagecenter.queries.provider import late_ones
from standfast.apps.publishing.queries.targets import freshness
from standfast.web.console.frame import console_page, show
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue

# So many rows of a kind; the rest is in the list of issues.
SHOWN = 12
_NO_ALERTS = AlertSummary(0, 0)


@dataclass(frozen=True, slots=True)
class Detected:
    """A detected issue with how its alerts stand."""

    issue: Issue
    alerts: AlertSummary


@console_page("console.read")
def now(request: HttpRequest) -> HttpResponse:
    """Show what waits for a person, the most urgent first."""
    page = cast(PageRequest, request)
    provider = page.access.organisation
    needs = what_needs_me(provider, now=page.now)
    alerts = summaries_of([issue.pk for issue in needs.detected[:SHOWN]])
    trouble = failing(provider)
    groups = open_report_groups(provider)
    stopped = stopped_subscriptions(provider, limit=SHOWN)
    late = late_ones(provider, now=page.now)
    stale = [place for place in freshness(now=page.now) if place.level == "bad"]
    context = {
        "needs": needs,
        "detected": [
            Detected(issue, alerts.get(issue.pk, _NO_ALERTS)) for issue in needs.detected[:SHOWN]
        ],
        "trouble": trouble,
        "stopped": stopped,
        "late": late,
        "groups": groups,
        "stale": stale,
        "waiting": needs.count
        + trouble.paginator.count
        + sum(len(each) for each in (groups, stopped, stale, late)),
        "shown": SHOWN,
        "has_services": bool(services_of(provider)),
    }
    return show(request, "home/now", context)
