"""Deliveries: of the provider, of one issue; another try by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from standfast.apps.delivery.queries.deliveries import (
    STATES,
    deliveries_of,
    failing,
    get_delivery_for,
    notices_of,
    recent_issues,
    stopped_subscriptions,
    totals_of,
    totals_since,
)
from standfast.apps.delivery.services.by_hand import retry_failed
from standfast.apps.incidents.queries.issues import get_provider_issue
from standfast.web.console.frame import back_to, console_page, show
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.delivery.models import Delivery
    from standfast.apps.incidents.models import Issue

DAYS = 7


@console_page("delivery.read")
def deliveries(request: PageRequest) -> HttpResponse:
    """Totals of the last days, what fails, subscriptions that stopped, issues."""
    provider = request.access.organisation
    context = {
        "days": DAYS,
        "totals": totals_since(provider, since=request.now - timedelta(days=DAYS)),
        "page": failing(provider, page=request.GET.get("page", 1)),
        "stopped": stopped_subscriptions(provider),
        "issues": recent_issues(provider, now=request.now, days=DAYS),
    }
    return show(request, "deliveries/overview", context)


@console_page("delivery.read")
def of_issue(request: PageRequest, reference: str) -> HttpResponse:
    """Every notice and delivery of one issue, with the tries."""
    issue = get_provider_issue(request.access, reference)
    state, search = request.GET.get("state", ""), request.GET.get("q", "")
    page = deliveries_of(issue, state=state, search=search, page=request.GET.get("page", 1))
    context = {
        "issue": issue,
        "totals": totals_of(issue),
        "notices": notices_of(issue),
        "page": page,
        "state": state,
        "states": STATES,
        "search": search,
        "filtered": bool(state or search),
    }
    return show(request, "deliveries/issue", context)


@require_POST
@console_page("delivery.manage")
def retry_issue(request: PageRequest, reference: str) -> HttpResponse:
    """Try all failed deliveries of an issue again."""
    issue = get_provider_issue(request.access, reference)
    _retry(request, issue=issue)
    return back_to(request, "issue_deliveries", issue.reference)


@require_POST
@console_page("delivery.manage")
def retry_one(request: PageRequest, delivery_id: int) -> HttpResponse:
    """Try one failed delivery again."""
    delivery = get_delivery_for(request.access, delivery_id)
    _retry(request, delivery=delivery)
    if request.POST.get("from") == "issue" and delivery.notice.issue:
        return back_to(request, "issue_deliveries", delivery.notice.issue.reference)
    return back_to(request, "deliveries")


def _retry(
    request: PageRequest, *, issue: Issue | None = None, delivery: Delivery | None = None
) -> None:
    count = retry_failed(
        provider=request.access.organisation,
        issue=issue,
        delivery=delivery,
        by=request.access.actor,
        now=request.now,
    )
    if not count:
        text = _(
            "Nothing is tried again: the subscriptions have stopped or are not confirmed, or their"
            " people muted the issue or may not read it any more."
        )
        messages.warning(request, text)
        return
    text = ngettext("%(n)s delivery is tried again.", "%(n)s deliveries are tried again.", count)
    messages.success(request, text % {"n": count})
