"""A system of a given size for measurements, in a temporary data folder on SQLite."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SESSION_COOKIE = "sessionid"


@contextmanager
def fresh_system() -> Iterator[Path]:
    """Point the settings at an empty folder, start Django, create the tables."""
    with tempfile.TemporaryDirectory(prefix="standfast-bench-") as folder:
        os.environ["STANDFAST_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "standfast.config.settings"
        os.environ["STANDFAST_LOG_LEVEL"] = "WARNING"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield Path(folder)


@contextmanager
def served(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; returns when it accepts connections."""
    process = subprocess.Popen([sys.executable, "-m", *command], env=dict(os.environ))
    try:
        deadline = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not start: {' '.join(command)}")
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def peak_memory_mb(process: subprocess.Popen[bytes]) -> float | None:
    """The peak resident memory of a running process and its children, on Linux."""
    total = 0.0
    tasks = [process.pid, *children_of(process.pid)]
    for pid in tasks:
        status = Path(f"/proc/{pid}/status")
        if not status.exists():
            return None
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        total += int(peak.split()[1]) / 1024
    return total


def children_of(pid: int) -> list[int]:
    """The processes that a process started, on Linux."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []
