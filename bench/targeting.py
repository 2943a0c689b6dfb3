"""Measure the placement index beside an indexed PostgreSQL, in one run, on one machine.

`python -m bench.targeting [--tenants N --components N --placements N]` prints a Markdown table and,
at full scale, writes it to `bench/results/targeting.md`.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import resource
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from bench.targeting_world import SERVICES, Ints, World, make_world
from standfast.engine.targeting import PlacementChange, PlacementIndex, Scope, resolve
from tests.postgres import start_postgres

RESULTS = Path(__file__).parent / "results" / "targeting.md"
FULL = {"tenants": 1_000_000, "components": 200_000, "placements": 10_000_000}
WARM = 0.3  # seconds for which a fast question is asked again and again


def timed(ask: Callable[..., Any], *arguments: Any) -> float:
    """Give the median seconds of a call, asked at least three times."""
    taken: list[float] = []
    gc.disable()
    try:
        until = time.perf_counter() + WARM
        while len(taken) < 3 or time.perf_counter() < until:
            begin = time.perf_counter()
            ask(*arguments)
            taken.append(time.perf_counter() - begin)
    finally:
        gc.enable()
    return float(np.median(taken))


def peak_megabytes() -> float:
    """Give the peak resident memory of this program, without what its parent used."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS


# --- a serving process -------------------------------------------------------------------------


def serve(path: Path, asked: dict[str, int]) -> dict[str, Any]:
    """Open the index and answer everything, as a process that serves pages would."""
    begin = time.perf_counter()
    index = PlacementIndex.open(path)
    opened = time.perf_counter() - begin
    found: dict[str, Any] = {"open": opened, "reopen": timed(PlacementIndex.open, path)}
    for label, component in asked.items():
        scope = Scope(components=frozenset([component]))
        begin = time.perf_counter()
        audience = resolve(index, scope)
        first_set = time.perf_counter() - begin
        begin = time.perf_counter()
        users = audience.users_by_tenant()[1]
        first_users = time.perf_counter() - begin
        tenants = np.frombuffer(audience.tenants.to_array(), np.uint32)
        found[label] = {
            "tenants": len(audience),
            "users": int(users.sum()),
            "set": timed(resolve, index, scope),
            "set_first": first_set,
            "to_array": timed(audience.tenants.to_array),
            "limit": timed(tenants.sum),
            "users_time": timed(count_users, index, scope),
            "users_first": first_users,
        }
    found["change"] = measure_change(index, asked)
    found["peak"] = peak_megabytes()
    return found


def count_users(index: PlacementIndex, scope: Scope) -> tuple[Ints, Ints]:
    """Ask for users per tenant from scratch."""
    return resolve(index, scope).users_by_tenant()


def measure_change(index: PlacementIndex, asked: dict[str, int]) -> dict[str, float]:
    """Apply single changes on top of 10,000 pending ones, and answer with them."""
    leaf, tenants = asked["leaf"], index.tables.tenants
    spaced = range(1, 10_001)
    pending = index.apply(
        [PlacementChange(n, leaf, n * 97 % tenants, 1 + n % SERVICES, n % 3) for n in spaced]
    )
    change = PlacementChange(20_000, leaf, tenants // 2, 1, 7)
    region = Scope(components=frozenset([asked["region"]]))
    everything = Scope(components=frozenset([asked["everything"]]))
    return {
        "alone": timed(index.apply, [change]),
        "on_pending": timed(pending.apply, [change]),
        "region": timed(resolve, pending, region),
        "everything": timed(count_users, pending, everything),
    }


# --- PostgreSQL --------------------------------------------------------------------------------

SETUP = """
ALTER TABLE component ADD PRIMARY KEY (id);
CREATE INDEX ON component (parent);
CREATE INDEX ON placement (component) INCLUDE (tenant, users);
CREATE INDEX ON placement (position) INCLUDE (tenant, users);
"""
BELOW = {
    "recursive query": """WITH RECURSIVE below (id) AS (
        SELECT %(id)s::int4 UNION ALL
        SELECT c.id FROM component c JOIN below ON c.parent = below.id)
        SELECT {what} FROM placement JOIN below ON component = below.id {group}""",
    "depth-first range": """SELECT {what} FROM placement
        WHERE position BETWEEN (SELECT position FROM component WHERE id = %(id)s)
        AND (SELECT last FROM component WHERE id = %(id)s) {group}""",
}
# The result stays in the server, so that PostgreSQL is not charged for sending it.
TENANTS = "SELECT count(*) FROM ({below}) found"
USERS = "SELECT count(*), sum(users) FROM ({below}) found"


def load(connection: psycopg.Connection[Any], world: World) -> None:
    """Copy the world into PostgreSQL and index it."""
    connection.execute(
        "CREATE TABLE component (id int4, parent int4, position int4, last int4);"
        "CREATE TABLE placement (component int4, position int4, tenant int4, service int4,"
        " users int4)"
    )
    ids = np.arange(1, world.parent.size + 1)
    component, *others = world.placements
    tables: dict[str, Sequence[Ints]] = {
        "component": (ids, world.parent, world.position, world.last),
        "placement": (component, world.position[component - 1], *others),
    }
    for table, columns in tables.items():
        with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
            for data in copy_bytes(columns):
                copy.write(data)
    connection.execute(SETUP)
    connection.execute("VACUUM ANALYZE")
    connection.execute("SET work_mem = '1GB'")


def copy_bytes(columns: Sequence[Ints], chunk: int = 500_000) -> Iterator[bytes]:
    """Give int4 columns in PostgreSQL's binary COPY format."""
    yield b"PGCOPY\n\xff\r\n\0" + bytes(8)
    field = [("size", ">i4"), ("value", ">i4")]
    row = np.dtype([("fields", ">i2")] + [(f"c{n}", field) for n in range(len(columns))])
    for at in range(0, columns[0].size, chunk):
        rows = np.empty(columns[0][at : at + chunk].size, row)
        rows["fields"] = len(columns)
        for n, column in enumerate(columns):
            rows[f"c{n}"]["size"] = 4
            rows[f"c{n}"]["value"] = column[at : at + chunk]
        yield rows.tobytes()
    yield struct.pack(">h", -1)


def ask(connection: psycopg.Connection[Any], query: str, component: int) -> Any:
    """Ask one question about a component."""
    return connection.execute(query, {"id": component}).fetchone()


def ask_postgres(connection: psycopg.Connection[Any], asked: dict[str, int]) -> dict[str, Any]:
    """Time each question in each form; gives seconds and results by label and form."""
    found: dict[str, Any] = {}
    for label, component in asked.items():
        found[label] = {}
        for form, below in BELOW.items():
            distinct = TENANTS.format(below=below.format(what="DISTINCT tenant", group=""))
            what = "tenant, sum(users) AS users"
            sums = USERS.format(below=below.format(what=what, group="GROUP BY tenant"))
            tenants, users = ask(connection, sums, component)
            assert ask(connection, distinct, component) == (tenants,)
            found[label][form] = {
                "tenants": tenants,
                "users": int(users),
                "set": timed(ask, connection, distinct, component),
                "users_time": timed(ask, connection, sums, component),
            }
    return found


# --- the table ---------------------------------------------------------------------------------


def report(facts: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """Write the measurements as Markdown, with a verdict beside each target."""
    lines = [
        "# Targeting, measured",
        "",
        f"`{facts['command']}`",
        "",
        f"{facts['scale']}. {facts['machine']}.",
        "The index answers in a process of its own from the mapped file, first answers included in "
        "the peak; PostgreSQL's answers stay in the server. Medians; compare rows.",
        "",
        "| Question | tenants | index | PostgreSQL, recursive | PostgreSQL, range | times faster "
        "| target |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, what in (("set", "set of tenants"), ("users_time", "users per tenant")):
        for label, pair in theirs.items():
            own = mine[label]
            forms = [pair[form][key] for form in BELOW]
            ratios = [form / own[key] for form in forms]
            lines.append(
                f"| {what}, {label} | {own['tenants']:,} | {show(own[key])} | {show(forms[0])} "
                f"| {show(forms[1])} | {ratios[0]:,.0f} / {ratios[1]:,.0f} "
                f"| {target(key, label, own, min(ratios)) if facts['full'] else ''} |"
            )
    lines += ["", "| Result | first time | again | reading the array once |", "|---|---|---|---|"]
    for label in theirs:
        own = mine[label]
        lines.append(
            f"| set of tenants, {label} | {show(own['set_first'])} | {show(own['set'])} "
            f"(+ {show(own['to_array'])} as an array) | {show(own['limit'])} |"
        )
        lines.append(
            f"| users per tenant, {label} | {show(own['users_first'])} "
            f"| {show(own['users_time'])} | {show(2 * own['limit'])} |"
        )
    change = mine["change"]
    lines += ["", "| Cost | measured | target |", "|---|---|---|"]
    for what, value, limit in (
        ("open the index, first time", mine["open"], 0.05),
        ("open the index again", mine["reopen"], 0.05),
        ("one placement change", change["alone"], 0.02),
        ("one placement change on top of 10,000 pending", change["on_pending"], 0.02),
    ):
        lines.append(f"| {what} | {show(value)} | {verdict(value < limit)} < {show(limit)} |")
    lines += [
        f"| peak memory of the serving process | {mine['peak']:,.0f} MB "
        f"| {verdict(mine['peak'] < 700)} < 700 MB |",
        f"| set of tenants, region, with 10,000 pending | {show(change['region'])} | |",
        f"| users per tenant, everything, with 10,000 pending | {show(change['everything'])} | |",
        f"| build the index | {facts['build']:.1f} s | |",
        f"| save it ({facts['size'] / 1e6:,.0f} MB) | {facts['save']:.1f} s | |",
        f"| load and index PostgreSQL | {facts['load']:.1f} s | |",
        "",
    ]
    return "\n".join(lines)


def target(key: str, label: str, own: dict[str, Any], ratio: float) -> str:
    """Say whether the issue's target for a row is met."""
    if label not in {"region", "everything"}:
        return ""
    if key == "set":
        enough = ratio >= 1_000 and own["set"] <= 2 * own["limit"]
        return f"{verdict(enough)} >= 1,000, within 2 readings"
    limit = 0.02 if label == "region" else 0.25
    return f"{verdict(ratio >= 20 and own[key] < limit)} >= 20, < {show(limit)}"


def verdict(met: bool) -> str:
    """Say whether a target is met."""
    return "met:" if met else "**missed:**"


def show(seconds: float) -> str:
    """Write a time with three significant digits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def main() -> None:
    """Run the measurement, or one serving process of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in FULL.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--serve", nargs=2, metavar=("INDEX", "ASKED"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        print(json.dumps(serve(Path(options.serve[0]), json.loads(options.serve[1]))))
        return
    scale = {name: getattr(options, name) for name in FULL}
    with tempfile.TemporaryDirectory(prefix="standfast-bench-") as folder:
        Path(folder).chmod(0o755)  # the PostgreSQL server may be another account's
        text = run(Path(folder), scale)
    print(text)
    if scale == FULL:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text)


def run(folder: Path, scale: dict[str, int]) -> str:
    """Make a world, measure both, and give the report."""
    progress(f"making {scale}")
    world = make_world(**scale)
    begin = time.perf_counter()
    index = PlacementIndex.build(edges=world.edges, placements=world.placements)  # type: ignore[arg-type]
    built = time.perf_counter()
    progress(f"built the index in {built - begin:.1f} s")
    path = folder / "places.index"
    index.save(path)
    saved = time.perf_counter()
    del index
    server = start_postgres(folder)
    try:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            load(connection, world)
            loaded = time.perf_counter()
            progress(f"loaded PostgreSQL in {loaded - saved:.1f} s")
            version = connection.execute("SHOW server_version").fetchone()
            theirs = ask_postgres(connection, world.asked)
    finally:
        server.stop()
    progress("asked PostgreSQL")
    command = [sys.executable, "-m", "bench.targeting", "--serve", str(path)]
    done = subprocess.run(
        [*command, json.dumps(world.asked)], capture_output=True, text=True, check=True
    )
    mine = json.loads(done.stdout)
    for label, forms in theirs.items():
        for found in forms.values():
            for key in ("tenants", "users"):
                assert found[key] == mine[label][key], f"{label}: the {key} differ"
    options = " ".join(f"--{name} {count}" for name, count in scale.items())
    facts = {
        "command": f"python -m bench.targeting {options}",
        "scale": f"{scale['tenants']:,} tenants, {world.parent.size:,} components, "
        f"{world.placements[0].size:,} placements",
        "machine": f"Python {platform.python_version()}, numpy {np.__version__}, "
        f"PostgreSQL {version[0] if version else '?'}, {platform.system()} {platform.machine()}",
        "full": scale == FULL,  # the targets are for this scale
        "build": built - begin,
        "save": saved - built,
        "load": loaded - saved,
        "size": path.stat().st_size,
    }
    return report(facts, mine, theirs)


def progress(text: str) -> None:
    """Tell whoever waits what was done."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
