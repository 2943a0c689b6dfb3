"""CSV: UTF-8 with or without a mark, separated by commas, semicolons or tabs, a line of names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from standfast.apps.catalog.imports.faults import Faults
from standfast.apps.catalog.imports.rows import CHUNK, COLUMNS, Rows

_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_HEADER = 10_000


def read_csv(path: Path, faults: Faults) -> Iterator[Rows]:
    """Yield the rows that have all columns and are UTF-8; the others go to `faults`."""
    with path.open("rb") as raw:
        if raw.read(2) in _OTHER_ENCODINGS:
            faults.add(1, "file", "encoding")
            return
        raw.seek(0)
        # What is not UTF-8 comes through as surrogates, so that its line can be named.
        file = io.TextIOWrapper(raw, "utf-8-sig", errors="surrogateescape", newline="")
        header = file.readline(_LONGEST_HEADER)
        separator = max(",;\t", key=header.count)
        names = [name.strip().strip('"').lower() for name in header.rstrip("\r\n").split(separator)]
        places = _places(names, faults)
        if places is not None:
            reader = csv.reader(file, delimiter=separator)
            for rows, lines in _chunks(reader, len(names), faults):
                if (read := _columns(rows, lines, places, raw.tell(), faults)) is not None:
                    yield read


def _places(names: list[str], faults: Faults) -> list[int] | None:
    """Where each column stands; None, and faults, when one is missing or comes twice."""
    if names == [""]:
        faults.add(1, "file", "empty")
        return None
    for name in COLUMNS:
        if names.count(name) != 1:
            faults.add(1, name, "missing_column")
    return None if faults.count else [names.index(name) for name in COLUMNS]


def _chunks(reader: Any, width: int, faults: Faults) -> Iterator[tuple[list[list[str]], list[int]]]:
    """Yield lists of rows with as many values as there are names, and the line of each."""
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            if len(row) != width:
                if row:  # an empty line is no row
                    faults.add(reader.line_num + 1, "file", "columns", len(row))
                continue
            rows.append(row)
            lines.append(reader.line_num + 1)
            if len(rows) == CHUNK:
                yield rows, lines
                rows, lines = [], []
    except csv.Error as error:
        faults.add(reader.line_num + 1, "file", "unreadable", error)
    if rows:
        yield rows, lines


def _columns(
    rows: list[list[str]], lines: list[int], places: list[int], bytes_read: int, faults: Faults
) -> Rows | None:
    """Turn a chunk by its side; None when no row of it is text."""
    whole = list(zip(*rows, strict=True))
    try:
        columns = {
            name: pa.array(whole[place], pa.string())
            for name, place in zip(COLUMNS, places, strict=True)
        }
    except UnicodeEncodeError:
        kept = [at for at, row in enumerate(rows) if _is_text(row, places, lines[at], faults)]
        if not kept:
            return None
        rows, lines = [rows[at] for at in kept], [lines[at] for at in kept]
        return _columns(rows, lines, places, bytes_read, faults)
    return Rows(np.array(lines, np.int64), columns, bytes_read)


def _is_text(row: list[str], places: list[int], line: int, faults: Faults) -> bool:
    for name, place in zip(COLUMNS, places, strict=True):
        try:
            row[place].encode()
        except UnicodeEncodeError:
            faults.add(line, name, "encoding")
            return False
    return True
