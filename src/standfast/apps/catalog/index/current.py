"""The index of this process: mapped from the file, with the changes since applied.

`current_index()` looks at the file and at the change log at most every 200 ms. Inside a transaction
it answers from what the transaction sees and keeps nothing: what is not committed yet, and may
never be, must not reach the other threads.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from standfast.apps.catalog.index.changes import REBUILD, changes_after, up_to_rebuild
from standfast.apps.catalog.index.file import Stamp, index_path, only_builder, stamp_of
from standfast.apps.catalog.index.rows import build_index, last_change
from standfast.apps.catalog.models import CatalogChange, Placement
from standfast.engine.targeting import CyclicComponents, IndexFileError, PlacementIndex

LOOK_EVERY = 0.2
# Up to so many placements a serving process builds by itself in about a second.
SMALL = 300_000
# Above that it serves the old index until the worker's file comes; without a worker, so long.
PATIENCE = timedelta(minutes=3)


@dataclass
class _Held:
    """What this process has: changed under the lock only; the index itself never changes."""

    index: PlacementIndex | None = None
    built_at: int = -1  # the revision of its arrays, without the changes beside them
    stamp: Stamp | None = None
    looked_at: float = float("-inf")


_lock = threading.Lock()
_held = _Held()


def current_index() -> PlacementIndex:
    """The placement index as it is now. Costs nothing when nothing has changed."""
    if connection.in_atomic_block:
        with _lock:
            _open_newer_file()
        return _caught_up(_held.index)
    index = _fresh_enough()
    if index is not None:
        return index
    with _lock:
        index = _fresh_enough()
        if index is not None:
            return index
        _open_newer_file()
        if _held.index is None:
            _build_first()
        index = _caught_up(_held.index)
        _hold(index)
        _held.looked_at = time.monotonic()
        return index


def look_again() -> None:
    """Make the next question look at the log at once: this process has just written to it."""
    _held.looked_at = float("-inf")


def forget_index() -> None:
    """Drop the index and its file: for tests, and after a backup was restored."""
    with _lock:
        _held.index, _held.built_at, _held.stamp = None, -1, None
        look_again()
        index_path().unlink(missing_ok=True)


def _fresh_enough() -> PlacementIndex | None:
    return _held.index if time.monotonic() - _held.looked_at < LOOK_EVERY else None


def _hold(index: PlacementIndex) -> None:
    _held.index = index
    if not index.pending:
        _held.built_at = index.revision


def _open_newer_file() -> None:
    """Map the file if another process wrote it since, and it is not behind what is held."""
    stamp = stamp_of(index_path())
    if stamp is None or stamp == _held.stamp:
        return
    try:
        opened = PlacementIndex.open(index_path())
    except IndexFileError:
        return  # of another version, or damaged: the worker replaces it
    _held.stamp = stamp
    if opened.revision >= _held.built_at:
        _hold(opened)


def _build_first() -> None:
    """Nothing here to start from: build, unless another process does it while we wait."""
    with only_builder():
        _open_newer_file()
        if _held.index is None:
            built = build_index()
            built.save(index_path())
            _held.stamp = stamp_of(index_path())
            _hold(built)


def _caught_up(index: PlacementIndex | None) -> PlacementIndex:
    if index is None or last_change() < index.revision:
        return build_index()  # none yet, or the database is an older one than the index
    rows = changes_after(index.revision)
    if any(row.kind == REBUILD for row in rows) and _should_build(rows):
        return build_index()
    try:
        return index.apply(up_to_rebuild(rows))
    except CyclicComponents:
        return build_index()  # a circle that existed only while rows were read one by one


def _should_build(rows: list[CatalogChange]) -> bool:
    asked = next(row.at for row in rows if row.kind == REBUILD)
    newest = Placement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    oldest = Placement.objects.order_by("pk").values_list("pk", flat=True).first() or 0
    return newest - oldest < SMALL or datetime.now(UTC) - asked > PATIENCE
