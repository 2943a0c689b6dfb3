"""Imports that the worker runs: files handed over by a page or a program, one after the other."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from standfast.apps.catalog.imports.faults import Fault
from standfast.apps.catalog.imports.rows import Progress
from standfast.apps.catalog.models import PlacementImport
from standfast.apps.catalog.services.importing import ImportReport, import_placements, known_mode
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record

MOST_BYTES = 4 * 1024**3
# Writing ten million rows in one transaction takes minutes, in which nothing moves.
SILENT_FOR = timedelta(minutes=20)
_TELL_EVERY = 0.5
_log = structlog.get_logger(__name__)


def queue_import(
    *,
    provider: Organisation,
    filename: str,
    content: Iterable[bytes],
    mode: str,
    by: Actor,
    now: datetime,
) -> PlacementImport:
    """Keep a file for the worker. Raises Refused (mode, file)."""
    mode = known_mode(mode)
    path = _folder() / uuid.uuid4().hex
    try:
        size = _keep(content, path)
        with transaction.atomic():
            queued = PlacementImport.objects.create(
                provider=provider,
                by=by.user,
                actor=by.label[:200],
                filename=_clean_name(filename),
                stored_path=str(path),
                mode=mode,
                bytes_total=size,
                created_at=now,
            )
            record(
                by=by,
                organisation=provider,
                action="placements.import_queued",
                kind="placements",
                key=queued.pk,
                now=now,
                mode=mode,
                filename=queued.filename,
                size=size,
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return queued


def run_next_import(*, now: datetime) -> bool:
    """Run the oldest import that waits, to its end; False when none does.

    For the worker's loop: several workers never take the same one.
    """
    row = _claim(now)
    if row is None:
        return False
    began = time.monotonic()
    report = _run(row, now=now, began=began)
    ended = now + timedelta(seconds=time.monotonic() - began)
    PlacementImport.objects.filter(pk=row.pk).update(
        state="failed" if report.error_count else "done",
        rows_read=report.rows,
        bytes_read=row.bytes_total,
        added=report.added,
        changed=report.changed,
        removed=report.removed,
        error_count=report.error_count,
        errors=[fault.to_json() for fault in report.errors],
        alive_at=ended,
        finished_at=ended,
    )
    Path(row.stored_path).unlink(missing_ok=True)
    return True


def _claim(now: datetime) -> PlacementImport | None:
    waiting = Q(state="queued") | Q(state="running", alive_at__lt=now - SILENT_FOR)
    for row in (
        PlacementImport.objects.filter(waiting).select_related("provider", "by").order_by("pk")[:5]
    ):
        claimed = PlacementImport.objects.filter(waiting, pk=row.pk).update(
            state="running", started_at=now, alive_at=now, rows_read=0, bytes_read=0
        )
        if claimed:
            return row
    return None


def _run(row: PlacementImport, *, now: datetime, began: float) -> ImportReport:
    path = Path(row.stored_path)
    if not path.is_file():
        return _failure("lost")
    try:
        return import_placements(
            provider=row.provider,
            source=path,
            mode=row.mode,
            by=Actor(row.by, row.actor),
            now=now,
            progress=_teller(row, now=now, began=began),
        )
    except Exception as error:
        # Whatever it was, the page must say so, and the next import must not wait for this one.
        _log.exception("import.broken", id=row.pk)
        return _failure("broken", type(error).__name__)


def _failure(problem: str, value: str = "") -> ImportReport:
    return ImportReport(0, error_count=1, errors=(Fault(0, "file", problem, value),))


def _teller(row: PlacementImport, *, now: datetime, began: float) -> Progress:
    """Write how far it is, so that the page can show it; not at every chunk."""
    last = float("-inf")

    def tell(rows: int, bytes_read: int) -> None:
        nonlocal last
        if (moment := time.monotonic()) - last < _TELL_EVERY:
            return
        last = moment
        PlacementImport.objects.filter(pk=row.pk).update(
            rows_read=rows, bytes_read=bytes_read, alive_at=now + timedelta(seconds=moment - began)
        )

    return tell


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _keep(content: Iterable[bytes], path: Path) -> int:
    size = 0
    with path.open("xb") as file:
        for piece in content:
            size += len(piece)
            if size > MOST_BYTES:
                raise Refused(
                    "file",
                    _("The file has more than %(most)d GB; divide it and import deltas.")
                    % {"most": MOST_BYTES // 1024**3},
                )
            file.write(piece)
    if not size:
        raise Refused("file", _("The file is empty."))
    return size


def _clean_name(filename: str) -> str:
    """The name is shown only, never opened."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(mark for mark in last if mark.isprintable())[:255] or "placements"
