"""Where the backup site is written to."""

from __future__ import annotations

from pathlib import Path


def backup_targets(given: list[str], data_dir: Path) -> list[str]:
    """The targets, each once: those given, the folder `bundle` when there are none."""
    if given == ["none"]:
        return []
    return list(dict.fromkeys(given)) or [str(data_dir / "bundle")]
