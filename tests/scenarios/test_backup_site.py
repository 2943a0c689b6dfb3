"""The application and its database are killed; the backup site goes on, and is posted to.

The drill that operators run is the test: it starts the real processes, kills them, and looks at
what readers would see.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_backup_site_stands_when_the_application_and_its_database_are_gone(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": new_database(),
        "STANDFAST_DATA_DIR": str(tmp_path / "data"),
        "TMPDIR": str(tmp_path),
    }
    written = tmp_path / "report.json"
    command = ["-m", "standfast", "drill", "backup-site", "--format", "json"]
    done = subprocess.run(
        [sys.executable, *command, "--report", str(written)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    report = json.loads(done.stdout)
    levels = {step["name"]: (step["level"], step["said"]) for step in report["steps"]}
    assert done.returncode == 0, levels
    assert report["passed"], levels
    assert json.loads(written.read_text("utf-8")) == report | {
        "ended": json.loads(written.read_text("utf-8"))["ended"]
    }
    assert [step["name"] for step in report["steps"] if step["level"] == "ok"] == [
        "Copy the data",
        "Start the application; it writes the backup site",
        "Serve the backup site apart, verify it",
        "Kill the application, move its database away",
        "The backup site answers and says its age",
        "A post with a wrong key is refused",
        "Post in an emergency; everybody can read it",
        "Bring the application back; it takes the post over, once",
    ]
    assert list(tmp_path.glob("standfast-drill-*")) == []
