"""The newest good bundle of a store: a thread looks for it, and keeps the last one meanwhile.

Whatever is wrong with a new bundle (tampered with, half written, signed by a stranger, put back
from before) is reported and the one that is served stays.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from standfast.bundle.checking import spoken
from standfast.bundle.errors import BundleError
from standfast.bundle.keys import key_id
from standfast.bundle.manifest import CLOCK_SKEW, MANIFEST, as_text
from standfast.bundle.store import Store
from standfast.edge.backup.loading import Site, load
from standfast.edge.prepared.answer import Answer, Headers
from standfast.edge.prepared.table import Table

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """What is served, and what is wrong if anything is."""

    site: Site | None = None
    problem: str = ""


class Follower:
    """Keeps `table` at the newest good bundle.

    With `trusted` None, the key that it meets first is the one that counts.
    """

    def __init__(
        self,
        store: Store,
        table: Table,
        *,
        trusted: frozenset[str] | None,
        clock: Callable[[], datetime],
        every: float,
    ) -> None:
        self.state = State()
        self.trusted = trusted
        self.store = store
        self._table = table
        self._clock = clock
        self._every = every
        self._stamp = ""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="bundle", daemon=True)

    def start(self) -> None:
        """Look once, then go on looking in a thread."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join(5)

    def look(self) -> bool:
        """Look for a new bundle. Returns whether another one is served now."""
        try:
            stamp = self.store.stamp(MANIFEST)
            if stamp == self._stamp and not self.state.problem:
                return False
            before = self.state.site
            site = load(
                self.store,
                prefix="",
                trusted=self.trusted,
                above=before.signed.manifest.sequence if before else 0,
            )
        except BundleError as error:
            self._report(str(error))
            return False
        if self.trusted is None:
            self.trusted = frozenset({site.signed.public})
        self._table.replace(site.ready())
        self._stamp = stamp
        self.state = State(site)
        manifest = site.signed.manifest
        LOG.info("serving the bundle of %s", as_text(manifest.generated_at))
        return True

    def find(self, method: bytes, target: bytes, headers: Headers) -> Answer | None:
        """The answer to what the table does not hold ready."""
        site = self.state.site
        if site is None or method not in {b"GET", b"HEAD"}:
            return None
        found = site.find(target.partition(b"?")[0].decode("latin-1"))
        # Whole requests are remembered with lasting answers; these would fill the memory.
        return replace(found.answer(method, headers), lasting=False) if found else None

    def health(self) -> dict[str, object]:
        """For the health endpoint: what is served, how old it is, what is wrong."""
        now, state = self._clock(), self.state
        if state.site is None:
            return {"status": "nothing to serve", "problem": state.problem}
        signed = state.site.signed
        manifest = signed.manifest
        age = now - manifest.generated_at
        status = "stale" if manifest.is_stale(now) else "ok"
        problem = state.problem
        if age < -CLOCK_SKEW:
            status = "clock skew"
            problem = problem or f"The bundle was made {spoken(-age)} in the future."
        return {
            "status": "trouble" if state.problem else status,
            "provider": manifest.provider,
            "generated_at": as_text(manifest.generated_at),
            "stale_after": as_text(manifest.stale_after),
            "age_seconds": int(age.total_seconds()),
            "sequence": manifest.sequence,
            "signed_by": key_id(str(signed.envelope["public_key"])),
            "by_emergency_key": signed.by_emergency,
            "problem": problem,
        }

    def _report(self, problem: str) -> None:
        if problem != self.state.problem:
            LOG.warning("%s%s", problem, " The last good one stays." if self.state.site else "")
        self.state = State(self.state.site, problem)

    def _follow(self) -> None:
        while not self._ended.wait(self._every):
            try:
                self.look()
            except Exception:
                LOG.exception("looking for a new bundle failed")
