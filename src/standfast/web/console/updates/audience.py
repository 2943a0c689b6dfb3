"""Giving an open issue another audience: pick, see who comes in and who is let go, tell both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standfast.apps.catalog.queries.scopes import parts_of
from standfast.apps.incidents.queries.issues import get_provider_issue
from standfast.apps.incidents.services.audiences import change_audience, closing_words
from standfast.apps.incidents.services.reach import preview_change
from standfast.apps.incidents.services.scoping import effective_scope
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.queries.organisations import tenants_by_number
from standfast.engine.targeting import Scope, UnknownComponents
from standfast.web.console.compose.posting import NotSaved, save_form
from standfast.web.console.frame import address, back_to, console_page, show
from standfast.web.console.scope.address import ScopeLinks, has_scope, read_scope
from standfast.web.console.scope.picker import picker_context
from standfast.web.console.texts import spread
from standfast.web.console.updates.forms import AudienceForm
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue

# So many names of those who come in or are let go.
NAMED = 12


@console_page("issue.publish")
def audience(request: HttpRequest, reference: str) -> HttpResponse:
    """Pick another scope for an open issue; nothing is stored here."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    if issue.stage != "published":
        return back_to(page, "issue", reference)
    stored = Scope.from_json(issue.scope or {})
    chosen = read_scope(request.GET) if has_scope(request.GET) else stored
    picker = picker_context(
        page.access.organisation,
        chosen,
        request.GET,
        url=address(page, "issue_audience", reference),
        resolved=effective_scope(issue, chosen),
    )
    return show(request, "updates/audience", {**picker, "mode": "audience", "issue": issue})


@console_page("issue.publish")
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what the scope of the address would change, and change it when asked to."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    if issue.stage != "published":
        return back_to(page, "issue", reference)
    scope = read_scope(request.GET)
    form = AudienceForm(
        request.POST or None,
        initial=spread("closing_note", closing_words()),
        issue=issue,
        now=page.now,
    )
    extra: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            save_form(
                form,
                lambda: _change(page, issue, scope, form),
                newest=lambda: _newest(page, reference),
            )
        except NotSaved as failed:
            extra = failed.context
            issue = get_provider_issue(page.access, reference)
        else:
            return back_to(page, "issue", reference)
    context = {
        "issue": issue,
        "form": form,
        "parts": parts_of(issue.provider, scope),
        "picker_query": ScopeLinks(scope).here,
        **_consequence(issue, scope),
    }
    return show(request, "updates/change", {**context, **extra})


def _change(page: PageRequest, issue: Issue, scope: Scope, form: AudienceForm) -> None:
    done = change_audience(
        issue=issue,
        version=form.cleaned_data["version"],
        scope=scope,
        why=form.cleaned_data["why"],
        body=form.localised("body"),
        closing_note=form.localised("closing_note") or None,
        cadence_minutes=form.cadence,
        next_update_by=form.exact,
        by=page.access.actor,
        now=page.now,
    )
    added = ngettext("%(n)s tenant was added", "%(n)s tenants were added", done.added)
    let_go = ngettext("%(n)s was released", "%(n)s were released", done.released)
    messages.success(
        page,
        _("The audience has changed: %(added)s, %(released)s.")
        % {"added": added % {"n": done.added}, "released": let_go % {"n": done.released}},
    )


def _newest(page: PageRequest, reference: str) -> tuple[int, Mapping[str, Any]]:
    return get_provider_issue(page.access, reference).version, {}


def _consequence(issue: Issue, scope: Scope) -> dict[str, Any]:
    try:
        found = preview_change(issue=issue, scope=scope)
    except Refused as refused:
        return {"problem": refused.message}
    except UnknownComponents:
        return {"problem": _("Some of the components no longer exist; choose them again.")}
    if not found.audience.tenants:
        return {"problem": _("No tenant has users on these parts, so nobody would be told.")}
    names = tenants_by_number([*found.added[:NAMED], *found.released[:NAMED]])
    return {
        "tenants": len(found.audience),
        "users": found.audience.total_users,
        "stay": len(found.audience) - len(found.added),
        "added": len(found.added),
        "released": len(found.released),
        "added_names": [names[each].name for each in found.added[:NAMED] if each in names],
        "released_names": [names[each].name for each in found.released[:NAMED] if each in names],
    }
