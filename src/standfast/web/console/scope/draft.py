"""The scope of a draft or of a detected issue."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from standfast.apps.incidents.queries.issues import get_provider_issue
from standfast.apps.incidents.services.drafting import set_scope
from standfast.apps.incidents.services.scoping import effective_scope
from standfast.apps.tenancy.errors import Conflict, Refused
from standfast.engine.targeting import Scope
from standfast.web.console.frame import address, back_to, console_page, show
from standfast.web.console.scope.address import has_scope, read_scope
from standfast.web.console.scope.picker import picker_context
from standfast.web.entry import PageRequest


@console_page("issue.write")
def issue_scope(request: HttpRequest, reference: str) -> HttpResponse:
    """Pick who is hit by an unpublished issue; the address holds what is not saved yet."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    if issue.stage not in {"detected", "draft"}:
        return back_to(page, "issue", issue.reference)
    context: dict[str, Any] = {"version": issue.version}
    chosen = Scope.from_json(issue.scope or {})
    if request.method == "POST":
        chosen = read_scope(request.POST)
        version = request.POST.get("version", "")
        try:
            set_scope(
                issue=issue,
                version=int(version) if version.isdecimal() else 0,
                scope=chosen,
                by=page.access.actor,
                now=page.now,
            )
        except Conflict as conflict:
            context |= {
                "refused": conflict.message,
                "stored_query": address(page, "issue_scope", issue.reference),
            }
        except Refused as refused:
            context["refused"] = refused.message
        else:
            messages.success(request, _("The scope of %(id)s is saved.") % {"id": reference})
            template = request.POST.get("template", "")
            query = f"template={template}" if template.isdecimal() else ""
            step = "issue_preview" if issue.stage == "draft" else "issue"
            return back_to(page, step, reference, query=query)
    elif has_scope(request.GET):
        chosen = read_scope(request.GET)
    resolved = effective_scope(issue, chosen)
    picker = picker_context(
        page.access.organisation,
        chosen,
        request.GET,
        url=address(page, "issue_scope", reference),
        resolved=resolved,
    )
    mine = {"mode": "draft", "issue": issue, "step": 2}
    return show(request, "scope/draft", {**picker, **context, **mine})
