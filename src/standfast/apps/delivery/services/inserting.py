"""Many rows of one table at once, past the ORM's work for each: of a hundred thousand deliveries
that work is most of the time between publishing and sending.

The values are those that the ORM would write: each field prepares its own, once for each value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

#: Rows of one statement: each needs its parameters, of which SQLite takes 32,766.
_AT_ONCE = 1_000
#: Written as they are.
_PLAIN = frozenset({int, str, type(None)})


def insert_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    ignore_conflicts: bool = False,
) -> None:
    """Insert rows with values for the named fields; every other field gets its default."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields if field.column)
    holes = ", ".join(["%s"] * len(fields))
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({holes}){end}"  # noqa: S608 - names of our own tables
    makers = [_Column(field, names) for field in fields]
    remaining = iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(remaining, _AT_ONCE)):
            given = list(zip(*chunk, strict=True))
            made = zip(*[maker.of(given, len(chunk)) for maker in makers], strict=True)
            cursor.executemany(statement, list(made))


class _Column:
    """One column: where its values are in the rows, and how the database wants them."""

    def __init__(self, field: models.Field[Any, Any], names: Sequence[str]) -> None:
        self._field = field
        self._place = names.index(field.attname) if field.attname in names else None
        self._known: dict[Any, Any] = {}
        self._default = None if self._place is not None else self._written(field.get_default())

    def of(self, given: Sequence[Sequence[Any]], count: int) -> Sequence[Any]:
        """The values of so many rows, whose given values come column by column."""
        if self._place is None:
            return [self._default] * count
        values = given[self._place]
        return values if _PLAIN.issuperset(map(type, values)) else list(map(self._one, values))

    def _one(self, value: Any) -> Any:
        key = repr(value) if isinstance(value, dict | list) else value
        if key not in self._known:
            self._known[key] = self._written(value)
        return self._known[key]

    def _written(self, value: Any) -> Any:
        return self._field.get_db_prep_save(value, connection)
