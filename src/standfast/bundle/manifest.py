"""The manifest of a site: when it was made, until when it counts as fresh, and every file of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from standfast.bundle.errors import BadBundle

FORMAT = 1
MANIFEST = "manifest.json"
PACKS = "_bundle/"
EMERGENCY = "emergency/"
# Below the root of a store: each further provider's site in a folder by its short name.
PROVIDERS = "p/"
TENANTS = "t/"
# Folders beside the files of a site: what lies there is none of them.
BESIDE = (PACKS, EMERGENCY, PROVIDERS, TENANTS)
# A clock may differ from another one by so much before it is worth a word.
CLOCK_SKEW = timedelta(minutes=2)
# What every program and database can hold; a sequence counts milliseconds, which are far fewer.
LARGEST_NUMBER = 2**53 - 1
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file: its SHA-256 in hex, and its length in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is signed.

    `prefix` is where the site lies in its store, so that it cannot be served as another one;
    `sequence` grows with every generation, so that an old one cannot come back. `slug` is the short
    name of whose site it is, for tools that are told it; a tenant's has none. `emergency_keys`
    may post when the application is gone; `taken_over` are the posts that it has taken over since.
    """

    prefix: str
    provider: str
    sequence: int
    generated_at: datetime
    stale_after: datetime
    pack: FileEntry
    files: dict[str, FileEntry]
    emergency_keys: tuple[str, ...] = ()
    taken_over: tuple[str, ...] = ()
    version: str = field(default="")
    slug: str = field(default="")

    @property
    def pack_path(self) -> str:
        """Where the pack lies, below the prefix."""
        return f"{PACKS}{self.pack.sha256}.zip"

    def is_stale(self, now: datetime) -> bool:
        """Whether the site is older than it promised to be."""
        return now > self.stale_after

    def to_json(self) -> dict[str, Any]:
        """The document that is signed."""
        return {
            "format": FORMAT,
            "made_with": self.version,
            "prefix": self.prefix,
            "provider": self.provider,
            "slug": self.slug,
            "sequence": self.sequence,
            "generated_at": as_text(self.generated_at),
            "stale_after": as_text(self.stale_after),
            "pack": {"sha256": self.pack.sha256, "size": self.pack.size},
            "files": {
                path: {"sha256": entry.sha256, "size": entry.size}
                for path, entry in sorted(self.files.items())
            },
            "emergency_keys": list(self.emergency_keys),
            "taken_over": list(self.taken_over),
        }

    @classmethod
    def from_json(cls, document: Any) -> Manifest:
        """Read a signed document. Raises BadBundle for anything that this version cannot use."""
        try:
            if document["format"] != FORMAT:
                raise BadBundle(
                    f"The bundle has format {document['format']}; this version reads {FORMAT}."
                )
            return cls(
                prefix=_text(document["prefix"]),
                provider=_text(document["provider"]),
                sequence=_whole(document["sequence"]),
                generated_at=from_text(document["generated_at"]),
                stale_after=from_text(document["stale_after"]),
                pack=_entry(document["pack"]),
                files={_path(name): _entry(each) for name, each in document["files"].items()},
                emergency_keys=tuple(_text(each) for each in document["emergency_keys"]),
                taken_over=tuple(_text(each) for each in document["taken_over"]),
                version=_text(document["made_with"]),
                slug=_text(document.get("slug", "")),  # not named by earlier versions
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BadBundle(f"The manifest cannot be read: {error}.") from error


def as_text(moment: datetime) -> str:
    """A moment as the field writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: Any) -> datetime:
    """The moment of such a text. Raises ValueError."""
    moment = datetime.fromisoformat(_text(text))
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    return moment.astimezone(UTC)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
        raise TypeError(f"{value!r} is no number between 0 and {LARGEST_NUMBER}")
    return value


def is_path(name: str) -> bool:
    """Whether a file of a bundle can have this name."""
    return _PATH.fullmatch(name) is not None


def _path(value: Any) -> str:
    if not is_path(_text(value)):
        raise ValueError(f"{value!r} is no path of a bundle")
    return str(value)


def _entry(value: Any) -> FileEntry:
    if not _HASH.fullmatch(_text(value["sha256"])):
        raise ValueError("a hash is not 64 hexadecimal digits")
    return FileEntry(value["sha256"], _whole(value["size"]))
