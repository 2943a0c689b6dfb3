"""Writing an emergency post to a store: the post first, then every page of its site anew.

The pages are made from what the application signed last, with all emergency posts in them; the
manifest keeps the application's own, so that it still says how old the data are.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from standfast.bundle.checking import spoken
from standfast.bundle.emergency.pages import with_posts
from standfast.bundle.emergency.post import Post, read_post, signed
from standfast.bundle.envelope import SignedManifest, read_manifest
from standfast.bundle.errors import BadBundle, BadKey, Missing, StoreError
from standfast.bundle.keys import public_text
from standfast.bundle.manifest import CLOCK_SKEW, EMERGENCY, MANIFEST, PROVIDERS
from standfast.bundle.packing import unpack, without_variants
from standfast.bundle.store import Store
from standfast.bundle.writing import prepare, write_site

Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A store whose site was read and allows the key: ready to be posted to."""

    store: Store
    signed: SignedManifest
    warnings: tuple[str, ...]


def new_key(now: datetime) -> str:
    """A new id of a post: readable, and no two are alike."""
    return f"E{now:%Y%m%dT%H%M%S}-{os.urandom(4).hex()}"


def prefix_of(store: Store, provider: str) -> str:
    """Where the pages of the provider with this short name lie. Raises BundleError.

    No name means the first page's. An error names those that there are.
    """
    if not provider:
        return ""
    places = {name: prefix for prefix, name in _providers(store).items()}
    if provider not in places:
        there = ", ".join(filter(None, places)) or "none with a name"
        raise StoreError(
            f"--provider: {store.address} holds no pages of “{provider}”. Those it holds: {there}."
        )
    return places[provider]


def others_beside(store: Store, prefix: str) -> list[str]:
    """The short names of the providers whose pages lie elsewhere in the store."""
    return [name for place, name in _providers(store).items() if place != prefix and name]


def _providers(store: Store) -> dict[str, str]:
    """The places of providers in the store, each with the short name."""
    paths = store.list(PROVIDERS)
    below = {f"{PROVIDERS}{path.split('/')[1]}/" for path in paths if path.endswith(MANIFEST)}
    found = {prefix: prefix.removeprefix(PROVIDERS).rstrip("/") for prefix in sorted(below)}
    try:
        first = read_manifest(store.get(MANIFEST), prefix="", trusted=None)
    except (Missing, BadBundle):
        return found
    return {"": first.manifest.slug, **found}


def look_at(
    store: Store,
    *,
    key: Ed25519PrivateKey,
    prefix: str,
    trusted: frozenset[str] | None,
    now: datetime,
) -> Place:
    """Read the site and check that it allows the key, before anything is written.

    Raises BadKey, BadBundle or StoreError.
    """
    try:
        found = read_manifest(store.get(prefix + MANIFEST), prefix=prefix, trusted=trusted)
    except Missing as error:
        raise StoreError(
            f"{store.address}: there is no bundle; only a site that the application has written "
            "once can be posted to."
        ) from error
    if public_text(key) not in found.origin.emergency_keys:
        raise BadKey(
            f"{store.address}: the key ({public_text(key)}) is no emergency key of this site; "
            "nothing was written."
        )
    warnings = []
    ahead = found.manifest.generated_at - now
    if ahead > CLOCK_SKEW:
        warnings.append(
            f"{store.address}: the site was made {spoken(ahead)} in the future: the clock of this "
            "machine or of the publishing one is wrong; the post carries this machine's time."
        )
    return Place(store, found, tuple(warnings))


def threads_in(place: Place) -> tuple[str, ...]:
    """Ids of the emergencies that the site's pages show, the oldest first. Raises StoreError."""
    posts, _warnings = read_posts(
        place.store, prefix=place.signed.manifest.prefix, found=place.signed
    )
    first = [post for post in posts if post.action == "post"]
    return tuple(post.key for post in sorted(first, key=lambda post: post.at))


def post_to(place: Place, post: Post, *, key: Ed25519PrivateKey) -> tuple[str, ...]:
    """Write the post and the pages that show it. Returns warnings. Raises BundleError."""
    content = signed(post, key)
    place.store.put(post.path, content)
    return show_posts(place, key=key)


def show_posts(place: Place, *, key: Ed25519PrivateKey) -> tuple[str, ...]:
    """Write the site's pages anew with all its emergency posts. Returns warnings."""
    prefix = place.signed.manifest.prefix
    origin = place.signed.origin
    posts, warnings = read_posts(place.store, prefix=prefix, found=place.signed)
    packed = place.store.get(prefix + origin.pack_path)
    files = without_variants(unpack(packed, origin.files))
    draft = replace(origin, sequence=place.signed.manifest.sequence + 1)
    prepared = prepare(draft, with_posts(files, posts), key=key, base=place.signed)
    write_site(place.store, prepared)
    return warnings


def read_posts(
    store: Store, *, prefix: str, found: SignedManifest
) -> tuple[tuple[Post, ...], tuple[str, ...]]:
    """The posts that wait in a store, and what was wrong with others. Raises StoreError."""
    posts, warnings = [], []
    for path in store.list(prefix + EMERGENCY):
        try:
            post = read_post(
                store.get(path),
                site=found.public,
                prefix=prefix,
                trusted=found.origin.emergency_keys,
            )
        except Missing:
            continue
        except BadBundle as error:
            warnings.append(f"{path}: {error} It is ignored.")
            continue
        if post.key not in found.origin.taken_over:
            posts.append(post)
    return tuple(posts), tuple(warnings)
