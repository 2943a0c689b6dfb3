"""The tree of components as a person unfolds it: with who is placed on each part and below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count

from standfast.apps.catalog.index import current_index
from standfast.apps.catalog.models import Component, ComponentEdge
from standfast.apps.catalog.queries.components import PAGE_SIZE, first_paths, search_components
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import PlacementIndex


@dataclass(frozen=True, slots=True)
class Node:
    """A component in the tree; `tenants` and `users` count everything below it too."""

    component: Component
    children: int
    tenants: int
    users: int
    path: list[Component]


def root_nodes(provider: Organisation, *, page: int | str = 1, size: int = PAGE_SIZE) -> Page[Node]:
    """The components that stand below nothing."""
    rows = Component.objects.filter(provider=provider, is_root=True, retired_at__isnull=True)
    return _nodes(Paginator(rows.order_by("key"), size).get_page(page))


def child_nodes(component: Component, *, page: int | str = 1, size: int = PAGE_SIZE) -> Page[Node]:
    """The components directly below one."""
    rows = Component.objects.filter(edges_up__parent=component, retired_at__isnull=True)
    return _nodes(Paginator(rows.order_by("key"), size).get_page(page))


def search_nodes(
    provider: Organisation,
    *,
    text: str = "",
    kind: str = "",
    page: int | str = 1,
    size: int = PAGE_SIZE,
) -> Page[Node]:
    """Components found by words or kind, each with one way down to it."""
    found = search_components(provider, text=text, kind=kind, page=page, size=size)
    return _nodes(found, first_paths(found.object_list))


def node_of(component: Component) -> Node:
    """One component with its figures."""
    return _node(component, current_index(), _children([component]), {})


def _nodes(page: Page[Component], paths: dict[int, list[Component]] | None = None) -> Page[Node]:
    index, shown = current_index(), list(page.object_list)
    children = _children(shown)
    nodes = [_node(component, index, children, paths or {}) for component in shown]
    # The same page, of nodes: its number and its neighbours stay.
    return Page(nodes, page.number, page.paginator)  # type: ignore[arg-type]


def _node(
    component: Component,
    index: PlacementIndex,
    children: dict[int, int],
    paths: dict[int, list[Component]],
) -> Node:
    tenants = users = 0
    if index.graph.position(component.pk) is not None:
        measured = index.measure(index.graph.below([component.pk]), frozenset())
        tenants, users = len(measured.tenants()), measured.total()
    return Node(
        component, children.get(component.pk, 0), tenants, users, paths.get(component.pk, [])
    )


def _children(components: Iterable[Component]) -> dict[int, int]:
    rows = ComponentEdge.objects.filter(parent__in=components, child__retired_at__isnull=True)
    return dict(rows.values_list("parent_id").annotate(Count("pk")).order_by())
