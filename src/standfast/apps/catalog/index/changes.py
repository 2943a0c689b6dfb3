"""From rows of the change log to changes that the index applies."""

from __future__ import annotations

from collections.abc import Sequence

from standfast.apps.catalog.models import CatalogChange
from standfast.engine.targeting import (
    Change,
    ComponentChange,
    EdgeChange,
    PlacementChange,
    SubscriptionChange,
)

REBUILD = "rebuild"


def changes_after(revision: int) -> list[CatalogChange]:
    """The rows of the log that an index of this revision lacks, in order."""
    return list(CatalogChange.objects.filter(pk__gt=revision).order_by("pk"))


def up_to_rebuild(rows: Sequence[CatalogChange]) -> list[Change]:
    """The changes before everything changed; all of them when it did not."""
    found: list[Change] = []
    for row in rows:
        if row.kind == REBUILD:
            break
        found.append(_change(row))
    return found


def _change(row: CatalogChange) -> Change:
    told = row.payload
    match row.kind:
        case "placement":
            return PlacementChange(
                row.pk, told["component"], told["tenant_number"], told["service"], told["users"]
            )
        case "edge":
            return EdgeChange(row.pk, told["parent"], told["component"], told["present"])
        case "component":
            return ComponentChange(row.pk, told["component"], told["present"])
        case "subscription":
            return SubscriptionChange(
                row.pk, told["service"], told["tenant_number"], told["present"]
            )
    raise ValueError(f"change {row.pk}: unknown kind {row.kind!r}")
