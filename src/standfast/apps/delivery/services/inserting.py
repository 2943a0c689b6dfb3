"""Many rows of one table at once, past the ORM's work for each: of a hundred thousand deliveries
that work is most of the time between publishing and sending.

The values are those that the ORM would write: each field prepares its own, once for each value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

#: Rows of one statement: each needs its parameters, of which SQLite takes 32,766.
_AT_ONCE = 1_000


def insert_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    ignore_conflicts: bool = False,
) -> None:
    """Insert rows with values for the named fields; every other field gets its default."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    places = [_Column(field, names) for field in fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields if field.column)
    holes = ", ".join(["%s"] * len(fields))
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({holes}){end}"  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        chunk: list[list[Any]] = []
        for row in rows:
            chunk.append([place.of(row) for place in places])
            if len(chunk) == _AT_ONCE:
                cursor.executemany(statement, chunk)
                chunk = []
        if chunk:
            cursor.executemany(statement, chunk)


class _Column:
    """One column: where its value is in a row, and how the database wants it."""

    def __init__(self, field: models.Field[Any, Any], names: Sequence[str]) -> None:
        self._field = field
        self._place = names.index(field.attname) if field.attname in names else None
        self._known: dict[Any, Any] = {}
        self._default = None if self._place is not None else self._written(field.get_default())

    def of(self, row: Sequence[Any]) -> Any:
        if self._place is None:
            return self._default
        value = row[self._place]
        kind = type(value)
        if kind is int or kind is str or value is None:
            return value
        try:
            if value not in self._known:
                self._known[value] = self._written(value)
            return self._known[value]
        except TypeError:  # a dictionary cannot be looked up
            return self._written(value)

    def _written(self, value: Any) -> Any:
        return self._field.get_db_prep_save(value, connection)
