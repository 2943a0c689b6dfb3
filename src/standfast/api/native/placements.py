"""Placements: single ones, and imports of files. Scopes `catalog.read`, `placements.write`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from standfast.api.auth import ApiRequest, TokenAuth, actor_of
from standfast.api.native.named import component_named, service_named, tenant_named
from standfast.api.native.paging import paged
from standfast.apps.catalog.queries.imports import (
    faults_of,
    get_import_for,
    imports_of,
    percent_of,
)
from standfast.apps.catalog.queries.tenants import get_tenant_for, placements_of_tenant
from standfast.apps.catalog.services.import_queue import queue_import
from standfast.apps.catalog.services.placements import set_placement
from standfast.apps.tenancy.errors import Refused

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Placement, PlacementImport

router = Router(tags=["placements"])
READ, WRITE = TokenAuth("catalog.read"), TokenAuth("placements.write")
_PIECE = 1 << 16


class PlacementOut(Schema):
    """So many users of a tenant (short name) of a service (key) on a component (key)."""

    tenant: str
    component: str
    service: str
    users: int


class PlacementPage(Schema):
    """A page of placements."""

    items: list[PlacementOut]
    count: int
    page: int
    pages: int


class FaultOut(Schema):
    """A bad row; `line` counts from 1 (in Parquet: rows)."""

    line: int
    field: str
    problem: str
    value: str
    message: str


class ImportOut(Schema):
    """An import. `state`: queued, running, done or failed (then nothing was changed)."""

    id: int
    filename: str
    mode: str
    state: str
    percent: int
    rows_read: int
    added: int
    changed: int
    removed: int
    error_count: int
    created_at: datetime
    finished_at: datetime | None


class ImportWithFaults(ImportOut):
    """One import with its first 1,000 bad rows."""

    errors: list[FaultOut]


class ImportPage(Schema):
    """A page of imports."""

    items: list[ImportOut]
    count: int
    page: int
    pages: int


@router.get("", response=PlacementPage, auth=READ)
def placements(request: HttpRequest, tenant: str, page: int = 1) -> dict[str, Any]:
    """Where a tenant's users are, the largest first."""
    provider = cast(ApiRequest, request).auth.organisation
    found = get_tenant_for(provider, tenant)
    return paged(placements_of_tenant(provider, found, page=page), lambda row: _shape(row, tenant))


@router.put("", response=PlacementOut, auth=WRITE)
def put_placement(request: HttpRequest, body: PlacementOut) -> PlacementOut:
    """Say how many users there are; 0 removes the placement."""
    _set(cast(ApiRequest, request), body.tenant, body.component, body.service, body.users)
    return body


@router.delete("", response={204: None}, auth=WRITE)
def delete_placement(
    request: HttpRequest, tenant: str, component: str, service: str
) -> Status[None]:
    """Remove a placement; fine when there is none."""
    _set(cast(ApiRequest, request), tenant, component, service, 0)
    return Status(204, None)


@router.post("/imports", response={202: ImportOut}, auth=WRITE)
def import_file(request: HttpRequest, mode: str = "") -> Status[dict[str, Any]]:
    """Hand over CSV or Parquet: as the body, or as the field `file` of a form.

    `mode` is `full` (what the file does not name is removed) or `delta`; it must be said, in the
    query or in the form. The answer tells the id to ask for.
    """
    caller = cast(ApiRequest, request)
    filename, content = _file_of(request)
    queued = queue_import(
        provider=caller.auth.organisation,
        filename=filename,
        content=content,
        mode=mode or (request.POST.get("mode", "") if _is_form(request) else ""),
        by=actor_of(caller),
        now=caller.now,
    )
    return Status(202, _import(queued))


@router.get("/imports", response=ImportPage, auth=READ)
def imports(request: HttpRequest, page: int = 1) -> dict[str, Any]:
    """The imports so far, newest first."""
    return paged(imports_of(cast(ApiRequest, request).auth.organisation, page=page), _import)


@router.get("/imports/{import_id}", response=ImportWithFaults, auth=READ)
def import_state(request: HttpRequest, import_id: int) -> dict[str, Any]:
    """How far an import is, what it did, and its bad rows."""
    row = get_import_for(cast(ApiRequest, request).auth.organisation, import_id)
    faults = [{**fault.to_json(), "message": fault.message} for fault in faults_of(row)]
    return {**_import(row), "errors": faults}


def _set(caller: ApiRequest, tenant: str, component: str, service: str, users: int) -> None:
    provider = caller.auth.organisation
    set_placement(
        tenant=tenant_named(tenant),
        component=component_named(provider, component),
        service=service_named(provider, service),
        users=users,
        by=actor_of(caller),
        now=caller.now,
    )


def _is_form(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def _file_of(request: HttpRequest) -> tuple[str, Iterable[bytes]]:
    if not _is_form(request):
        return "upload", iter(lambda: request.read(_PIECE), b"")
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("file", _("Send the file as the field “file”, or as the body."))
    return upload.name or "upload", upload.chunks()


def _shape(placement: Placement, tenant: str) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "component": placement.component.key,
        "service": placement.service.key,
        "users": placement.users,
    }


def _import(row: PlacementImport) -> dict[str, Any]:
    names = set(ImportOut.model_fields) - {"id", "percent"}
    return {
        "id": row.pk,
        "percent": percent_of(row),
        **{name: getattr(row, name) for name in names},
    }
