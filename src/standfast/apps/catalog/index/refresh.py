"""The worker's part: writing the file that every process maps, and shortening the log."""

from __future__ import annotations

from standfast.apps.catalog.index.changes import REBUILD
from standfast.apps.catalog.index.file import index_path, only_builder
from standfast.apps.catalog.index.rows import build_index, last_change
from standfast.apps.catalog.models import CatalogChange
from standfast.engine.targeting import IndexFileError, PlacementIndex

# So many changes beside the arrays cost readers little; then the file is written anew.
MANY_CHANGES = 5_000
# Processes that lag so many changes behind open the file instead of reading the log.
KEPT_CHANGES = 100_000


def refresh_index(*, force: bool = False) -> bool:
    """Write a new index file if it is due; says whether it did.

    Due means: there is none, it is of another database, a full import came, or many changes.
    Builds in this process: for the worker and for commands, not for what answers requests.
    """
    if not force and not _is_due():
        return False
    with only_builder():
        if not force and not _is_due():
            return False
        index = build_index()
        index.save(index_path())
    CatalogChange.objects.filter(pk__lte=index.revision - KEPT_CHANGES).delete()
    return True


def _is_due() -> bool:
    try:
        revision = PlacementIndex.open(index_path()).revision
    except IndexFileError:
        return True
    if last_change() < revision:
        return True
    news = CatalogChange.objects.filter(pk__gt=revision)
    return news.filter(kind=REBUILD).exists() or news.count() > MANY_CHANGES
