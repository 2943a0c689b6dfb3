"""Sites below the root, such as a tenant's: read when they are asked for, kept for a while.

So their number costs no memory, and no list of their addresses exists here.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from standfast.bundle.errors import BadBundle, BundleError, Missing
from standfast.edge.backup.following import Follower
from standfast.edge.backup.loading import Site, load
from standfast.edge.prepared.content import Prepared

PLACE: Final = re.compile(r"/(t/[a-z2-7]{32}/|p/[a-z0-9_-]{1,60}/)")
KEPT_SECONDS: Final = 5.0
MOST_PLACES, MOST_BYTES = 2_000, 8_000_000


@dataclass(frozen=True, slots=True)
class _Known:
    site: Site | None
    until: float
    at_least: int


class Places:
    """Reads sites by their prefix; called from threads."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, path: str) -> Prepared | None:
        """The answer at a path below a place; None when there is none. Raises BundleError."""
        match = PLACE.match(path)
        if match is None or self._follower.trusted is None:
            return None
        site = self._site(match.group(1))
        return site.find(path) if site else None

    def _site(self, prefix: str) -> Site | None:
        with self._lock:
            known = self._known.get(prefix)
        if known and known.until > time.monotonic():
            return known.site
        at_least = known.at_least if known else 0
        try:
            site: Site | None = load(
                self._follower.store,
                prefix=prefix,
                trusted=self._follower.trusted,
                above=at_least,
            )
        except Missing:
            site = None
        except BadBundle:
            # Being written at this moment, or tampered with: what was good goes on.
            if known is None or known.site is None:
                raise
            site = known.site
        except BundleError:
            if known is None:
                raise
            site = known.site
        sequence = site.signed.manifest.sequence if site else at_least
        self._keep(prefix, _Known(site, time.monotonic() + KEPT_SECONDS, sequence))
        return site

    def _keep(self, prefix: str, known: _Known) -> None:
        with self._lock:
            self._known[prefix] = known
            self._known.move_to_end(prefix)
            while len(self._known) > 1 and (
                len(self._known) > MOST_PLACES or self._weight() > MOST_BYTES
            ):
                self._known.popitem(last=False)

    def _weight(self) -> int:
        return sum(known.site.size for known in self._known.values() if known.site)
