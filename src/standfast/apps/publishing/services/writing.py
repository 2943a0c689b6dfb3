"""Writing a target: when something changed, when it ages, or when somebody asks.

Each target is written by itself, so one that fails or hangs holds up no other. What came of it is
kept in its row; after a failure it is tried again later and later, up to five minutes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from standfast.apps.publishing.models import Target, WrittenSite
from standfast.apps.publishing.queries.changes import has_news, is_wanted, newest_events
from standfast.apps.publishing.queries.sites import Site, mark_of, wanted_sites
from standfast.apps.publishing.services.claiming import LEASE, claim, release
from standfast.apps.publishing.services.emergency import (
    look_for_posts,
    standing_at,
    taken_over_keys,
)
from standfast.apps.publishing.services.making import make_site
from standfast.apps.publishing.signing_keys import emergency_keys, publishing_key
from standfast.bundle.emergency.post import Post
from standfast.bundle.errors import BundleError, StoreError
from standfast.bundle.keys import key_id, public_text
from standfast.bundle.store import Store
from standfast.bundle.writing import Prepared, remove_site, write_site

logger = logging.getLogger(__name__)

# Events of one moment are written together, and the board has seen them by then.
GATHER_SECONDS = 0.3
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
LOOK_EVERY = timedelta(seconds=10)
# A site is made anew when a third of its time has passed: two tries may fail meanwhile.
REFRESH_AT = 3


@dataclass(frozen=True, slots=True)
class Written:
    """What one write did."""

    sites: int
    removed: int


def write_due(*, target: Target, address: str, worker: str, now: datetime) -> int:
    """Write the target if it is due and no other worker does. Returns how much was written."""
    row = Target.objects.filter(pk=target.pk).first()
    if row is None or not _is_due(row, now) or not claim(row, worker=worker, now=now):
        return 0
    try:
        return write_target(target=row, address=address, now=now).sites
    finally:
        release(row, worker=worker)


def write_target(*, target: Target, address: str, now: datetime) -> Written:
    """Write all sites of the target that are due, and note how it went."""
    began = time.monotonic()
    Target.objects.filter(pk=target.pk).update(tried_at=now)
    try:
        time.sleep(GATHER_SECONDS)
        covered = newest_events()
        written = _write(target, address, tuple(covered))
    except BundleError as error:
        _note_failure(target, str(error), now)
        return Written(0, 0)
    except Exception as error:
        _note_failure(target, f"{type(error).__name__}: {error}", now)
        raise
    changes: dict[str, Any] = {}
    if written.sites:
        changes = {
            "seconds": time.monotonic() - began,
            "public_key": public_text(publishing_key()),
            "emergency_keys": list(emergency_keys()),
        }
    Target.objects.filter(pk=target.pk).update(
        covered=covered,
        succeeded_at=timezone.now(),
        failures=0,
        retry_at=None,
        error="",
        **changes,
    )
    return written


def _is_due(target: Target, now: datetime) -> bool:
    if target.retry_at and target.retry_at > now:
        return is_wanted(target.tried_at)
    if target.succeeded_at is None or target.failures:
        return True
    if target.looked_at is None or target.looked_at + LOOK_EVERY <= now:
        return True
    aging = WrittenSite.objects.filter(target=target, refresh_at__lte=now)
    return has_news(target.covered) or aging.exists()


def _write(target: Target, address: str, covered: tuple[int, ...]) -> Written:
    store = Store(address, make=True)
    now = timezone.now()
    known = {row.prefix: row for row in target.sites.all()}
    found = look_for_posts(store, known=known, now=now)
    Target.objects.filter(pk=target.pk).update(
        looked_at=now, note=f"{_another_key(target)}{found.note}"[:500]
    )
    everything = (
        target.succeeded_at is None
        or bool(target.failures)
        or found.changed
        or has_news(target.covered)
    )
    count = 0
    wanted = list(wanted_sites())
    deadline = time.monotonic() + LEASE.total_seconds() * 0.9
    for site in wanted:
        due = _site_due(site, known.get(site.prefix), everything=everything, now=now)
        if due is None:
            continue
        _write_site(
            target,
            store,
            site,
            mark=due,
            covered=covered,
            posts=() if site.private else found.pending.get(site.owner.pk, ()),
            above=max(_sequence_in(store, site), _sequence_of(known, site)),
            still=lambda: _in_time(deadline),
        )
        count += 1
    gone = known.keys() - {site.prefix for site in wanted}
    for prefix in gone - {""}:
        remove_site(store, prefix)
        WrittenSite.objects.filter(target=target, prefix=prefix).delete()
    return Written(count, len(gone))


def _another_key(target: Target) -> str:
    """Words for a store that two keys sign: its readers trust one of them only."""
    ours = public_text(publishing_key())
    if target.public_key in {"", ours}:
        return ""
    return (
        f"It was signed by another key before ({key_id(target.public_key)}); give all workers the "
        "same key file. "
    )


def _site_due(
    site: Site, known: WrittenSite | None, *, everything: bool, now: datetime
) -> str | None:
    """The mark to write the site with; None when what stands there will do."""
    aging = known is None or known.refresh_at <= now
    if not everything and not aging:
        return None
    mark = mark_of(site, now=now)
    if site.private and known and not aging and known.mark == mark:
        return None
    return mark


def _write_site(
    target: Target,
    store: Store,
    site: Site,
    *,
    mark: str,
    covered: tuple[int, ...],
    posts: tuple[Post, ...],
    above: int,
    still: Callable[[], None],
) -> None:
    now = timezone.now()
    prepared = make_site(
        site,
        above=above,
        covered=covered,
        posts=posts,
        taken_over=taken_over_keys(site.owner),
        now=now,
    )
    write_site(store, prepared, still=still)
    _note_site(target, prepared, mark)


def _sequence_in(store: Store, site: Site) -> int:
    """That of what lies there, which an emergency post may have raised; nobody posts to tenants'
    own pages."""
    return 0 if site.private else standing_at(store, site.prefix)[0]


def _sequence_of(known: dict[str, WrittenSite], site: Site) -> int:
    row = known.get(site.prefix)
    return row.sequence if row else 0


def _note_site(target: Target, prepared: Prepared, mark: str) -> None:
    manifest = prepared.manifest
    fresh = manifest.stale_after - manifest.generated_at
    WrittenSite.objects.update_or_create(
        target=target,
        prefix=manifest.prefix,
        defaults={
            "sequence": manifest.sequence,
            "mark": mark,
            "generated_at": manifest.generated_at,
            "stale_after": manifest.stale_after,
            "refresh_at": manifest.generated_at + fresh / REFRESH_AT,
            "files": len(prepared.files),
            "size": prepared.size,
        },
    )


def _note_failure(target: Target, said: str, now: datetime) -> None:
    failures = target.failures + 1
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    logger.warning("backup site: %s", said)
    Target.objects.filter(pk=target.pk).update(
        failures=failures, error=said[:500], retry_at=now + pause
    )


def _in_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise StoreError("Writing took too long; it begins again.")
