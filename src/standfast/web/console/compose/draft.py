"""Starting and editing a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.incidents.queries.issues import get_provider_issue, templates_of
from standfast.apps.incidents.services.drafting import create_draft, update_draft
from standfast.apps.tenancy.errors import Conflict, Refused
from standfast.engine.health.lifecycle import FIRST
from standfast.web.console.compose.conflict import accept_newer, differences
from standfast.web.console.compose.form import IssueForm, first_values, initial_of
from standfast.web.console.compose.wording import chosen_template, template_values
from standfast.web.console.frame import back_to, console_page, show
from standfast.web.console.scope.address import has_scope, read_scope
from standfast.web.console.scope.figures import figures_of
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue

USE_TEMPLATE = "use_template"


@console_page("issue.write")
def new(request: HttpRequest) -> HttpResponse:
    """Write a new draft. The address may hold a scope that was chosen before."""
    page = cast(PageRequest, request)
    services = services_of(page.access.organisation)
    if not services:
        messages.info(request, _("Add a service to the catalog first; an issue is about one."))
        return back_to(page, "catalog")
    initial = first_values(services, page.now, request.GET.dict())
    form = IssueForm(request.POST or None, initial=initial, services=services, now=page.now)
    scope = read_scope(request.GET)
    if USE_TEMPLATE in request.POST:
        form = _with_template(page, form, services)
    elif request.method == "POST" and form.is_valid():
        try:
            issue = create_draft(
                provider=page.access.organisation,
                fields=form.issue_fields(),
                scope=scope,
                by=page.access.actor,
                now=page.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("%(id)s is saved as a draft. No tenant sees it yet.") % _id(issue)
            )
            step = "issue_scope" if scope.is_empty else "issue_preview"
            return back_to(page, step, issue.reference, query=_template_query(request.POST))
    context: dict[str, Any] = {"form": form, "templates": _templates(page), "step": 1}
    if has_scope(request.GET):
        context["figures"] = figures_of(page.access.organisation, scope)
    return show(request, "compose/edit", context)


@console_page("issue.write")
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change a detected or drafted issue; a conflict shows both versions and drops neither."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    if issue.stage not in {"detected", "draft"}:
        messages.info(request, _("This issue is no longer a draft; post an update instead."))
        return back_to(page, "issue", issue.reference)
    services = services_of(page.access.organisation)
    form = IssueForm(
        request.POST or None, initial=initial_of(issue), services=services, now=page.now
    )
    context: dict[str, Any] = {"issue": issue, "templates": _templates(page), "step": 1}
    if USE_TEMPLATE in request.POST:
        form = _with_template(page, form, services)
    elif request.method == "POST" and form.is_valid():
        try:
            saved = update_draft(
                issue=issue,
                version=form.cleaned_data["version"] or 0,
                fields=form.issue_fields(),
                by=page.access.actor,
                now=page.now,
            )
        except Conflict as conflict:
            context |= {
                "conflict": conflict.message,
                "differences": differences(form, initial_of(issue)),
            }
            accept_newer(form, issue.version)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("%(id)s is saved.") % _id(saved))
            empty = not saved.scope or not any(saved.scope.values())
            step = "issue_scope" if empty else "issue_preview"
            step = step if saved.stage == "draft" else "issue"
            return back_to(page, step, saved.reference, query=_template_query(request.POST))
    return show(request, "compose/edit", {**context, "form": form})


def _with_template(page: PageRequest, form: IssueForm, services: list[Any]) -> IssueForm:
    """The form with a template's words in it and everything else as typed; nothing is stored."""
    template = chosen_template(page.access, page.POST.get("template"))
    fields = form.rough_fields(now=page.now)
    if template is None or fields is None:
        return form
    data = page.POST.copy()
    try:
        for name, value in template_values(template, fields).items():
            if name != "status" or value in FIRST:
                data[name] = value
    except Refused as refused:
        messages.error(page, refused.message)
        return form
    values = {name: data.get(name, "") for name in form.fields}
    messages.info(page, _("The template “%(name)s” is filled in.") % {"name": template.name})
    # Unbound, so that what is still empty is not shown as an error before it was tried.
    return IssueForm(initial=values, services=services, now=page.now)


def _templates(page: PageRequest) -> list[Any]:
    return list(templates_of(page.access.organisation))


def _template_query(data: QueryDict) -> str:
    chosen = data.get("template", "")
    return f"template={chosen}" if chosen.isdecimal() else ""


def _id(issue: Issue) -> dict[str, str]:
    return {"id": issue.reference}
