"""Placements imported from a file: time and peak memory of the command, and of the index after.

`python -m bench.import_placements [--tenants N --components N --placements N] [--postgresql]
[--parquet] [--write FILE]`
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

from bench.targeting_world import SERVICES, World, make_world
from tests.postgres import start_postgres

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK = 10_000
INDEX = (
    "import django; django.setup()\n"
    "from standfast.apps.catalog.index import refresh_index\n"
    "refresh_index(force=True)\n"
)
Row = tuple[str, float, float]


def main(arguments: Sequence[str]) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="bench.import_placements")
    parser.add_argument("--tenants", type=int, default=1_000_000)
    parser.add_argument("--components", type=int, default=200_000)
    parser.add_argument("--placements", type=int, default=10_000_000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--parquet", action="store_true")
    parser.add_argument("--write", type=Path, help="append the table to this file")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="standfast-bench-") as folder:
        Path(folder).chmod(0o755)  # the PostgreSQL server may be another account's
        with _database(Path(folder), postgresql=asked.postgresql):
            rows = _measure(Path(folder), asked)
    table = _table(asked, rows)
    print(table)
    if asked.write:
        with asked.write.open("a", encoding="utf-8") as file:
            file.write(f"\n{table}\n")
    return 0


@contextmanager
def _database(folder: Path, *, postgresql: bool) -> Iterator[None]:
    os.environ["STANDFAST_DATA_DIR"] = str(folder / "data")
    os.environ["DJANGO_SETTINGS_MODULE"] = "standfast.config.settings"
    os.environ["STANDFAST_LOG_LEVEL"] = "WARNING"
    if not postgresql:
        os.environ["DATABASE_URL"] = ""
        yield
        return
    server = start_postgres(folder, durable=True)
    try:
        os.environ["DATABASE_URL"] = server.create_database("bench")
        yield
    finally:
        server.stop()


def _measure(folder: Path, asked: argparse.Namespace) -> list[Row]:
    print("making the world …", file=sys.stderr)
    world = make_world(asked.tenants, asked.components, asked.placements)
    _store(world, asked.tenants, asked.components)
    every = folder / ("all.parquet" if asked.parquet else "all.csv")
    _, _, _, users = world.placements
    _write_file(every, world, users)
    again, few = folder / "again.csv", folder / "few.csv"
    changed = users.copy()
    changed[::100] += 1
    _write_file(again, world, changed)
    _write_file(few, world, changed + 1, first=min(1_000, len(users)))
    del world
    size = every.stat().st_size / 1e6
    return [
        _run(f"full import into nothing ({size:,.0f} MB)", [str(every)]),
        _run("full import, 1 % of the rows changed", [str(again)]),
        _run("delta of 1,000 rows", [str(few), "--mode", "delta"]),
        _timed("the index built and saved after it", [sys.executable, "-c", INDEX]),
    ]


def _store(world: World, tenants: int, components: int) -> None:
    """Write everything that a file of placements names."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from standfast.apps.catalog.models import Component, ComponentEdge, Service
    from standfast.apps.tenancy.models import Organisation

    call_command("migrate", verbosity=0)
    provider = Organisation.objects.create(
        slug="cloud", name="Cloud", is_provider=True, created_at=NOW
    )
    print("storing tenants and components …", file=sys.stderr)
    with transaction.atomic():
        for numbers in _chunks(tenants):
            Organisation.objects.bulk_create(
                Organisation(
                    slug=f"tenant-{n}", name=f"Tenant {n}", is_tenant=True, number=n, created_at=NOW
                )
                for n in numbers
            )
        for numbers in _chunks(components):
            Component.objects.bulk_create(
                Component(
                    provider=provider,
                    key=f"C-{n + 1}",
                    name=f"C-{n + 1}",
                    kind="part",
                    is_root=not world.parent[n],
                )
                for n in numbers
            )
        Service.objects.bulk_create(
            Service(provider=provider, key=f"s-{n + 1}", name={"en": f"S{n + 1}"})
            for n in range(SERVICES)
        )
        ids = dict(Component.objects.values_list("key", "pk"))
        for numbers in _chunks(components):
            ComponentEdge.objects.bulk_create(
                ComponentEdge(parent_id=ids[f"C-{world.parent[n]}"], child_id=ids[f"C-{n + 1}"])
                for n in numbers
                if world.parent[n]
            )


def _chunks(count: int) -> Iterator[range]:
    return (range(begin, min(begin + CHUNK, count)) for begin in range(0, count, CHUNK))


def _write_file(
    path: Path, world: World, users: np.ndarray[tuple[int], np.dtype[np.int64]], first: int = 0
) -> None:
    component, tenant, service, _users = world.placements
    kept = slice(first or None)
    columns = {
        "tenant": _words("tenant-", tenant[kept]),
        "component": _words("C-", component[kept]),
        "service": _words("s-", service[kept]),
        "users": pa.array(users[kept]),
    }
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(pa.table(columns), path)
    else:
        options = pyarrow.csv.WriteOptions(quoting_style="none")
        pyarrow.csv.write_csv(pa.table(columns), path, options)


def _words(prefix: str, numbers: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    return pa.compute.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")


def _run(label: str, arguments: list[str]) -> Row:
    return _timed(label, [sys.executable, "-m", "standfast", "placements", "import", *arguments])


def _timed(label: str, command: list[str]) -> Row:
    """Run a command; how long it took and its peak memory (of a process of its own)."""
    print(f"{label} …", file=sys.stderr)
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"failed: {' '.join(command)}")
    per_unit = 1 if sys.platform == "darwin" else 1024
    return label, time.perf_counter() - began, usage.ru_maxrss * per_unit / 1e6


def _table(asked: argparse.Namespace, rows: list[Row]) -> str:
    kind = "PostgreSQL" if asked.postgresql else "SQLite"
    form = "Parquet" if asked.parquet else "CSV"
    lines = [
        f"{asked.tenants:,} tenants, {asked.components:,} components, {asked.placements:,} "
        f"placements, {form}, {kind}; Python {sys.version.split()[0]}. "
        "Memory is the command's own (the import's target: under 500 MB).",
        "",
        "| Step | seconds | rows a second | peak memory |",
        "|---|---|---|---|",
    ]
    for label, seconds, memory in rows:
        count = 1_000 if "delta" in label else asked.placements
        lines.append(f"| {label} | {seconds:,.1f} | {count / seconds:,.0f} | {memory:,.0f} MB |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
