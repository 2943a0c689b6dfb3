"""What people write to the provider's accounts: tied to an issue, answered in public, put aside."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.incidents.queries.issues import issues_to_tie
from standfast.apps.social.queries.mentions import (
    get_mention_for,
    mentions_of,
    waiting_mentions,
)
from standfast.apps.social.services.mentions import (
    LONGEST_ANSWER,
    answer_mention,
    put_aside,
    tie_mention,
)
from standfast.apps.tenancy.errors import Refused
from standfast.web.console.frame import (
    address,
    attempt,
    back_to,
    console_page,
    show,
    typed,
)
from standfast.web.console.reports.choosing import chosen_issue
from standfast.web.console.reports.views import PAGE_SIZE, STATES
from standfast.web.entry import PageRequest


@console_page("issue.read")
def mentions(request: HttpRequest) -> HttpResponse:
    """Show the mentions."""
    return _show(cast(PageRequest, request))


@require_POST
@console_page("report.manage")
def mention_tie(request: HttpRequest, mention_id: int) -> HttpResponse:
    """Say that a mention is about an issue; what is not found is said at its field."""
    page = cast(PageRequest, request)
    mention = get_mention_for(page.access, mention_id)
    try:
        issue = chosen_issue(page)
        tie_mention(mention=mention, issue=issue, by=page.access.actor, now=page.now)
    except Refused as refused:
        return _show(page, untied=mention_id, why=refused.message, words=typed(request, "issue"))
    messages.success(request, _("The mention is tied to %(id)s.") % {"id": issue.reference})
    return back_to(page, "mentions")


@require_POST
@console_page("report.manage")
def mention_answer(request: HttpRequest, mention_id: int) -> HttpResponse:
    """Answer in public; what is refused is shown at its field with what was typed."""
    page = cast(PageRequest, request)
    mention = get_mention_for(page.access, mention_id)
    words = typed(request, "answer")
    try:
        answer_mention(mention=mention, answer=words, by=page.access.actor, now=page.now)
    except Refused as refused:
        return _show(page, refused=mention_id, why=refused.message, words=words)
    messages.success(request, _("Your answer is posted within a few seconds."))
    return back_to(page, "mentions")


@require_POST
@console_page("report.manage")
def mention_aside(request: HttpRequest, mention_id: int) -> HttpResponse:
    """Nothing is to be done about it."""
    page = cast(PageRequest, request)
    mention = get_mention_for(page.access, mention_id)
    attempt(
        request,
        lambda: put_aside(mention=mention, by=page.access.actor, now=page.now),
        done=_("Put aside."),
    )
    return back_to(page, "mentions")


def _show(
    page: PageRequest,
    *,
    refused: int | None = None,
    untied: int | None = None,
    why: str = "",
    words: str = "",
) -> HttpResponse:
    provider = page.access.organisation
    state = page.GET.get("state", "open")
    state = state if state in STATES else "open"
    rows = mentions_of(provider, state=state)
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(page.GET.get("page", 1)),
        "waiting": waiting_mentions(provider),
        "state": state,
        "states": STATES,
        "offered": issues_to_tie(provider, now=page.now),
        "here": address(page, "mentions"),
        "longest": LONGEST_ANSWER,
        "refused": refused,
        "untied": untied,
        "why": why,
        "typed": words,
    }
    return show(page, "reports/mentions", context)
