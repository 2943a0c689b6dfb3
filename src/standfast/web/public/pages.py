"""The public status pages of a provider: overview, history, one issue."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from standfast.apps.incidents.queries.public import public_history, public_issue, public_overview
from standfast.apps.incidents.queries.views import TenantIssue
from standfast.apps.messagecenter.queries.public import public_planned
from standfast.web.answers import public_answer, public_issue_answer
from standfast.web.public.frame import public_page, show

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue
    from standfast.apps.tenancy.models import Organisation

HISTORY_DAYS = 30


@public_page
def overview(request: HttpRequest, provider: Organisation) -> HttpResponse:
    """Is it them or me: the public services, what is open, what was lately."""
    found = public_overview(provider, now=timezone.now())
    context = {
        "overview": found,
        "answer": public_answer(found),
        "open_issues": _as_lines(found.open_issues),
        "recent": _as_lines(found.recent),
        "planned": public_planned(provider),
    }
    return show(request, "overview", provider, context)


@public_page
def history(request: HttpRequest, provider: Organisation) -> HttpResponse:
    """What was public and ended in the last 30 days, by day."""
    found = public_history(provider, now=timezone.now(), days=HISTORY_DAYS)
    found.sort(key=_ended, reverse=True)
    days = [(day, _as_lines(list(issues))) for day, issues in groupby(found, key=_end_day)]
    context = {"days": days, "count": len(found), "span": HISTORY_DAYS}
    return show(request, "history", provider, context)


@public_page
def issue(request: HttpRequest, provider: Organisation, reference: str) -> HttpResponse:
    """A public issue with its posts."""
    found = public_issue(provider, reference, now=timezone.now())
    context = {
        "found": found,
        "issue": found.issue,
        "answer": public_issue_answer(found.issue),
    }
    return show(request, "issue", provider, context)


def _as_lines(issues: list[Issue]) -> list[TenantIssue]:
    """Issues as rows of the shared lists; the public is told no numbers of people."""
    return [TenantIssue(issue, 0) for issue in issues]


def _ended(issue: Issue) -> float:
    assert issue.end_at is not None, "the history holds only what has ended"
    return issue.end_at.timestamp()


def _end_day(issue: Issue) -> date:
    assert issue.end_at is not None, "the history holds only what has ended"
    return timezone.localtime(issue.end_at).date()
