"""Who would be hit? The picker without an issue, all tenants of a scope, and why one is not in."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.audience_lists import audience_page
from standfast.apps.catalog.queries.audiences import explain_tenant
from standfast.apps.catalog.queries.scopes import parts_of
from standfast.apps.catalog.queries.tenants import tenants_of
from standfast.engine.targeting import UnknownComponents
from standfast.web.console.frame import address, console_page, show
from standfast.web.console.scope.address import ScopeLinks, read_scope, scope_pairs
from standfast.web.console.scope.picker import FOUND, picker_context
from standfast.web.entry import PageRequest


@console_page("issue.read")
def scope(request: HttpRequest) -> HttpResponse:
    """Pick parts and see who uses them; an issue may start from there."""
    page = cast(PageRequest, request)
    chosen = read_scope(request.GET)
    url = address(page, "scope")
    context = picker_context(page.access.organisation, chosen, request.GET, url=url)
    return show(request, "scope/explore", {**context, "mode": "explore"})


@console_page("issue.read")
def tenants(request: HttpRequest) -> HttpResponse:
    """List every tenant of a scope, the largest first, with search."""
    page = cast(PageRequest, request)
    provider = page.access.organisation
    chosen, search = read_scope(request.GET), request.GET.get("q", "")
    context = {
        "pairs": scope_pairs(chosen),
        "scope_query": ScopeLinks(chosen).here,
        "parts": parts_of(provider, chosen),
        "search": search,
    }
    try:
        context["page"] = audience_page(
            provider, chosen, search=search, page=request.GET.get("page", "1")
        )
    except UnknownComponents:
        context["problem"] = _("Some of the components no longer exist; choose them again.")
    return show(request, "scope/tenants", context)


@console_page("issue.read")
def why(request: HttpRequest) -> HttpResponse:
    """Say of the tenants with a name whether a scope reaches them, and why or why not."""
    page = cast(PageRequest, request)
    provider = page.access.organisation
    chosen, search = read_scope(request.GET), request.GET.get("q", "").strip()
    found = list(tenants_of(provider, search=search))[:FOUND] if search else []
    context = {"pairs": scope_pairs(chosen), "parts": parts_of(provider, chosen), "search": search}
    try:
        context["answers"] = [explain_tenant(provider, chosen, row.tenant) for row in found]
    except UnknownComponents:
        context["problem"] = _("Some of the components no longer exist; choose them again.")
    return show(request, "scope/why", context)
