"""`make bench`: every table, one after the other. `python -m bench NAME …` runs only these.

The import is measured on a tenth here; `python -m bench.import_placements` takes the full size,
and ten minutes.
"""

from __future__ import annotations

import subprocess
import sys

TABLES = {
    "targeting": "audiences beside an indexed PostgreSQL",
    "dashboard": "a signed-in tenant's dashboard, rendered by Django",
    "visible": "publish to visible on 1,000 open pages",
    "storm": "public and tenants' reads beside nginx",
    "streams": "5,000 open event streams in one process",
    "fanout": "publish to delivered: webhooks and mails, two workers with one killed",
    "import_placements": "placements imported from a file",
    "backup": "the backup site: made, written, readable; the memory of its server",
    "simulation": "trials a second on a model of 1,000 gates",
    "fault_trees": "published fault trees beside another tool: all cut sets, exact probability",
    "continuity": "a continuity model of 1,000 to 30,000 elements: load, evaluate, cut sets",
}
SMALLER = {
    "import_placements": ["--tenants=100000", "--components=20000", "--placements=1000000"],
}


def main(names: list[str]) -> int:
    """Run the tables in processes of their own, so that peak memory is each one's own."""
    unknown = [name for name in names if name not in TABLES]
    if unknown:
        print(f"No such table: {', '.join(unknown)}. There are: {', '.join(TABLES)}.")
        return 2
    failed = 0
    for name in names or TABLES:
        print(f"\n## {name}: {TABLES[name]}\n", flush=True)
        command = [sys.executable, "-m", f"bench.{name}", *SMALLER.get(name, [])]
        failed += subprocess.run(command, check=False).returncode != 0
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
