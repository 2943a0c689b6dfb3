"""Parquet: read batch by batch; every column is taken as text, as a CSV's would be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from standfast.apps.catalog.imports.faults import Faults
from standfast.apps.catalog.imports.rows import CHUNK, COLUMNS, Rows


def read_parquet(path: Path, faults: Faults) -> Iterator[Rows]:
    """Yield all rows, with nothing as empty text. A file that cannot be read goes to `faults`."""
    size, read = path.stat().st_size, 0
    try:
        with pq.ParquetFile(path, memory_map=False) as file:
            total = max(file.metadata.num_rows, 1)
            for name in COLUMNS:
                if name not in file.schema_arrow.names:
                    faults.add(1, name, "missing_column")
            if faults.count:
                return
            for batch in file.iter_batches(batch_size=CHUNK, columns=list(COLUMNS)):
                lines = np.arange(read + 1, read + batch.num_rows + 1, dtype=np.int64)
                read += batch.num_rows
                columns = {name: _text(batch.column(name)) for name in COLUMNS}
                yield Rows(lines, columns, size * read // total)
    except (pa.ArrowException, OSError, ValueError) as error:
        faults.add(read + 1, "file", "unreadable", error)


def _text(column: pa.Array) -> pa.Array:
    return pc.fill_null(pc.cast(column, pa.string()), "")
