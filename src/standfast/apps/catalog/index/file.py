"""Where the index file is, whether it is a new one, and who may build it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings


class Stamp(NamedTuple):
    """What tells one version of a file from another."""

    inode: int
    modified: int
    size: int


def index_path() -> Path:
    """The one index file of this machine."""
    folder = Path(settings.DATA_DIR) / "index"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "placements.idx"


def stamp_of(path: Path) -> Stamp | None:
    """The file's version; None when there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return Stamp(found.st_ino, found.st_mtime_ns, found.st_size)


@contextmanager
def only_builder() -> Iterator[None]:
    """Let one process of this machine build at a time; the others wait."""
    with index_path().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
