"""Components never contain themselves: a new edge that would close a circle is refused."""

from __future__ import annotations

from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Component, ComponentEdge
from standfast.apps.tenancy.errors import Refused


def refuse_circle(*, parent: Component, child: Component) -> None:
    """Climb from `parent`; meeting `child` closes a circle: Refused (parents) names its members."""
    came_from: dict[int, int] = {}
    wave = {parent.pk}
    while wave:
        if child.pk in wave:
            raise Refused(
                "parents",
                _("That would be a circle: %(circle)s. Choose a component outside of it.")
                % {"circle": " › ".join(_keys(_path(came_from, parent.pk, child.pk)))},
            )
        edges = ComponentEdge.objects.filter(child_id__in=wave).values_list("parent_id", "child_id")
        found = {above: below for above, below in edges if above not in came_from}
        came_from.update(found)
        wave = set(found) - {parent.pk}


def _path(came_from: dict[int, int], parent: int, child: int) -> list[int]:
    """From the child down to the parent, and the child once more."""
    path = [child]
    while path[-1] != parent:
        path.append(came_from[path[-1]])
    return [*path, child]


def _keys(ids: list[int]) -> list[str]:
    named = dict(Component.objects.filter(pk__in=ids).values_list("pk", "key"))
    return [named[each] for each in ids]
