"""The secret key that is made at the first start and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def stored_secret_key(data_dir: Path) -> str:
    """Return the key kept below `data_dir`; make one, readable by its owner only, when missing."""
    path = data_dir / "secret-key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key
