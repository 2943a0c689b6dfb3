"""What one version of a model says that the other does not, by entry and field.

Both are written as documents first, so that values read as people write them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from standfast.engine.continuity.document import to_data
from standfast.engine.continuity.model import Organisation


class Kind(StrEnum):
    """What happened to an entry."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an entry; None where it is not said."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry of a table of the document; `place` is its path. Fields only where it changed."""

    place: str
    kind: Kind
    fields: tuple[FieldChange, ...] = ()


def changes(before: Organisation, after: Organisation) -> tuple[EntryChange, ...]:
    """List the changes in the order of the documents, table by table."""
    return tuple(_changes(to_data(before), to_data(after)))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[EntryChange]:
    for table in dict.fromkeys([*before, *after]):
        old, new = before.get(table), after.get(table)
        if not isinstance(old, dict) and not isinstance(new, dict):
            if old != new:
                field = FieldChange(table, old, new)
                yield EntryChange(table, Kind.CHANGED, (field,))
            continue
        yield from _entries(table, old or {}, new or {})


def _entries(
    table: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[EntryChange]:
    for name in dict.fromkeys([*before, *after]):
        place = f"{table}.{name}"
        if name not in before:
            yield EntryChange(place, Kind.ADDED)
        elif name not in after:
            yield EntryChange(place, Kind.REMOVED)
        elif before[name] != after[name]:
            yield EntryChange(place, Kind.CHANGED, _fields(before[name], after[name]))


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(field, before.get(field), after.get(field))
        for field in dict.fromkeys([*before, *after])
        if before.get(field) != after.get(field)
    )
