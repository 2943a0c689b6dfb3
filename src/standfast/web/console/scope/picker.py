"""What the scope picker shows: the parts to choose from, beside the audience of what is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import get_language

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.catalog.queries.tenants import tenants_of
from standfast.apps.tenancy.languages import pick
from standfast.engine.targeting import Scope
from standfast.web.console.scope.address import ScopeLinks, scope_pairs
from standfast.web.console.scope.choosing import (
    PLACE,
    Chip,
    Choice,
    Press,
    component_chip,
    component_choices,
    link,
)
from standfast.web.console.scope.figures import Figures, figures_of

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Component
    from standfast.apps.tenancy.models import Organisation

# Beside the scope, what the address keeps while somebody picks.
KEPT = (*PLACE, "t", "template")
FOUND = 10


@dataclass(frozen=True, slots=True)
class Links:
    """Everything that is pressed leads to the picker's own address with another query."""

    url: str
    links: ScopeLinks

    def choosing(self, component: Component, *, chosen: bool) -> Press:
        """Add the component to the scope, or take it out."""
        return (
            self.dropping("components", component.pk)
            if chosen
            else self.adding("components", component.pk)
        )

    def looking(self, **place: str) -> Press:
        """Look elsewhere with the same scope."""
        return link(self.url + self.links.moving(**place))

    def adding(self, field: str, number: int) -> Press:
        """Add one thing to a field of the scope."""
        return link(self.url + self.links.adding(field, number))

    def dropping(self, field: str, number: int) -> Press:
        """Take one thing out."""
        return link(self.url + self.links.dropping(field, number))


def picker_context(
    provider: Organisation,
    scope: Scope,
    query: QueryDict,
    *,
    url: str,
    resolved: Scope | None = None,
) -> dict[str, Any]:
    """Everything that the picker's template needs; `url` is the address of the page that shows it.

    `resolved` is the scope that counts.
    """
    kept = tuple((name, str(query[name])) for name in KEPT if query.get(name))
    scope_links = ScopeLinks(scope, kept)
    links = Links(url, scope_links)
    figures = figures_of(provider, scope, resolved=resolved)
    effective = resolved or scope
    return {
        "picker_url": url,
        "scope": scope,
        "pairs": scope_pairs(scope),
        "kept": [pair for pair in kept if pair[0] not in {*PLACE, "t"}],
        "figures": figures,
        "chips": _chips(figures, links),
        "effective_query": ScopeLinks(effective).here,
        "effective_pairs": scope_pairs(effective),
        "unclear": link(url + scope_links.toggling_unclear()),
        "empty": link(url + scope_links.emptied()),
        "services": _services(provider, scope, links),
        **component_choices(provider, scope.components, dict(kept), links),
        **_tenants(provider, scope, query, links),
    }


def _services(provider: Organisation, scope: Scope, links: Links) -> list[Choice]:
    choices = []
    for service in services_of(provider):
        chosen = service.pk in scope.services
        press = (links.dropping if chosen else links.adding)("services", service.pk)
        choices.append(Choice(service, chosen, press))
    return choices


def _tenants(
    provider: Organisation, scope: Scope, query: QueryDict, links: Links
) -> dict[str, Any]:
    text = query.get("t", "").strip()
    found = list(tenants_of(provider, search=text))[:FOUND] if text else []
    return {
        "t": text,
        "tenants": [
            Choice(
                row,
                chosen=row.tenant.number in scope.include | scope.exclude,
                press=links.adding("include", row.tenant.number),
                other=links.adding("exclude", row.tenant.number),
            )
            for row in found
            if row.tenant.number is not None
        ],
    }


def _chips(figures: Figures, links: Links) -> list[Chip]:
    parts, language = figures.parts, get_language() or "en"
    chips = [component_chip(each, links) for each in parts.components]
    chips += [
        Chip(
            "stack-2",
            pick(each.name, language),
            "services",
            links.dropping("services", each.pk),
        )
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
