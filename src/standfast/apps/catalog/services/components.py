"""Components: adding, renaming, hanging them below others, retiring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Component, ComponentEdge, Placement
from standfast.apps.catalog.services import texts
from standfast.apps.catalog.services.changes import append_changes, component_change, edge_change
from standfast.apps.catalog.services.circles import refuse_circle
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.checks import plain_line


@transaction.atomic
def create_component(
    *,
    provider: Organisation,
    key: str,
    kind: str,
    by: Actor,
    now: datetime,
    name: str = "",
    parents: Sequence[Component] = (),
) -> Component:
    """Add a component below `parents` (none: a root). Raises Refused (key, kind, name, parents)."""
    _lock(provider)
    component = Component(
        provider=provider,
        key=texts.component_key("key", key),
        kind=texts.component_kind("kind", kind),
        is_root=not parents,
    )
    component.name = _name(name, component.key)
    if Component.objects.filter(provider=provider, key=component.key).exists():
        raise Refused("key", _("“%(key)s” is taken; choose another.") % {"key": component.key})
    _check_parents(component, parents)
    component.save()
    ComponentEdge.objects.bulk_create(
        [ComponentEdge(parent=parent, child=component) for parent in parents]
    )
    changes = [component_change(component=component.pk, present=True)]
    changes += [_edge(parent, component, present=True) for parent in parents]
    append_changes(changes=changes, now=now)
    above = [parent.key for parent in parents]
    _log("component.created", component, by=by, now=now, component_kind=kind, parents=above)
    return component


@transaction.atomic
def update_component(
    *, component: Component, name: str, kind: str, by: Actor, now: datetime
) -> Component:
    """Rename a component or change its kind; the key stays. Raises Refused (name, kind)."""
    before = {"name": component.name, "kind": component.kind}
    component.name = _name(name, component.key)
    component.kind = texts.component_kind("kind", kind)
    after = {"name": component.name, "kind": component.kind}
    if after != before:
        component.save(update_fields=["name", "kind"])
        _log("component.updated", component, by=by, now=now, before=before, after=after)
    return component


@transaction.atomic
def set_parents(
    *, component: Component, parents: Sequence[Component], by: Actor, now: datetime
) -> Component:
    """Hang a component below exactly these; none makes it a root.

    Raises Refused (parents), also for a circle, which it names.
    """
    _lock(component.provider)
    component.refresh_from_db()
    _check_parents(component, parents)
    before = {edge.parent_id: edge.parent for edge in _edges_above(component)}
    after = {parent.pk: parent for parent in parents}
    gone = [parent for key, parent in before.items() if key not in after]
    new = [parent for key, parent in after.items() if key not in before]
    for parent in new:
        refuse_circle(parent=parent, child=component)
    if not gone and not new:
        return component
    ComponentEdge.objects.filter(child=component, parent__in=gone).delete()
    ComponentEdge.objects.bulk_create(
        [ComponentEdge(parent=parent, child=component) for parent in new]
    )
    component.is_root = not after
    component.save(update_fields=["is_root"])
    changes = [_edge(parent, component, present=False) for parent in gone]
    changes += [_edge(parent, component, present=True) for parent in new]
    append_changes(changes=changes, now=now)
    _log(
        "component.moved",
        component,
        by=by,
        now=now,
        before=sorted(parent.key for parent in before.values()),
        after=sorted(parent.key for parent in after.values()),
    )
    return component


@transaction.atomic
def add_parent(*, component: Component, parent: Component, by: Actor, now: datetime) -> Component:
    """Hang a component below one more. Raises Refused (parents)."""
    above = [edge.parent for edge in _edges_above(component)]
    return set_parents(component=component, parents=[*above, parent], by=by, now=now)


@transaction.atomic
def remove_parent(
    *, component: Component, parent: Component, by: Actor, now: datetime
) -> Component:
    """Take a component from below one of its parents. Raises Refused (parents)."""
    above = [edge.parent for edge in _edges_above(component)]
    if parent not in above:
        raise Refused(
            "parents",
            _("%(component)s does not stand directly below %(parent)s.")
            % {"component": component.key, "parent": parent.key},
        )
    kept = [each for each in above if each != parent]
    return set_parents(component=component, parents=kept, by=by, now=now)


@transaction.atomic
def retire_component(*, component: Component, by: Actor, now: datetime) -> Component:
    """Take an empty component out of use; past issues still name it.

    Raises Refused while something stands below it or tenants are placed on it.
    """
    _lock(component.provider)
    component.refresh_from_db()
    if component.retired_at is not None:
        raise Refused("component", _("%(key)s is retired already.") % {"key": component.key})
    below = ComponentEdge.objects.filter(parent=component, child__retired_at__isnull=True).count()
    if below:
        raise Refused(
            "component",
            _("%(count)s components stand below %(key)s; move or retire them first.")
            % {"count": below, "key": component.key},
        )
    tenants = Placement.objects.filter(component=component).values("tenant").distinct().count()
    if tenants:
        raise Refused(
            "component",
            _("%(count)s tenants have users on %(key)s; place them elsewhere first.")
            % {"count": tenants, "key": component.key},
        )
    component.retired_at = now
    component.save(update_fields=["retired_at"])
    _log("component.retired", component, by=by, now=now)
    return component


@transaction.atomic
def restore_component(*, component: Component, by: Actor, now: datetime) -> Component:
    """Put a retired component back into use where it was; not below a retired one."""
    _lock(component.provider)
    component.refresh_from_db()
    if component.retired_at is None:
        raise Refused("component", _("%(key)s is in use.") % {"key": component.key})
    retired = [edge.parent for edge in _edges_above(component) if edge.parent.retired_at]
    if retired:
        raise Refused(
            "component",
            _("%(parent)s above it is retired; restore that first.") % {"parent": retired[0].key},
        )
    component.retired_at = None
    component.save(update_fields=["retired_at"])
    _log("component.restored", component, by=by, now=now)
    return component


def _lock(provider: Organisation) -> None:
    """Let one change of the provider's tree go at a time: two together could close a circle."""
    Organisation.objects.select_for_update().get(pk=provider.pk)


def _edges_above(component: Component) -> list[ComponentEdge]:
    return list(ComponentEdge.objects.filter(child=component).select_related("parent"))


def _check_parents(component: Component, parents: Sequence[Component]) -> None:
    for parent in parents:
        if parent.provider_id != component.provider_id:
            raise Refused("parents", _("Choose among your own components."))
        if parent.retired_at is not None:
            raise Refused("parents", _("%(key)s is retired; choose another.") % {"key": parent.key})
    if len({parent.pk for parent in parents}) != len(parents):
        raise Refused("parents", _("The same component is named twice."))


def _name(name: str, key: str) -> str:
    return plain_line("name", name, longest=200, required=False) or key


def _edge(parent: Component, component: Component, *, present: bool) -> dict[str, Any]:
    return edge_change(parent=parent.pk, component=component.pk, present=present)


def _log(action: str, component: Component, *, by: Actor, now: datetime, **details: object) -> None:
    record(
        by=by,
        organisation=component.provider,
        action=action,
        kind="component",
        key=component.key,
        now=now,
        **details,
    )
