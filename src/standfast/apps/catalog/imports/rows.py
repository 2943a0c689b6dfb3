"""Rows of a file in chunks, whatever its format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("tenant", "component", "service", "users")
CHUNK = 100_000
PARQUET_MAGIC = b"PAR1"

Ints = NDArray[np.int64]
Progress = Callable[[int, int], None]
"""Told the rows and the bytes read so far."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A chunk: `lines` of shape (n,), and for each of COLUMNS a pyarrow array of n strings."""

    lines: Ints
    columns: dict[str, Any]
    bytes_read: int


def looks_like_parquet(path: Path) -> bool:
    """Whether the file begins as Parquet does; its name does not matter."""
    with path.open("rb") as file:
        return file.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC
