"""Importing placements from a file: everything in it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from standfast.apps.catalog.imports.checking import KeyMap, check
from standfast.apps.catalog.imports.csv_rows import read_csv
from standfast.apps.catalog.imports.faults import Fault, Faults
from standfast.apps.catalog.imports.parquet_rows import read_parquet
from standfast.apps.catalog.imports.rows import Progress, looks_like_parquet
from standfast.apps.catalog.models import Component, Service
from standfast.apps.catalog.services import merging
from standfast.apps.catalog.services.changes import append_changes, everything_changed
from standfast.apps.catalog.services.staging import fill, find_duplicates, staging_table
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record

FULL, DELTA = "full", "delta"
MODES = (FULL, DELTA)
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: nothing, when there are errors (the first of them, and how many)."""

    rows: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    subscribed: int = 0
    error_count: int = 0
    errors: tuple[Fault, ...] = ()


def import_placements(
    *,
    provider: Organisation,
    source: Path,
    mode: str,
    by: Actor,
    now: datetime,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a CSV or Parquet file. `full`: what the file does not name is removed; `delta`: only
    what it names changes, and 0 users remove a placement.

    Rows are checked first, then all are written in one transaction. Raises Refused (mode).
    """
    mode = known_mode(mode)
    faults, rows = Faults(), 0
    with staging_table() as table:
        maps = _key_maps(provider)
        read = read_parquet if looks_like_parquet(source) else read_csv
        for chunk in read(source, faults):
            fill(table, check(chunk, maps, faults))
            rows += len(chunk.lines)
            if progress:
                progress(rows, chunk.bytes_read)
        find_duplicates(table, faults)
        if faults.count:
            return ImportReport(rows, error_count=faults.count, errors=tuple(faults.first))
        return _apply(table, rows, provider=provider, mode=mode, by=by, now=now)


def known_mode(mode: str) -> str:
    """Return the mode. Raises Refused (mode)."""
    if mode not in MODES:
        raise Refused("mode", _("Choose one of: %(modes)s.") % {"modes": ", ".join(MODES)})
    return mode


@transaction.atomic
def _apply(
    table: str, rows: int, *, provider: Organisation, mode: str, by: Actor, now: datetime
) -> ImportReport:
    merging.keep_others_out()
    by_row = merging.changes_by_row(table) if mode == DELTA else None
    merged = merging.merge(table, provider=provider, full=mode == FULL, now=now)
    if by_row is None:
        everything_changed(now=now)
    else:
        append_changes(changes=by_row, now=now)
    record(
        by=by,
        organisation=provider,
        action="placements.imported",
        kind="placements",
        key=provider.slug,
        now=now,
        mode=mode,
        rows=rows,
        added=merged.added,
        changed=merged.changed,
        removed=merged.removed,
        subscribed=merged.subscribed,
    )
    return ImportReport(rows, merged.added, merged.changed, merged.removed, merged.subscribed)


def _key_maps(provider: Organisation) -> dict[str, KeyMap]:
    """Keys of the provider's own components and services in use, and of all tenants."""
    tenants = Organisation.objects.filter(is_tenant=True, number__isnull=False)
    components = Component.objects.filter(provider=provider, retired_at__isnull=True)
    services = Service.objects.filter(provider=provider, retired_at__isnull=True)
    return {
        "tenant": KeyMap(_chunks(tenants.values_list("slug", "pk"))),
        "component": KeyMap(_chunks(components.values_list("key", "pk"))),
        "service": KeyMap(_chunks(services.values_list("key", "pk"))),
    }


def _chunks(rows: QuerySet[Any, tuple[Any, ...]]) -> Iterator[list[tuple[str, int]]]:
    chunk: list[tuple[str, int]] = []
    for key, found in rows.order_by().iterator(_CHUNK):
        chunk.append((key, found))
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    yield chunk
