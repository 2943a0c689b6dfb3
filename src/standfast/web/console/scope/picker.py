"""What the picker shows: the parts to choose from, beside the audience of what is chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import get_language

from standfast.apps.catalog.queries.audiences import regions_of
from standfast.apps.catalog.queries.components import get_component_for, paths_to
from standfast.apps.catalog.queries.services import services_of
from standfast.apps.catalog.queries.tenants import tenants_of
from standfast.apps.catalog.queries.tree import Node, child_nodes, root_nodes, search_nodes
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.languages import pick
from standfast.engine.targeting import Scope
from standfast.web.console.scope.address import ScopeLinks, scope_pairs
from standfast.web.console.scope.figures import Figures, figures_of

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Component, Service
    from standfast.apps.tenancy.models import Organisation

# Beside the scope, what the address keeps while somebody picks.
KEPT = ("q", "at", "t", "page", "template")
FOUND = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: `href` adds it, or takes it out again when it is `chosen`.

    `other_href` opens a component, or excludes a tenant.
    """

    what: Any
    chosen: bool
    href: str
    other_href: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """Something chosen, with the address that drops it."""

    icon: str
    label: str
    kind: str
    href: str


def picker_context(
    provider: Organisation,
    scope: Scope,
    query: QueryDict,
    *,
    resolved: Scope | None = None,
) -> dict[str, Any]:
    """Everything that the picker's template needs. `resolved` is the scope that counts."""
    kept = tuple((name, str(query[name])) for name in KEPT if query.get(name))
    links = ScopeLinks(scope, kept)
    figures = figures_of(provider, scope, resolved=resolved)
    effective = resolved or scope
    return {
        "scope": scope,
        "links": links,
        "pairs": scope_pairs(scope),
        "kept": [pair for pair in kept if pair[0] not in {"q", "at", "t", "page"}],
        "figures": figures,
        "chips": _chips(figures, links),
        "effective_query": ScopeLinks(effective).here,
        "effective_pairs": scope_pairs(effective),
        "unclear_href": links.toggling_unclear(),
        "empty_href": links.emptied(),
        "services": [
            _choice(each, each.pk, "services", scope, links) for each in services_of(provider)
        ],
        "regions": [
            _choice(each, each.pk, "components", scope, links) for each in regions_of(provider)
        ],
        **_components(provider, scope, query, links),
        **_tenants(provider, scope, query, links),
    }


def _components(
    provider: Organisation, scope: Scope, query: QueryDict, links: ScopeLinks
) -> dict[str, Any]:
    """The tree at one place, or what a search found."""
    text = query.get("q", "").strip()
    at = _place(provider, query.get("at", "")) if not text else None
    number = query.get("page", "1")
    if text:
        page = search_nodes(provider, text=text, page=number)
    elif at:
        page = child_nodes(at, page=number)
    else:
        page = root_nodes(provider, page=number)
    return {
        "q": text,
        "at": at,
        "crumbs": [
            (step, links.moving(at=str(step.pk))) for step in (paths_to(at)[0] if at else [])
        ],
        "top_href": links.moving(at=""),
        "page": page,
        "nodes": [_node_choice(node, scope, links) for node in page],
    }


def _node_choice(node: Node, scope: Scope, links: ScopeLinks) -> Choice:
    number = node.component.pk
    choice = _choice(node, number, "components", scope, links)
    return replace(choice, other_href=links.moving(at=str(number), q=""))


def _tenants(
    provider: Organisation, scope: Scope, query: QueryDict, links: ScopeLinks
) -> dict[str, Any]:
    text = query.get("t", "").strip()
    found = list(tenants_of(provider, search=text))[:FOUND] if text else []
    return {
        "t": text,
        "tenants": [
            Choice(
                row,
                chosen=row.tenant.number in scope.include | scope.exclude,
                href=links.adding("include", row.tenant.number),
                other_href=links.adding("exclude", row.tenant.number),
            )
            for row in found
            if row.tenant.number is not None
        ],
    }


def _place(provider: Organisation, number: str) -> Component | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 11):
        return None
    try:
        return get_component_for(provider, int(number))
    except NoAccess:
        return None


def _choice(
    what: Component | Service | Node, number: int, field: str, scope: Scope, links: ScopeLinks
) -> Choice:
    chosen = number in getattr(scope, field)
    change = links.dropping if chosen else links.adding
    return Choice(what, chosen, change(field, number))


def _chips(figures: Figures, links: ScopeLinks) -> list[Chip]:
    parts, language = figures.parts, get_language() or "en"
    chips = [
        Chip("server", each.key, "components", links.dropping("components", each.pk))
        for each in parts.components
    ]
    chips += [
        Chip("stack-2", pick(each.name, language), "services", links.dropping("services", each.pk))
        for each in parts.services
    ]
    for field, icon, tenants in (
        ("include", "user-plus", parts.include),
        ("exclude", "minus", parts.exclude),
    ):
        chips += [
            Chip(icon, each.name, field, links.dropping(field, each.number))
            for each in tenants
            if each.number is not None
        ]
    return chips
