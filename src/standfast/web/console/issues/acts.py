"""Steps that need at most a reason: confirm, dismiss, take a dismissal back."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.incidents.queries.issues import get_provider_issue
from standfast.apps.incidents.services.drafting import (
    confirm_detected,
    reopen_dismissed,
)
from standfast.apps.incidents.services.drafting import dismiss as dismiss_issue
from standfast.web.console.frame import attempt, back_to, console_page, typed
from standfast.web.entry import PageRequest


@require_POST
@console_page("issue.write")
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """A detected issue is real: it becomes a draft, and its wording is next."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    done = attempt(
        request,
        lambda: confirm_detected(issue=issue, by=page.access.actor, now=page.now),
        done=_("%(id)s is confirmed. Check its wording and its scope, then publish it.")
        % {"id": issue.reference},
    )
    return back_to(page, "issue_edit" if done else "issue", issue.reference)


@require_POST
@console_page("issue.write")
def dismiss(request: HttpRequest, reference: str) -> HttpResponse:
    """No post is needed; the reason is kept."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    why = typed(request, "why")
    attempt(
        request,
        lambda: dismiss_issue(issue=issue, why=why, by=page.access.actor, now=page.now),
        done=_("%(id)s is dismissed. You can take that back on its page.")
        % {"id": issue.reference},
    )
    return back_to(page, "issue", issue.reference)


@require_POST
@console_page("issue.write")
def restore(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a dismissal back."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    attempt(
        request,
        lambda: reopen_dismissed(issue=issue, by=page.access.actor, now=page.now),
        done=_("%(id)s is a draft again.") % {"id": issue.reference},
    )
    return back_to(page, "issue", issue.reference)
