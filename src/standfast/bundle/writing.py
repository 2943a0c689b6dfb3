"""Writing a site so that no reader ever sees half of it: pack, files, then the manifest.

Files of earlier generations are removed last. An interrupted write leaves the manifest of before
with the pack that it names; the next write starts again from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from standfast.bundle.envelope import SignedManifest, read_manifest, seal
from standfast.bundle.errors import BadBundle, Missing, StoreError
from standfast.bundle.manifest import MANIFEST, PACKS, Manifest
from standfast.bundle.packing import entry_of, names_in, pack, with_variants
from standfast.bundle.store import Store


@dataclass(frozen=True, slots=True)
class Prepared:
    """A site ready to be written: the same bytes go to every target."""

    manifest: Manifest
    files: Mapping[str, bytes]
    packed: bytes
    envelope: bytes

    @property
    def size(self) -> int:
        """Bytes that are written."""
        return sum(map(len, self.files.values())) + len(self.packed) + len(self.envelope)


def prepare(
    draft: Manifest,
    files: Mapping[str, bytes],
    *,
    key: Ed25519PrivateKey,
    base: SignedManifest | None = None,
) -> Prepared:
    """Compress, pack and sign. The draft's files and pack are filled in.

    `base` is the manifest that allows the key, where it is an emergency key.
    """
    whole = with_variants(files)
    packed = pack(whole)
    manifest = replace(
        draft,
        files={path: entry_of(content) for path, content in whole.items()},
        pack=entry_of(packed),
    )
    beside = {"base": _bare(base)} if base else {}
    return Prepared(manifest, whole, packed, seal(manifest.to_json(), key, **beside))


def write_site(
    store: Store, prepared: Prepared, *, still: Callable[[], None] = lambda: None
) -> None:
    """Write the site below its prefix. Raises StoreError; then the site of before still stands.

    `still` is called between the steps and may raise to end the write.
    """
    manifest = prepared.manifest
    before = _manifest_at(store, manifest.prefix)
    still()
    store.put(manifest.prefix + manifest.pack_path, prepared.packed)
    still()
    changed = {
        manifest.prefix + path: content
        for path, content in prepared.files.items()
        if not before or before.manifest.files.get(path) != manifest.files[path]
    }
    store.put_all(changed)
    still()
    store.put(manifest.prefix + MANIFEST, prepared.envelope)
    _prune(store, manifest, before)


def remove_site(store: Store, prefix: str) -> None:
    """Remove everything below a prefix, the manifest first. Raises StoreError."""
    if not prefix:
        raise ValueError("the root of a bundle is never removed")
    store.delete(prefix + MANIFEST)
    for path in store.list(prefix):
        store.delete(path)


def _manifest_at(store: Store, prefix: str) -> SignedManifest | None:
    """What stands there now, for comparing only; a damaged one is written over."""
    try:
        return read_manifest(store.get(prefix + MANIFEST), prefix=prefix, trusted=None)
    except (Missing, BadBundle):
        return None


def _prune(store: Store, manifest: Manifest, before: SignedManifest | None) -> None:
    """Remove what the new manifest no longer names; what fails is removed another time.

    Packs go last: as long as one lies there, it says what a write that failed or was killed at any
    moment may have left beside it.
    """
    # A reader that has just read the manifest of before may still fetch the pack it names.
    keep = {manifest.pack_path}
    if before:
        keep |= {before.manifest.pack_path, before.origin.pack_path}
    try:
        packs = store.list(manifest.prefix + PACKS)
        old = [path for path in packs if path.removeprefix(manifest.prefix) not in keep]
        left = set(before.manifest.files if before else ())
        for path in old:
            left |= names_in(store.get(path))
        for path in sorted(left - set(manifest.files)):
            store.delete(manifest.prefix + path)
        for path in old:
            store.delete(path)
    except StoreError:
        return


def _bare(base: SignedManifest) -> dict[str, object]:
    """The envelope of the manifest that the application signed, without anything around it."""
    names = ("signed", "public_key", "signature")
    origin = base.base or base
    return {name: origin.envelope[name] for name in names}
