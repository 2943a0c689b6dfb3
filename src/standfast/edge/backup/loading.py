"""One site read from a store: checked, then prepared as answers by path."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from standfast.bundle.envelope import SignedManifest, read_manifest
from standfast.bundle.errors import BadBundle
from standfast.bundle.manifest import MANIFEST, as_text
from standfast.bundle.packing import VARIANTS, entry_of, unpack
from standfast.bundle.store import Store, type_of
from standfast.edge.prepared.content import Prepared, prepare

#: A new generation is seen soon; while this server is gone, caches may go on with the last one.
PUBLIC: Final = "public, max-age=10, stale-while-revalidate=60, stale-if-error=86400"
PRIVATE: Final = "private, max-age=10"
#: Read by programs on other pages.
OPEN: Final = ("api/", "history.atom", "history.rss")
INDEX: Final = "index.html"
CODINGS: Final = {".br": "br", ".gz": "gzip"}


@dataclass(frozen=True, slots=True)
class Site:
    """A site that may be served: its answers by path, and what it weighs in bytes."""

    signed: SignedManifest
    answers: dict[str, Prepared]
    size: int


def load(store: Store, *, prefix: str, trusted: Collection[str] | None, above: int = 0) -> Site:
    """Read the site below the prefix. Raises StoreError, or BadBundle when it must not be served.

    A manifest with a lower sequence than `above` is an old one put back.
    """
    signed = read_manifest(store.get(prefix + MANIFEST), prefix=prefix, trusted=trusted)
    manifest = signed.manifest
    if manifest.sequence < above:
        raise BadBundle(
            f"The bundle is an older one ({as_text(manifest.generated_at)}) than what is served."
        )
    packed = store.get(prefix + manifest.pack_path)
    if entry_of(packed) != manifest.pack:
        raise BadBundle("The pack is not what was signed: it was changed.")
    files = unpack(packed, manifest.files)
    return Site(signed, _answers(signed, files), sum(map(len, files.values())))


def _answers(signed: SignedManifest, files: dict[str, bytes]) -> dict[str, Prepared]:
    manifest = signed.manifest
    more = (
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-generated-at", as_text(manifest.generated_at).encode()),
        (b"x-stale-after", as_text(manifest.stale_after).encode()),
    )
    answers = {}
    for path, content in files.items():
        if path.endswith(VARIANTS):
            continue
        answers["/" + manifest.prefix + path] = prepare(
            content,
            content_type=type_of(path),
            cache_control=PRIVATE if manifest.prefix.startswith("t/") else PUBLIC,
            modified=manifest.generated_at,
            cors=path.startswith(OPEN),
            compressed={
                coding: files[path + ending]
                for ending, coding in CODINGS.items()
                if path + ending in files
            },
            more=more,
            tag=f"{manifest.files[path].sha256[:24]}",
        )
    folders = {
        path.removesuffix(INDEX): each for path, each in answers.items() if path.endswith(INDEX)
    }
    return answers | folders
