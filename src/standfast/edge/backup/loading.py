"""One site read from a store: checked, then prepared as answers by path."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection
from typing import Final

from standfast.bundle.envelope import SignedManifest, read_manifest, without_documents
from standfast.bundle.errors import BadBundle
from standfast.bundle.manifest import MANIFEST, as_text
from standfast.bundle.packing import VARIANTS, Archive
from standfast.bundle.store import FOREVER, Store, type_of
from standfast.edge.prepared.content import Prepared, prepare

#: A new generation is seen soon; while this server is gone, caches may go on with the last one.
PUBLIC: Final = "public, max-age=10, stale-while-revalidate=60, stale-if-error=86400"
PRIVATE: Final = "private, max-age=10"
NEWEST: Final = "no-cache"
#: Read by programs on other pages.
OPEN: Final = ("api/", "history.atom", "history.rss")
INDEX: Final = "index.html"
CODINGS: Final = {".br": "br", ".gz": "gzip"}


#: What everybody asks for is prepared at once; other pages when somebody asks for one.
READY: Final = ("api/", "history", "index.html", "zh-hant/index.html")
#: So many bytes of the others are kept prepared.
KEPT_BYTES: Final = 3_000_000


class Site:
    """A site that may be served: its pack, and answers made from it.

    `envelope` is its manifest.json as signed; with it and the pack anybody can check or copy it.
    """

    def __init__(self, signed: SignedManifest, archive: Archive, *, envelope: bytes) -> None:
        self.signed = without_documents(signed)
        self.size = signed.manifest.pack.size
        self._archive = archive
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Prepared] = OrderedDict()
        self._weight = 0
        manifest = signed.manifest
        self._envelope = envelope
        self._proofs = (MANIFEST, manifest.pack_path)
        self._usual, self._forever = (
            (PRIVATE, PRIVATE) if manifest.prefix.startswith("t/") else (PUBLIC, FOREVER)
        )
        self._more = (
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"no-referrer"),
            (b"x-generated-at", as_text(manifest.generated_at).encode()),
            (b"x-stale-after", as_text(manifest.stale_after).encode()),
        )

    def ready(self) -> dict[str, Prepared]:
        """Answers to what everybody asks for, by path; also at the folder of each index."""
        manifest = self.signed.manifest
        answers = {}
        for name in manifest.files:
            if name.startswith(READY) and not name.endswith(VARIANTS):
                path = "/" + manifest.prefix + name
                answers[path] = self._prepare(name)
                if path.endswith(INDEX):
                    answers[path.removesuffix(INDEX)] = answers[path]
        return answers

    def find(self, path: str) -> Prepared | None:
        """The answer at a path; None when there is none."""
        name = self._name(path)
        if name is None:
            return None
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
            made = self._prepare(name)
            if name in self._proofs:  # the pack may be large, and few want it
                return made
            self._kept[name] = made
            self._weight += self._weight_of(name)
            while self._weight > KEPT_BYTES and len(self._kept) > 1:
                dropped, _ = self._kept.popitem(last=False)
                self._weight -= self._weight_of(dropped)
            return made

    def has(self, path: str) -> bool:
        """Whether there is something at a path."""
        return self._name(path) is not None

    def _name(self, path: str) -> str | None:
        manifest = self.signed.manifest
        if not path.startswith("/" + manifest.prefix):
            return None
        name = path[1 + len(manifest.prefix) :]
        if not name or name.endswith("/"):
            name += INDEX
        return name if name in manifest.files or name in self._proofs else None

    def _weight_of(self, name: str) -> int:
        files = self.signed.manifest.files
        return sum(files[each].size for each in (name, *self._variants(name).values()))

    def _variants(self, name: str) -> dict[str, str]:
        files = self.signed.manifest.files
        return {coding: name + end for end, coding in CODINGS.items() if name + end in files}

    def _prepare(self, name: str) -> Prepared:
        manifest = self.signed.manifest
        if name in self._proofs:
            return prepare(
                self._envelope if name == MANIFEST else self._archive.whole(),
                content_type=type_of(name),
                cache_control=NEWEST if name == MANIFEST else self._forever,
                compressed={},
                more=self._more,
                tag="" if name == MANIFEST else manifest.pack.sha256[:24],
            )
        return prepare(
            self._archive.read(name),
            content_type=type_of(name),
            cache_control=self._usual,
            # A post changes the pages and not what they say of their age: only tags tell.
            modified=None if self.signed.by_emergency else manifest.generated_at,
            cors=name.startswith(OPEN),
            compressed={
                coding: self._archive.read(variant)
                for coding, variant in self._variants(name).items()
            },
            more=self._more,
            tag=manifest.files[name].sha256[:24],
        )


def load(store: Store, *, prefix: str, trusted: Collection[str] | None, above: int = 0) -> Site:
    """Read the site below the prefix. Raises StoreError, or BadBundle when it must not be served.

    A manifest with a lower sequence than `above` is an old one put back.
    """
    envelope = store.get(prefix + MANIFEST)
    signed = read_manifest(envelope, prefix=prefix, trusted=trusted)
    manifest = signed.manifest
    if manifest.sequence < above:
        raise BadBundle(
            f"The bundle is an older one ({as_text(manifest.generated_at)}) than what is served."
        )
    archive = Archive(store.pieces(prefix + manifest.pack_path), manifest.pack)
    return Site(signed, archive, envelope=envelope)
