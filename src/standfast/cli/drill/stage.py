"""Where a drill takes place: a folder of its own with a copy of the data, and its processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from standfast.cli.drill.report import StepFailed

DATABASE = "standfast.sqlite3"
# What must not reach from the real system into the rehearsal.
OVERRIDDEN = {
    "DATABASE_URL": "",
    "STANDFAST_BACKUP_KEY_FILE": "",
    "STANDFAST_BACKUP_PROVIDER": "",
    "STANDFAST_EMERGENCY_PUBLIC_KEYS": "",
    "STANDFAST_BACKUP_STALE_MINUTES": "15",
    "STANDFAST_LOG_LEVEL": "WARNING",
}
PATIENCE = 90.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answered."""

    status: int
    text: str
    headers: dict[str, str]


@dataclass(slots=True)
class Stage:
    """The rehearsal's folder and processes."""

    folder: Path
    main_port: int
    edge_port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The data folder of the rehearsal."""
        return self.folder / "data"

    @property
    def bundles(self) -> tuple[Path, Path]:
        """Two places, so that one post lies in two stores."""
        return self.folder / "bundle-1", self.folder / "bundle-2"

    @property
    def edge(self) -> str:
        """The address of the backup site."""
        return f"http://127.0.0.1:{self.edge_port}"

    def environment(self) -> dict[str, str]:
        """The operator's environment, turned to the rehearsal."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not (name.startswith(("STANDFAST_", "DATABASE_")) and name.endswith("_FILE"))
        }
        return {
            **kept,
            **OVERRIDDEN,
            "STANDFAST_DATA_DIR": str(self.data),
            "STANDFAST_BACKUP_TARGETS": ",".join(map(str, self.bundles)),
            "STANDFAST_BACKUP_URL": self.edge,
            "STANDFAST_EMAIL_URL": f"folder:{self.data / 'mail'}",
            "STANDFAST_BASE_URL": f"http://127.0.0.1:{self.main_port}",
        }

    def start(self, name: str, *arguments: str) -> None:
        """Start `standfast …` in the background."""
        log = (self.folder / f"{name}.log").open("ab")
        command = [sys.executable, "-m", "standfast", *arguments]
        with log:
            self.running[name] = subprocess.Popen(
                command, env=self.environment(), stdout=log, stderr=log
            )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `standfast …` to its end."""
        command = [sys.executable, "-m", "standfast", *arguments]
        return subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, check=False
        )

    def kill(self, name: str) -> None:
        """End a process without warning, as a power cut would."""
        process = self.running.pop(name)
        process.kill()
        process.wait(10)

    def end(self) -> None:
        """End what still runs."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        self.running.clear()

    def log_of(self, name: str) -> str:
        """The last lines that a process wrote."""
        try:
            return "\n".join((self.folder / f"{name}.log").read_text("utf-8").splitlines()[-5:])
        except OSError:
            return ""


def get(address: str) -> Answer | None:
    """Ask for a page of this machine; None when nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, answer.read().decode(), headers)
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read().decode(errors="replace"), {})
    except (OSError, ValueError):
        return None


def wait_for(what: str, found: Callable[[], bool], *, patience: float = PATIENCE) -> None:
    """Wait until it is so. Raises StepFailed."""
    until = time.monotonic() + patience
    while not found():
        if time.monotonic() > until:
            raise StepFailed(f"Waited {patience:.0f} s for {what}; it did not come.")
        time.sleep(0.1)


def copy_database(source: Path, folder: Path) -> bool:
    """Copy a SQLite database as it stands, while it is in use. Returns whether there was one."""
    folder.mkdir(parents=True, exist_ok=True)
    if not source.is_file():
        return False
    reading = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    writing = sqlite3.connect(folder / DATABASE)
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()
    return True
