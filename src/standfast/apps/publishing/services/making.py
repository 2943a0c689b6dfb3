"""Making one site ready to be written: rendered, with posts of an emergency in it, signed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max

from standfast import __version__
from standfast.apps.delivery.moments import zone_of
from standfast.apps.publishing.addresses import address_of
from standfast.apps.publishing.models import WrittenSite
from standfast.apps.publishing.queries.sites import Site, sites_beside
from standfast.apps.publishing.rendering.pages import Frame, forget_pages
from standfast.apps.publishing.rendering.public import public_files
from standfast.apps.publishing.rendering.tenant import tenant_files
from standfast.apps.publishing.signing_keys import emergency_keys, publishing_key
from standfast.bundle.emergency.pages import with_posts
from standfast.bundle.emergency.post import Post
from standfast.bundle.manifest import FileEntry, Manifest
from standfast.bundle.writing import Prepared, prepare

# A tenant's site is made anew when it changes; if nothing does, so many times less often.
TENANTS_SLOWER = 4
# Public sites made last, for the other targets that want the same.
_KEPT = 4
YOUNG = timedelta(seconds=5)
_made: OrderedDict[tuple[object, ...], Prepared] = OrderedDict()
_making = threading.Lock()


def stale_in(site: Site) -> timedelta:
    """How long the site counts as fresh."""
    fresh = timedelta(minutes=settings.STANDFAST_BACKUP_STALE_MINUTES)
    return fresh * TENANTS_SLOWER if site.private else fresh


def make_site(
    site: Site,
    *,
    above: int,
    covered: tuple[int, ...],
    posts: tuple[Post, ...],
    taken_over: tuple[str, ...],
    now: datetime,
) -> Prepared:
    """The site as it is now, with a sequence `above` what its target holds.

    Other targets that have read the same events get the same bytes, as long as these are young.
    """
    if site.private:
        return _make(site, _next_sequence(site, above, now), (), taken_over, now)
    key = (site.owner.pk, site.prefix, covered, posts, taken_over, settings.DATA_DIR)
    with _making:
        known = _made.get(key)
        if known is None or not _will_do(known, above, now):
            known = _make(site, _next_sequence(site, above, now), posts, taken_over, now)
            _made[key] = known
            while len(_made) > _KEPT:
                _made.popitem(last=False)
        return known


def _will_do(known: Prepared, above: int, now: datetime) -> bool:
    young = now - known.manifest.generated_at < YOUNG
    return young and known.manifest.sequence > above


def _next_sequence(site: Site, above: int, now: datetime) -> int:
    """Grows for ever: the clock in milliseconds, or one more than what was written anywhere."""
    rows = WrittenSite.objects.filter(prefix=site.prefix)
    last = rows.aggregate(last=Max("sequence"))["last"] or 0
    return max(int(now.timestamp() * 1000), last + 1, above + 1)


def _make(
    site: Site,
    sequence: int,
    posts: tuple[Post, ...],
    taken_over: tuple[str, ...],
    now: datetime,
) -> Prepared:
    frame = Frame(
        owner=site.owner.name,
        generated_at=now,
        stale_after=now + stale_in(site),
        zone=zone_of(None, site.owner),
        live_address=_live_address(site),
        private=site.private,
        publics=sites_beside(site.owner) if site.private else (),
    )
    render = tenant_files if site.private else public_files
    files = render(site.owner, frame, address=address_of(site.prefix))
    if posts:
        files = with_posts(files, posts)
    draft = Manifest(
        prefix=site.prefix,
        provider=site.owner.name,
        slug="" if site.private else site.owner.slug,
        sequence=sequence,
        generated_at=now,
        stale_after=frame.stale_after,
        pack=FileEntry("0" * 64, 0),
        files={},
        emergency_keys=() if site.private else emergency_keys(),
        taken_over=() if site.private else taken_over,
        version=__version__,
    )
    return prepare(draft, files, key=publishing_key())


def _live_address(site: Site) -> str:
    face = "portal" if site.private else "status"
    return f"{settings.BASE_URL}/{face}/{site.owner.slug}/"


def forget_made() -> None:
    """Drop what was kept; for tests, whose database is emptied under a living process."""
    _made.clear()
    forget_pages()
