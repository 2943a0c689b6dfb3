"""Components, by their keys. Scopes `catalog.read` and `catalog.write`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from standfast.api.auth import ApiRequest, TokenAuth, actor_of
from standfast.api.native.paging import paged
from standfast.apps.catalog.queries.components import (
    component_by_key,
    components_by_key,
    parents_of,
    search_components,
)
from standfast.apps.catalog.queries.tree import child_nodes, node_of
from standfast.apps.catalog.services.components import (
    create_component,
    restore_component,
    retire_component,
    set_parents,
    update_component,
)
from standfast.apps.tenancy.errors import NoAccess, Refused

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Component
    from standfast.apps.tenancy.models import Organisation

router = Router(tags=["catalog"])
READ, WRITE = TokenAuth("catalog.read"), TokenAuth("catalog.write")


class ComponentOut(Schema):
    """A component in a list."""

    key: str
    name: str
    kind: str
    is_root: bool
    retired_at: datetime | None


class ComponentWithPlace(ComponentOut):
    """A whole component: keys directly above, and who is placed on it and below."""

    parents: list[str]
    children: int
    tenants: int
    users: int


class ComponentPage(Schema):
    """A page of components."""

    items: list[ComponentOut]
    count: int
    page: int
    pages: int


class ComponentIn(Schema):
    """A new component below `parents` (keys); none: a top component."""

    key: str
    kind: str
    name: str = ""
    parents: list[str] = []


class ComponentChanges(Schema):
    """What is given is changed. `parents` are all of them: it then stands below exactly these."""

    name: str | None = None
    kind: str | None = None
    parents: list[str] | None = None


@router.get("", response=ComponentPage, auth=READ)
def components(request: HttpRequest, q: str = "", kind: str = "", page: int = 1) -> dict[str, Any]:
    """Components in use whose key or name contains `q`, exact keys first."""
    found = search_components(_provider(request), text=q, kind=kind, page=page)
    return paged(found, lambda component: component)


@router.post("", response={201: ComponentWithPlace}, auth=WRITE)
def add_component(request: HttpRequest, body: ComponentIn) -> Status[dict[str, Any]]:
    """Add a component."""
    caller = cast(ApiRequest, request)
    made = create_component(
        provider=_provider(request),
        key=body.key,
        kind=body.kind,
        name=body.name,
        parents=_named(request, body.parents),
        by=actor_of(caller),
        now=caller.now,
    )
    return Status(201, _shape(made))


@router.get("/{key}", response=ComponentWithPlace, auth=READ)
def component(request: HttpRequest, key: str) -> dict[str, Any]:
    """One component."""
    return _shape(_found(request, key))


@router.get("/{key}/children", response=ComponentPage, auth=READ)
def children(request: HttpRequest, key: str, page: int = 1) -> dict[str, Any]:
    """The components directly below one."""
    return paged(child_nodes(_found(request, key), page=page), lambda node: node.component)


@router.patch("/{key}", response=ComponentWithPlace, auth=WRITE)
def change_component(request: HttpRequest, key: str, body: ComponentChanges) -> dict[str, Any]:
    """Rename or move a component. A circle is refused."""
    caller, found = cast(ApiRequest, request), _found(request, key)
    if body.parents is not None:
        found = set_parents(
            component=found,
            parents=_named(request, body.parents),
            by=actor_of(caller),
            now=caller.now,
        )
    if body.name is not None or body.kind is not None:
        found = update_component(
            component=found,
            name=found.name if body.name is None else body.name,
            kind=found.kind if body.kind is None else body.kind,
            by=actor_of(caller),
            now=caller.now,
        )
    return _shape(found)


@router.post("/{key}/retire", response=ComponentWithPlace, auth=WRITE)
def retire(request: HttpRequest, key: str) -> dict[str, Any]:
    """Take an empty component out of use."""
    caller = cast(ApiRequest, request)
    found = _found(request, key)
    return _shape(retire_component(component=found, by=actor_of(caller), now=caller.now))


@router.post("/{key}/restore", response=ComponentWithPlace, auth=WRITE)
def restore(request: HttpRequest, key: str) -> dict[str, Any]:
    """Put a retired component back into use."""
    caller = cast(ApiRequest, request)
    found = _found(request, key)
    return _shape(restore_component(component=found, by=actor_of(caller), now=caller.now))


def _provider(request: HttpRequest) -> Organisation:
    return cast(ApiRequest, request).auth.organisation


def _found(request: HttpRequest, key: str) -> Component:
    component = component_by_key(_provider(request), key)
    if component is None:
        raise NoAccess
    return component


def _named(request: HttpRequest, keys: list[str]) -> list[Component]:
    known = components_by_key(_provider(request), keys)
    for key in keys:
        if key not in known:
            raise Refused("parents", _("There is no component “%(key)s”.") % {"key": key})
    return [known[key] for key in keys]


def _shape(component: Component) -> dict[str, Any]:
    node = node_of(component)
    return {
        **{name: getattr(component, name) for name in ComponentOut.model_fields},
        "parents": [parent.key for parent in parents_of(component)],
        "children": node.children,
        "tenants": node.tenants,
        "users": node.users,
    }
