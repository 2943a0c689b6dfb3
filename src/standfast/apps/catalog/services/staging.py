"""The table that a file's rows wait in, while nothing of the catalog has changed yet.

On SQLite it is sorted as it is filled, chunk by sorted chunk; on PostgreSQL it is filled by COPY.
Statements are put together from fixed texts and the table's own name only.
"""
# ruff: noqa: S608

from __future__ import annotations

import io
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
import pyarrow.csv
from django.db import connection, transaction

from standfast.apps.catalog.imports.checking import Checked
from standfast.apps.catalog.imports.faults import KEPT, Faults

_PREFIX = "catalog_staging_"
_ABANDONED_AFTER = 24 * 3600
# Loading and sorting keep 96 MB of the database in memory, where the default is 2 MB.
_SQLITE_CACHE = "-98304"


@contextmanager
def staging_table() -> Iterator[str]:
    """Make the table, and drop it whatever happens. Gives its name."""
    _drop_abandoned()
    name = f"{_PREFIX}{int(time.time())}_{secrets.token_hex(4)}"
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE {'UNLOGGED ' if is_postgresql else ''}TABLE {name} ("
            "component_id bigint NOT NULL, tenant_id bigint NOT NULL, service_id bigint NOT NULL, "
            "users bigint NOT NULL, line bigint NOT NULL"
            + (
                ")"
                if is_postgresql
                else ", PRIMARY KEY (component_id, tenant_id, service_id, line)) WITHOUT ROWID"
            )
        )
    try:
        with _room_to_sort():
            yield name
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {name}")


def fill(table: str, rows: Checked) -> None:
    """Add a chunk."""
    order = np.lexsort((rows.service, rows.tenant, rows.component))
    columns = [rows.component, rows.tenant, rows.service, rows.users, rows.line]
    ordered = [column[order] for column in columns]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ["component_id", "tenant_id", "service_id", "users", "line"]
            text = io.BytesIO()
            options = pyarrow.csv.WriteOptions(include_header=False)
            pyarrow.csv.write_csv(pa.table(dict(zip(names, ordered, strict=True))), text, options)
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT CSV)") as copy:
                copy.write(text.getvalue())
        else:
            cursor.executemany(
                f"INSERT INTO {table} VALUES (%s, %s, %s, %s, %s)",
                list(zip(*(column.tolist() for column in ordered), strict=True)),
            )


def find_duplicates(table: str, faults: Faults) -> None:
    """Note every row that repeats an earlier one of the file."""
    repeated = (
        "SELECT component_id, tenant_id, service_id, min(line) AS kept, count(*) AS found "
        f"FROM {table} GROUP BY component_id, tenant_id, service_id HAVING count(*) > 1"
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {table}")
        cursor.execute(
            f"SELECT s.line, r.kept FROM ({repeated} LIMIT {KEPT}) r JOIN {table} s "
            "ON s.component_id = r.component_id AND s.tenant_id = r.tenant_id "
            "AND s.service_id = r.service_id WHERE s.line > r.kept "
            f"ORDER BY s.line LIMIT {KEPT}"
        )
        found = cursor.fetchall()
        if not found:
            return
        cursor.execute(f"SELECT sum(r.found - 1) FROM ({repeated}) r")
        (count,) = cursor.fetchone()
    faults.add_all(
        [line for line, _kept in found], "file", "duplicate", [kept for _l, kept in found]
    )
    faults.count += int(count) - len(found)


@contextmanager
def _room_to_sort() -> Iterator[None]:
    """Give SQLite memory for the sorted tables, and let it sort in files instead of in memory."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA temp_store = FILE")
        cursor.execute(f"PRAGMA cache_size = {_SQLITE_CACHE}")
        cursor.execute("PRAGMA mmap_size = 0")
    try:
        yield
    finally:
        connection.close()  # the next one has the settings' own values


def _drop_abandoned() -> None:
    """Drop what processes left behind that were killed; those of a day ago are surely dead."""
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name.startswith(_PREFIX):
                begun = int(name.removeprefix(_PREFIX).split("_")[0])
                if begun < time.time() - _ABANDONED_AFTER:
                    cursor.execute(f"DROP TABLE IF EXISTS {name}")
