"""The board: which tenant sees which issue, kept in memory by every process.

Each visible issue (open, or ended within 35 days) has a seat with its list row and its audience as
a Roaring bitmap, so "which issues does tenant T see" costs some bitmap tests and no query. The
board follows the outbox: a new row means that something changed; then only the issues changed
since are read again. Rows on the board are shared by all threads: read them, never change them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Max, Q
from pyroaring import BitMap

from standfast.apps.catalog.models import Feature, Service
from standfast.apps.incidents.models import AudienceVersion, Issue
from standfast.apps.incidents.queries.seating import Seat, Seating, seat_of
from standfast.apps.tenancy.models import OutboxEvent
from standfast.engine.health.lifecycle import VISIBLE

KEPT = timedelta(days=35)
LOOK_EVERY_SECONDS = 0.2
# A transaction that took a lower id may commit later: so many ids are looked at again.
OVERLAP = 200
NAMES_EVERY_SECONDS = 30
LONG_TEXTS = ("scope", "more_info", "workaround", "root_cause")


class Board:
    """The seats of one database. Threads may read while one refreshes."""

    def __init__(self) -> None:
        self.token = object()  # tells this board from every other
        self._seating = Seating({})
        self._named = 0.0
        self._seen: set[int] | None = None
        self._looked = 0.0
        self._lock = threading.Lock()

    def refresh(self, now: datetime, *, at_once: bool = False) -> None:
        """Follow the outbox; at most one cheap look in `LOOK_EVERY_SECONDS` unless `at_once`."""
        pause = 0.0 if at_once else LOOK_EVERY_SECONDS
        if time.monotonic() - self._looked < pause:
            return
        with self._lock:
            if time.monotonic() - self._looked < pause:
                return
            if self._seen is None:
                newest = OutboxEvent.objects.aggregate(last=Max("id"))["last"] or 0
                # Events first: what is committed during the reading is looked at again.
                seen = set(self._events_after(newest - OVERLAP))
                self._read(now, None)
                self._seen = seen
            else:
                events = self._events_after(max(self._seen, default=0) - OVERLAP)
                if fresh := events.keys() - self._seen:
                    self._read(now, {issue for key in fresh if (issue := events[key])})
                    self._seen = set(events)
            if time.monotonic() - self._named > NAMES_EVERY_SECONDS:
                self._read_names()
            self._looked = time.monotonic()

    @staticmethod
    def _events_after(event_id: int) -> dict[int, int | None]:
        rows = OutboxEvent.objects.filter(pk__gt=event_id)
        return dict(rows.values_list("id", "payload__issue_id"))

    def open_for(self, tenant: int) -> dict[int, Seat]:
        """Open issues whose audience holds the tenant number, by issue id."""
        return {seat.issue_id: seat for seat in self._seating.of(tenant).open}

    def history_for(self, tenant: int, since: datetime) -> dict[int, Seat]:
        """Issues that ended since then, or that let the tenant go, by issue id."""
        return self._seating.of(tenant).history(since)

    def seat(self, issue_id: int) -> Seat | None:
        """The seat of one issue, if it is visible to anybody."""
        return self._seating.seats.get(issue_id)

    def seats(self) -> Mapping[int, Seat]:
        """All seats at this moment, by issue id; another mapping whenever one changes."""
        return self._seating.seats

    def read_names(self) -> None:
        """Read the names of services and features anew, which happens by itself now and then."""
        with self._lock:
            self._read_names()

    def _read(self, now: datetime, changed: Collection[int] | None) -> None:
        kept_since = now - KEPT
        rows = Issue.objects.filter(stage__in=VISIBLE, audience__isnull=False).filter(
            Q(end_at__isnull=True) | Q(end_at__gte=kept_since)
        )
        if changed is not None:
            rows = rows.filter(pk__in=changed)
        seats = {
            key: seat
            for key, seat in self._seating.seats.items()
            if key not in (changed or ()) and (not seat.ended_at or seat.ended_at >= kept_since)
        }
        light = rows.select_related("service", "feature").defer(*LONG_TEXTS)
        found = list(light.annotate(told=F("audience__tenants")))
        released = self._released([issue.pk for issue in found])
        for issue in found:
            inside = BitMap.deserialize(bytes(issue.__dict__.pop("told")))
            seats[issue.pk] = seat_of(issue, inside, released.get(issue.pk, BitMap()))
        self._seating = Seating(seats, self._seating)
        if changed is None:
            self._named = time.monotonic()

    def _read_names(self) -> None:
        """Services and features are renamed without an event, so they are read now and then."""
        issues = [seat.issue for seat in self._seating.seats.values()]
        services = Service.objects.in_bulk({issue.service_id for issue in issues})
        features = Feature.objects.in_bulk({issue.feature_id for issue in issues} - {None})
        for issue in issues:
            issue.service = services.get(issue.service_id, issue.service)
            issue.feature = features.get(issue.feature_id) if issue.feature_id else None
        self._named = time.monotonic()

    @staticmethod
    def _released(issue_ids: list[int]) -> dict[int, BitMap]:
        by_issue: dict[int, BitMap] = {}
        rows = AudienceVersion.objects.filter(released_count__gt=0)
        if len(issue_ids) < 500:
            rows = rows.filter(issue_id__in=issue_ids)
        for issue_id, blob in rows.values_list("issue_id", "released").iterator():
            by_issue.setdefault(issue_id, BitMap()).update(BitMap.deserialize(bytes(blob)))
        return by_issue


_boards: dict[str, Board] = {}
_making = threading.Lock()


def current_board(now: datetime) -> Board:
    """This process's board of the default database, up to date within 0.2 seconds."""
    name = str(connection.settings_dict["NAME"])
    with _making:
        board = _boards.setdefault(name, Board())
    board.refresh(now)
    return board


def forget_boards() -> None:
    """Drop what was kept; for tests, whose database is emptied under a living process."""
    _boards.clear()
