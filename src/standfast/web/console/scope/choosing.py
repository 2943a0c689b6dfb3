"""Choosing components: what stands at a place of the tree or is found by words; what is pressed.

Two pages choose. In the scope picker everything is a link, and the address holds the choice; in the
form of a maintenance everything is a button, and the field of keys holds it. They differ in their
`Presses` alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.html import format_html

from standfast.apps.catalog.queries.audiences import regions_of
from standfast.apps.catalog.queries.components import PAGE_SIZE, get_component_for, paths_to
from standfast.apps.catalog.queries.tree import child_nodes, root_nodes, search_nodes
from standfast.apps.tenancy.errors import NoAccess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.paginator import Page
    from django.utils.safestring import SafeString

    from standfast.apps.catalog.models import Component
    from standfast.apps.catalog.queries.tree import Node
    from standfast.apps.tenancy.models import Organisation

# What says where somebody looks: words to find, the component that is open, the page of a list.
PLACE = ("q", "at", "page")


@dataclass(frozen=True, slots=True)
class Press:
    """An element to press: its tag, and the attributes that say what it does, as HTML."""

    tag: str
    attributes: SafeString


class Presses(Protocol):
    """How one page changes what is chosen, and where it looks."""

    def choosing(self, component: Component, *, chosen: bool) -> Press:
        """Add a component, or take it out again when it is `chosen`."""

    def looking(self, **place: str) -> Press:
        """Look elsewhere (names of PLACE); '' forgets. Another place begins at its first page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: `press` adds it, or takes it out again when it is `chosen`.

    `other` opens a component, or excludes a tenant.
    """

    what: Any
    chosen: bool
    press: Press
    other: Press | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """Something chosen, with what drops it. `kind` is the field of the scope that it is in."""

    icon: str
    label: str
    kind: str
    press: Press


def link(href: str) -> Press:
    """A link, for pages whose address holds what is chosen."""
    return Press("a", format_html('href="{}"', href))


def component_chip(component: Component, presses: Presses) -> Chip:
    """A chosen component."""
    press = presses.choosing(component, chosen=True)
    return Chip("server", component.key, "components", press)


def component_choices(
    provider: Organisation,
    chosen: Collection[int],
    place: Mapping[str, str],
    presses: Presses,
    *,
    size: int = PAGE_SIZE,
) -> dict[str, Any]:
    """What the templates of the tree show: one page of it at a place, or of what a search found.

    `chosen` are ids of components, `size` is the length of a page. The number of queries does not
    depend on how many components there are.
    """
    text = place.get("q", "").strip()
    at = _component(provider, place.get("at", "")) if not text else None
    number = place.get("page", "1")
    if text:
        page = search_nodes(provider, text=text, page=number, size=size)
    elif at:
        page = child_nodes(at, page=number, size=size)
    else:
        page = root_nodes(provider, page=number, size=size)

    def choice(what: Component | Node, component: Component, other: Press | None = None) -> Choice:
        is_chosen = component.pk in chosen
        return Choice(what, is_chosen, presses.choosing(component, chosen=is_chosen), other)

    def opening(component: Component) -> Press:
        return presses.looking(at=str(component.pk), q="")

    return {
        "q": text,
        "at": at,
        "crumbs": [(step, opening(step)) for step in (paths_to(at)[0] if at else [])],
        "top": presses.looking(at="", q=""),
        "page": page,
        **_turning(page, presses),
        "regions": [] if text or at else [choice(each, each) for each in regions_of(provider)],
        "nodes": [choice(node, node.component, opening(node.component)) for node in page],
    }


def _turning(page: Page[Node], presses: Presses) -> dict[str, Press | None]:
    """The pages before and after."""
    before = str(page.previous_page_number()) if page.has_previous() else ""
    after = str(page.next_page_number()) if page.has_next() else ""
    return {
        "previous": presses.looking(page=before) if before else None,
        "next": presses.looking(page=after) if after else None,
    }


def _component(provider: Organisation, number: str) -> Component | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 11):
        return None
    try:
        return get_component_for(provider, int(number))
    except NoAccess:
        return None
