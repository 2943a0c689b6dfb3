"""Backup sites of tests: in a folder of the test, written at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _own_folder(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    from standfast.apps.publishing.services import making, writing

    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.STANDFAST_BACKUP_TARGETS = [str(tmp_path / "bundle")]
    settings.STANDFAST_BACKUP_URL = "https://backup.example"
    monkeypatch.setattr(writing, "GATHER_SECONDS", 0)
    yield
    making.forget_made()
