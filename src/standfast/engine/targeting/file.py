"""One file of named columns: written atomically, mapped into memory, checked where it is read.

Layout: magic, header length and checksum; a JSON header (format, revision, columns); the columns,
each aligned; a table with a CRC-32 for every block of every column. Opening checks the header and
that table; a block is checked the first time something in it is read, so opening reads little and
damage never becomes an answer.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from standfast.engine.targeting.arrays import AnyArray
from standfast.engine.targeting.errors import IndexFileError

_MAGIC = b"SFPLACES"
_FORMAT = 1
_PREFIX = struct.Struct("<8sIII")  # magic, format, header length, CRC of the header
_ALIGN = 64
_BLOCK = 1 << 16


class Column:
    """A flat array that is read in slices; one that comes from a file is checked as it is read."""

    def __init__(self, name: str, array: AnyArray, checks: AnyArray | None = None) -> None:
        self._name, self._array, self._checks = name, array, checks
        self._bytes = _bytes(array)
        self._seen = bytearray() if checks is None else bytearray(checks.size)

    def __len__(self) -> int:
        return len(self._array)

    def read(self, begin: int, end: int) -> AnyArray:
        """Give the slice [begin, end) without copying. Raises IndexFileError for damage."""
        if self._checks is not None and end > begin:
            size = self._array.itemsize
            self._check(self._checks, begin * size // _BLOCK, (end * size - 1) // _BLOCK + 1)
        return self._array[begin:end]

    def all(self) -> AnyArray:
        """Give the whole array. Raises IndexFileError for damage."""
        return self.read(0, len(self._array))

    def _check(self, checks: AnyArray, first: int, stop: int) -> None:
        block = self._seen.find(0, first, stop)
        while block >= 0:
            at = block * _BLOCK
            if zlib.crc32(self._bytes[at : at + _BLOCK]) != checks[block]:
                raise IndexFileError(f"placement index: {self._name} is damaged; build it anew")
            self._seen[block] = 1
            block = self._seen.find(0, block, stop)


def write_columns(path: Path, columns: Mapping[str, AnyArray], revision: int) -> None:
    """Write all columns to `path`; readers see the old file or the new one, never a part."""
    arrays = {name: np.ascontiguousarray(array) for name, array in columns.items()}
    checks = np.array([crc for array in arrays.values() for crc in _checksums(array)], "<u4")
    header, offsets = _header(arrays, checks, revision)
    prefix = _PREFIX.pack(_MAGIC, _FORMAT, len(header), zlib.crc32(header))
    handle, scratch = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(prefix + header)
            for array, offset in zip([*arrays.values(), checks], offsets, strict=True):
                file.write(bytes(offset - file.tell()))
                file.write(_bytes(array))
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise


def map_columns(path: Path) -> tuple[dict[str, Column], int]:
    """Map a file that `write_columns` wrote; gives its columns and revision.

    Raises IndexFileError saying what is wrong with the file.
    """
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError:
        raise IndexFileError(f"placement index: {path.name} does not exist; build it") from None
    except (OSError, ValueError) as error:
        raise IndexFileError(f"placement index: {path.name} cannot be read: {error}") from error
    header = _read_header(data, path.name)
    try:
        table, listed, revision = header["checks"], header["columns"], header["revision"]
        checks = np.frombuffer(data, "<u4", table["count"], table["offset"])
        if zlib.crc32(checks.tobytes()) != table["crc"]:
            raise IndexFileError(f"placement index: {path.name} is damaged; build it anew")
        columns, begin = {}, 0
        for item in listed:
            array = np.frombuffer(data, item["type"], item["count"], item["offset"])
            end = begin + -(-array.nbytes // _BLOCK)
            columns[item["name"]] = Column(item["name"], array, checks[begin:end])
            begin = end
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, IndexFileError):
            raise
        raise IndexFileError(f"placement index: {path.name} is damaged: {error}") from error
    return columns, int(revision)


def _read_header(data: mmap.mmap, name: str) -> dict[str, Any]:
    if len(data) < _PREFIX.size:
        raise IndexFileError(f"placement index: {name} is too short; build it anew")
    magic, version, length, crc = _PREFIX.unpack_from(data)
    if magic != _MAGIC:
        raise IndexFileError(f"placement index: {name} is not an index file")
    if version != _FORMAT:
        raise IndexFileError(
            f"placement index: {name} has format {version}, this program reads {_FORMAT}; "
            "build it anew"
        )
    text = data[_PREFIX.size : _PREFIX.size + length]
    if zlib.crc32(text) != crc:
        raise IndexFileError(f"placement index: the header of {name} is damaged; build it anew")
    header: dict[str, Any] = json.loads(text)
    if len(data) != header["length"]:
        raise IndexFileError(
            f"placement index: {name} has {len(data)} bytes instead of {header['length']}; "
            "build it anew"
        )
    return header


def _bytes(array: AnyArray) -> memoryview:
    return array.view(np.uint8).data


def _checksums(array: AnyArray) -> list[int]:
    view = _bytes(array)
    return [zlib.crc32(view[at : at + _BLOCK]) for at in range(0, len(view), _BLOCK)]


def _header(
    arrays: Mapping[str, AnyArray], checks: AnyArray, revision: int
) -> tuple[bytes, list[int]]:
    """Lay the columns out behind a header padded to a length known beforehand."""
    room = _PREFIX.size + 512 + 128 * len(arrays)
    offsets, at = [], room
    for array in [*arrays.values(), checks]:
        at = -(-at // _ALIGN) * _ALIGN
        offsets.append(at)
        at += array.nbytes
    header = {
        "revision": revision,
        "length": at,
        "columns": [
            {"name": name, "type": array.dtype.str, "count": array.size, "offset": offset}
            for (name, array), offset in zip(arrays.items(), offsets, strict=False)
        ],
        "checks": {
            "count": checks.size,
            "offset": offsets[-1],
            "crc": zlib.crc32(checks.tobytes()),
        },
    }
    text = json.dumps(header).encode()
    return text.ljust(room - _PREFIX.size), offsets
