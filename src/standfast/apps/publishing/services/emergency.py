"""Finding what was posted straight to the backup site while the application was gone.

A post is stored before anything is done with it. Its id is unique in the database, so it is taken
over once, however many workers and stores there are. Until it is, the pages of its provider go on
showing it as it was posted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from standfast.apps.publishing.models import EmergencyPost
from standfast.apps.publishing.queries.sites import public_sites
from standfast.apps.publishing.services.taking_over import take_over
from standfast.apps.publishing.signing_keys import emergency_keys, publishing_key
from standfast.apps.tenancy.models import Organisation
from standfast.bundle.emergency.post import Post, read_post
from standfast.bundle.envelope import read_manifest
from standfast.bundle.errors import BadBundle, Missing
from standfast.bundle.keys import public_text
from standfast.bundle.manifest import EMERGENCY, MANIFEST, PROVIDERS
from standfast.bundle.store import Store

# A manifest names so many of the posts that were taken over, so that none can come back.
REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at a store brought.

    `pending` posts, by provider, could not be taken over yet, so its pages must go on showing them;
    `changed` says that some post was new or taken over, or that a site was not left as it was.
    """

    pending: Mapping[int, tuple[Post, ...]]
    changed: bool
    note: str


def look_for_posts(store: Store, *, known: Iterable[str] = (), now: datetime) -> Found:
    """Find new posts at every provider's place in the store and take them over.

    `known` are further places where a provider's site was. Raises StoreError.
    """
    changed, refused = False, []
    posts: list[Post] = []
    for prefix, owner in _places(known):
        found, wrong = _read_all(store, prefix)
        refused += wrong
        if not prefix or found:
            changed |= not standing_at(store, prefix)[1]
        for post in found:
            kept = EmergencyPost.objects.filter(key=post.key).first()
            if kept and kept.taken_at:
                store.delete(post.path)
            elif provider := _provider_of(post, owner):
                changed |= _keep(post, provider, store.address, now)
                posts.append(post)
    for post in sorted(posts, key=lambda each: each.at):
        changed |= take_over(post, now)
    return Found(_pending(), changed, " ".join(refused)[:500])


def taken_over_keys(provider: Organisation) -> tuple[str, ...]:
    """Ids of the posts taken over last, for the manifest."""
    rows = EmergencyPost.objects.filter(provider=provider, taken_at__isnull=False)
    return tuple(rows.order_by("-taken_at", "-id").values_list("key", flat=True)[:REMEMBERED])


def standing_at(store: Store, prefix: str) -> tuple[int, bool]:
    """The sequence of what lies in the place, and whether the application signed it last.

    What a stranger signed counts for nothing: nobody serves it, and its number may be any.
    """
    trusted = {public_text(publishing_key())}
    try:
        found = read_manifest(store.get(prefix + MANIFEST), prefix=prefix, trusted=trusted)
    except (Missing, BadBundle):
        return 0, False
    return found.manifest.sequence, not found.by_emergency


def _places(known: Iterable[str]) -> Iterator[tuple[str, Organisation | None]]:
    """Where posts may lie, each with whose site is there now.

    The provider of the first page may have had another place before, and another provider that one.
    """
    owners: dict[str, Organisation | None] = dict.fromkeys(
        ["", *(prefix for prefix in known if prefix.startswith(PROVIDERS))]
    )
    for site in public_sites():
        owners.setdefault(f"{PROVIDERS}{site.owner.slug}/", site.owner)
        owners[site.prefix] = site.owner
    yield from owners.items()


def _provider_of(post: Post, owner: Organisation | None) -> Organisation | None:
    """Who it was signed for; one of an earlier version names its place only."""
    slug = post.provider or post.prefix.removeprefix(PROVIDERS).rstrip("/")
    if not slug:
        return owner
    return Organisation.objects.filter(slug=slug, is_provider=True).first()


def _pending() -> Mapping[int, tuple[Post, ...]]:
    waiting: dict[int, list[Post]] = defaultdict(list)
    for row in EmergencyPost.objects.filter(taken_at__isnull=True).order_by("id"):
        waiting[row.provider_id].append(Post.from_json(row.document))
    return {provider: tuple(posts) for provider, posts in waiting.items()}


def _read_all(store: Store, prefix: str) -> tuple[list[Post], list[str]]:
    posts, refused = [], []
    site, trusted = public_text(publishing_key()), emergency_keys()
    for path in store.list(prefix + EMERGENCY):
        try:
            posts.append(read_post(store.get(path), site=site, prefix=prefix, trusted=trusted))
        except Missing:
            continue
        except BadBundle as error:
            refused.append(f"{path} is ignored: {error}")
    return posts, refused


def _keep(post: Post, provider: Organisation, address: str, now: datetime) -> bool:
    """Store the post before anything is done with it. Returns whether it was new."""
    _row, made = EmergencyPost.objects.get_or_create(
        key=post.key,
        defaults={
            "thread": post.thread,
            "provider": provider,
            "document": post.to_json(),
            "found_in": address,
            "found_at": now,
        },
    )
    return made
