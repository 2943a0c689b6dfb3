"""`make bench`: every table, one after the other. `python -m bench NAME …` runs only these."""

from __future__ import annotations

import subprocess
import sys

TABLES = {
    "targeting": "audiences beside an indexed PostgreSQL",
    "dashboard": "a signed-in tenant's dashboard, rendered by Django",
    "visible": "publish to visible on 1,000 open pages",
    "import_placements": "placements imported from a file",
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
        failed += subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
