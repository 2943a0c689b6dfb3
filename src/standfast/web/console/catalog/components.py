"""The tree of components: unfolding, searching, one part of it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse

from standfast.apps.catalog.queries.components import (
    get_component_for,
    kinds_of,
    parents_of,
    paths_to,
    placements_on,
    retired_components,
)
from standfast.apps.catalog.queries.tree import child_nodes, node_of, root_nodes, search_nodes
from standfast.web.console.frame import console_page, show
from standfast.web.entry import PageRequest


@console_page("catalog.read")
def tree(request: HttpRequest) -> HttpResponse:
    """Show the top of the tree, or what was searched for."""
    provider = cast(PageRequest, request).access.organisation
    search, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    number = request.GET.get("page", "1")
    retired = "retired" in request.GET
    context = {"search": search, "kind": kind, "kinds": kinds_of(provider), "retired": retired}
    if retired:
        return show(
            request,
            "catalog/components_retired",
            {**context, "page": retired_components(provider, page=number)},
        )
    found = (
        search_nodes(provider, text=search, kind=kind, page=number)
        if search or kind
        else root_nodes(provider, page=number)
    )
    return show(request, "catalog/components", {**context, "page": found})


@console_page("catalog.read")
def children(request: HttpRequest, component_id: int) -> HttpResponse:
    """What stands directly below a component, for unfolding it in the tree."""
    provider = cast(PageRequest, request).access.organisation
    above = get_component_for(provider, component_id)
    found = child_nodes(above, page=request.GET.get("page", "1"))
    return show(request, "catalog/tree_nodes", {"page": found, "above": above})


@console_page("catalog.read")
def component(request: HttpRequest, component_id: int) -> HttpResponse:
    """One component: where it stands, what is below, who is on it."""
    found = get_component_for(cast(PageRequest, request).access.organisation, component_id)
    context = {
        "component": found,
        "node": node_of(found),
        "paths": paths_to(found),
        "parents": parents_of(found),
        "below": child_nodes(found, page=request.GET.get("below", "1")),
        "page": placements_on(found, page=request.GET.get("page", "1")),
    }
    return show(request, "catalog/component", context)
