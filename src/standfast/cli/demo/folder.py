"""The folder that a demo lives in: whether it may be used, and what stands in it beside the data.

`demo.json` marks a folder as a demo's: it is written before seeding and completed after it, so a
seeding that was interrupted is known as such.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

MARK = "demo.json"
LOGINS = "demo-logins.json"
# All that a system stores in its data folder; nothing else is ever removed.
STORED = (
    "standfast.sqlite3*",
    "index",
    "mail",
    "imports",
    "static",
    "bundle",
    "keys",
    "secret-key",
    "vapid.pem",
    "worker-heartbeat*",
)


class State(Enum):
    """What a folder holds."""

    EMPTY = "empty"
    DEMO = "demo"
    UNFINISHED = "unfinished"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Login:
    """One line of `demo-logins.json`, which the sign-in page shows."""

    role: str
    email: str
    password: str
    organisation: str
    what: str


def state_of(folder: Path) -> State:
    """What the folder holds. A folder that is not there is empty."""
    if not folder.exists() or not any(folder.iterdir()):
        return State.EMPTY
    mark = read_mark(folder)
    if mark is None:
        return State.FOREIGN
    return State.DEMO if mark.get("finished") else State.UNFINISHED


def read_mark(folder: Path) -> dict[str, Any] | None:
    """The mark, or None where there is none."""
    try:
        found = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def clear(folder: Path) -> None:
    """Remove what a system stored there, and nothing else."""
    for pattern in (*STORED, MARK, LOGINS):
        for path in folder.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def write_mark(folder: Path, *, seeded_at: datetime, finished: bool, **more: Any) -> None:
    """Mark the folder as a demo's."""
    mark = {"seeded_at": seeded_at.isoformat(), "finished": finished, **more}
    _write(folder / MARK, mark)


def write_logins(folder: Path, logins: Iterable[Login]) -> None:
    """Write the logins for the sign-in page."""
    _write(folder / LOGINS, [asdict(login) for login in logins])


def read_logins(folder: Path) -> list[Login]:
    """The logins as written."""
    rows = json.loads((folder / LOGINS).read_text(encoding="utf-8"))
    return [Login(**row) for row in rows]


def _write(path: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(path)
