"""Components: one of them, some of them by words, and the ways that lead down to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from standfast.apps.catalog.models import Component, ComponentEdge, Placement
from standfast.apps.catalog.queries.words import findable
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation

PAGE_SIZE = 50
# More ways down to one part than a page shows.
MOST_PATHS = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of component that the provider has, and how many of it."""

    name: str
    count: int


def get_component_for(provider: Organisation, component_id: int) -> Component:
    """The provider's component with this id, retired ones too. Raises NoAccess."""
    found = Component.objects.filter(provider=provider, pk=component_id).first()
    if found is None:
        raise NoAccess
    return found


def component_by_key(provider: Organisation, key: str) -> Component | None:
    """The provider's component with this key, retired ones too."""
    return Component.objects.filter(provider=provider, key=findable(key)).first()


def components_by_key(provider: Organisation, keys: Iterable[str]) -> dict[str, Component]:
    """The provider's components with these keys; unknown keys are left out."""
    rows = Component.objects.filter(provider=provider, key__in=[findable(key) for key in keys])
    return {component.key: component for component in rows}


def search_components(
    provider: Organisation,
    *,
    text: str = "",
    kind: str = "",
    page: int | str = 1,
    size: int = PAGE_SIZE,
) -> Page[Component]:
    """Components in use whose key or name contains `text`: exact keys first, then beginnings."""
    rows = Component.objects.filter(provider=provider, retired_at__isnull=True)
    if kind:
        rows = rows.filter(kind=findable(kind))
    return Paginator(_by_words(rows, findable(text)), size).get_page(page)


def _by_words(rows: QuerySet[Component], text: str) -> QuerySet[Component]:
    if not text:
        return rows.order_by("key")
    nearness = Case(
        When(key__iexact=text, then=Value(0)),
        When(Q(key__istartswith=text) | Q(name__istartswith=text), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = rows.filter(Q(key__icontains=text) | Q(name__icontains=text))
    return found.annotate(nearness=nearness).order_by("nearness", "key")


def retired_components(provider: Organisation, *, page: int | str = 1) -> Page[Component]:
    """Components out of use, newest first."""
    rows = Component.objects.filter(provider=provider, retired_at__isnull=False)
    return Paginator(rows.order_by("-retired_at", "key"), PAGE_SIZE).get_page(page)


def kinds_of(provider: Organisation) -> list[Kind]:
    """The kinds in use, the rarest (so mostly the highest in the tree) first."""
    rows = Component.objects.filter(provider=provider, retired_at__isnull=True).order_by()
    counted = rows.values_list("kind").annotate(count=Count("pk"))
    return sorted((Kind(name, count) for name, count in counted), key=lambda kind: kind.count)


def parents_of(component: Component) -> list[Component]:
    """The components directly above, by key."""
    return list(Component.objects.filter(edges_down__child=component).order_by("key"))


def paths_to(component: Component) -> list[list[Component]]:
    """Every way from a top component down to (not including) this one; at most MOST_PATHS."""
    above = _parents_above([component.pk])
    finished: list[list[int]] = []
    growing = [[component.pk]]
    while growing and len(finished) < MOST_PATHS:
        path = growing.pop()
        parents = above.get(path[0], [])
        if not parents:
            finished.append(path)
        growing.extend([parent, *path] for parent in parents)
    named = Component.objects.in_bulk([each for path in finished for each in path])
    return sorted(
        ([named[each] for each in path[:-1]] for path in finished),
        key=lambda path: [each.key for each in path],
    )


def first_paths(components: Iterable[Component]) -> dict[int, list[Component]]:
    """One way from the top down to each component, by its id, for lists; few queries in all."""
    wanted = [component.pk for component in components]
    above = _parents_above(wanted)
    ids = {each: _first_path(each, above) for each in wanted}
    named = Component.objects.in_bulk({each for path in ids.values() for each in path})
    return {each: [named[step] for step in path] for each, path in ids.items()}


def _first_path(component: int, above: dict[int, list[int]]) -> list[int]:
    path: list[int] = []
    while parents := above.get(component):
        component = parents[0]
        path.insert(0, component)
    return path


def _parents_above(components: list[int]) -> dict[int, list[int]]:
    """The parents of these and of everything above them: one query a level."""
    above: dict[int, list[int]] = {}
    wave = set(components)
    while wave:
        edges = ComponentEdge.objects.filter(child_id__in=wave).order_by("parent__key")
        for parent, child in edges.values_list("parent_id", "child_id"):
            above.setdefault(child, []).append(parent)
        reached = {parent for child in wave for parent in above.get(child, [])}
        wave = {each for each in reached if each not in above}
    return above


def placements_on(component: Component, *, page: int | str = 1) -> Page[Placement]:
    """Who sits directly on the component, the largest first."""
    rows = Placement.objects.filter(component=component).select_related("tenant", "service")
    return Paginator(rows.order_by("-users", "tenant_id"), PAGE_SIZE).get_page(page)
