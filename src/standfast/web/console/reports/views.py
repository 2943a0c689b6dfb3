"""Reading reports, tying them to an issue, answering them."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.incidents.queries.issues import issues_to_tie
from standfast.apps.incidents.queries.reports import (
    get_provider_report,
    open_report_groups,
    reports_of_provider,
)
from standfast.apps.incidents.services.reports import answer_report, tie_report
from standfast.apps.tenancy.errors import Refused
from standfast.web.console.frame import (
    address,
    attempt,
    back_to,
    chosen_id,
    console_page,
    show,
    typed,
)
from standfast.web.console.reports.choosing import chosen_issue
from standfast.web.entry import PageRequest

PAGE_SIZE = 25
STATES = ("open", "linked", "closed")


@console_page("issue.read")
def reports(request: HttpRequest) -> HttpResponse:
    """Show reports, by service: how wide is it?"""
    page = cast(PageRequest, request)
    return _show(page)


@require_POST
@console_page("report.manage")
def tie(request: HttpRequest, report_id: int) -> HttpResponse:
    """Say that a report is about an issue; what is not found is said at its field."""
    page = cast(PageRequest, request)
    report = get_provider_report(page.access, report_id)
    try:
        issue = chosen_issue(page)
        tie_report(report=report, issue=issue, by=page.access.actor, now=page.now)
    except Refused as refused:
        return _show(page, untied=report_id, why=refused.message, words=typed(request, "issue"))
    done = _("The report of %(tenant)s is tied to %(id)s.")
    messages.success(request, done % {"tenant": report.tenant.name, "id": issue.reference})
    return back_to(page, "reports")


@require_POST
@console_page("report.manage")
def answer(request: HttpRequest, report_id: int) -> HttpResponse:
    """Answer a report that needs no issue; an empty answer is refused at its field."""
    page = cast(PageRequest, request)
    report = get_provider_report(page.access, report_id)
    words = typed(request, "answer")
    done = attempt(
        request,
        lambda: answer_report(report=report, answer=words, by=page.access.actor, now=page.now),
        done=_("%(tenant)s reads your answer.") % {"tenant": report.tenant.name},
    )
    if done:
        return back_to(page, "reports")
    return _show(page, refused=report_id, words=words)


def _show(
    page: PageRequest,
    *,
    refused: int | None = None,
    untied: int | None = None,
    why: str = "",
    words: str = "",
) -> HttpResponse:
    """The page; of the report whose answer was `refused`, or that stays `untied`, with `words`."""
    provider = page.access.organisation
    state = page.GET.get("state", "open")
    state = state if state in STATES else "open"
    known = {each.pk for each in services_of(provider, retired=True)}
    service_id = chosen_id(page.GET.get("service", ""), known)
    groups = open_report_groups(provider)
    rows = reports_of_provider(provider, state=state, service_id=service_id)
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(page.GET.get("page", 1)),
        "groups": groups,
        "open_count": sum(group.reports for group in groups),
        "state": state,
        "states": STATES,
        "service": service_id,
        "offered": issues_to_tie(provider, now=page.now),
        "here": address(page, "reports"),
        "refused": refused,
        "untied": untied,
        "why": why,
        "typed": words,
    }
    return show(page, "reports/list", context)
