"""Pre-compressed variants of files, and the pack that holds a whole site in one object."""

from __future__ import annotations

import gzip
import hashlib
import io
import tempfile
import threading
import weakref
import zipfile
from collections.abc import Iterable, Mapping
from typing import IO

import brotli

from standfast.bundle.errors import BadBundle, StoreError
from standfast.bundle.manifest import BESIDE, MANIFEST, FileEntry, is_path

VARIANTS = (".br", ".gz")
# Smaller files gain nothing from being compressed.
WORTH_COMPRESSING = 256
# The best take many times as long for a few per cent less; a snapshot is made often.
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
# A larger pack is kept on the disk by whoever serves it.
IN_MEMORY = 2_000_000
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def entry_of(content: bytes) -> FileEntry:
    """The hash and length of a file."""
    return FileEntry(hashlib.sha256(content).hexdigest(), len(content))


def with_variants(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, each with its Brotli and gzip form beside it where that is worth it."""
    result: dict[str, bytes] = {}
    for path, content in files.items():
        result[path] = content
        if len(content) >= WORTH_COMPRESSING:
            result[f"{path}.br"] = brotli.compress(content, quality=BROTLI_QUALITY)
            result[f"{path}.gz"] = gzip.compress(content, GZIP_LEVEL, mtime=0)
    return result


def without_variants(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files alone."""
    return {path: content for path, content in files.items() if not path.endswith(VARIANTS)}


def pack(files: Mapping[str, bytes]) -> bytes:
    """One archive of the files; the same files make the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            method = zipfile.ZIP_STORED if path.endswith(VARIANTS) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(path, _FIXED_TIME), files[path], method)
    return buffer.getvalue()


def unpack(content: bytes, entries: Mapping[str, FileEntry]) -> dict[str, bytes]:
    """The files of a pack, each checked against the manifest's entries. Raises BadBundle."""
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for path, entry in entries.items():
                if archive.getinfo(path).file_size != entry.size:
                    raise BadBundle(f"{path} in the pack has another length than signed.")
                files[path] = archive.read(path)
                if entry_of(files[path]) != entry:
                    raise BadBundle(f"{path} in the pack is not what was signed.")
    except (KeyError, zipfile.BadZipFile, ValueError) as error:
        raise BadBundle(f"The pack is damaged: {error}.") from error
    return files


def names_in(content: bytes) -> set[str]:
    """The paths of the files that a pack holds, whoever made it; nothing of one that is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return set()
    return {name for name in names if is_path(name) and not name.startswith((MANIFEST, *BESIDE))}


class Archive:
    """A pack as it came from its store, read file by file when one is wanted.

    A large one waits on the disk, so that the number of pages costs little memory.
    """

    def __init__(self, pieces: Iterable[bytes], entry: FileEntry) -> None:
        """Take the pack, whose hash and length have to be these. Raises BadBundle, or StoreError
        when there is no room for it.
        """
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with this
        weakref.finalize(self, self._file.close)
        self._lock = threading.Lock()
        try:
            _keep(self._file, pieces, entry)
            self._archive = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, ValueError) as error:
            raise BadBundle(f"The pack is damaged: {error}.") from error
        except OSError as error:
            said = f"There is no room for the pack in {tempfile.gettempdir()}: {error.strerror}."
            raise StoreError(said) from error

    def read(self, path: str) -> bytes:
        """One file. Raises KeyError when it is not there."""
        with self._lock:
            return self._archive.read(path)

    def whole(self) -> bytes:
        """The pack itself."""
        with self._lock:
            self._file.seek(0)
            return self._file.read()


def _keep(file: IO[bytes], pieces: Iterable[bytes], entry: FileEntry) -> None:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if size > entry.size:
            break
        file.write(piece)
    if FileEntry(digest.hexdigest(), size) != entry:
        raise BadBundle("The pack is not what was signed: it was changed.")
