"""Reading reports, tying them to an issue, answering them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.incidents.queries.issues import get_provider_issue, provider_issues
from standfast.apps.incidents.queries.reports import (
    get_provider_report,
    open_report_groups,
    reports_of_provider,
)
from standfast.apps.incidents.services.reports import answer_report, tie_report
from standfast.apps.tenancy.errors import NoAccess
from standfast.web.console.frame import (
    address,
    attempt,
    back_to,
    chosen_id,
    console_page,
    show,
    typed,
)
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue

PAGE_SIZE = 25
STATES = ("open", "linked", "closed")
# Open issues offered for tying; others are named by their id.
OFFERED = 50


def issue_named(page: PageRequest) -> Issue | None:
    """The issue that a form names by its id; None, with a message, when there is none."""
    reference = typed(page, "issue").strip().upper()
    try:
        return get_provider_issue(page.access, reference)
    except NoAccess:
        messages.error(page, _("None of your issues has the id “%(id)s”.") % {"id": reference})
        return None


@console_page("issue.read")
def reports(request: HttpRequest) -> HttpResponse:
    """Show reports, by service: how wide is it?"""
    page = cast(PageRequest, request)
    return _show(page)


@require_POST
@console_page("report.manage")
def tie(request: HttpRequest, report_id: int) -> HttpResponse:
    """Say that a report is about an issue."""
    page = cast(PageRequest, request)
    report = get_provider_report(page.access, report_id)
    issue = issue_named(page)
    if issue is None:
        return back_to(page, "reports")
    attempt(
        request,
        lambda: tie_report(report=report, issue=issue, by=page.access.actor, now=page.now),
        done=_("The report of %(tenant)s is tied to %(id)s.")
        % {"tenant": report.tenant.name, "id": issue.reference},
    )
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


def _show(page: PageRequest, *, refused: int | None = None, words: str = "") -> HttpResponse:
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
        "open_issues": provider_issues(provider, stages=["published", "draft", "detected"])[
            :OFFERED
        ],
        "here": address(page, "reports"),
        "refused": refused,
        "typed": words,
    }
    return show(page, "reports/list", context)
