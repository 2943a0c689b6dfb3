"""Making a world out of the database: only what changed is read and written anew."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from django.conf import settings
from pyroaring import BitMap

from standfast.api.native.health import issue_out
from standfast.api.native.health import written as written_for_programs
from standfast.apps.catalog.models import Service
from standfast.apps.catalog.queries.used import all_services
from standfast.apps.incidents.queries.board import KEPT
from standfast.apps.incidents.queries.reach import stored_audiences
from standfast.apps.incidents.queries.seating import Seat
from standfast.apps.incidents.queries.statuspage import component_of, incidents_of
from standfast.apps.incidents.queries.views import TenantIssue
from standfast.apps.messagecenter.queries.planned import planned_with_audiences
from standfast.apps.messagecenter.queries.statuspage import maintenances_of
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.edge.board.arrays import Ended, Slots, history, users_of
from standfast.edge.board.issues import OpenIssue
from standfast.edge.board.lines import Line, LineStore
from standfast.edge.board.statuspage import Marks
from standfast.edge.board.world import Masks, Seconds, Tenant, Work, World
from standfast.engine.health.days import Span
from standfast.engine.health.status import rank
from standfast.engine.wire.statuspage.documents import written
from standfast.engine.wire.statuspage.shapes import incident_shape, maintenance_shape

_CUT = b'0, "released": false}'


class Reader:
    """Keeps what it has read between two worlds. One thread."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._slots = Slots()
        self._open: dict[int, tuple[Seat, OpenIssue]] = {}
        self._lines: dict[int, Line] = {}
        self._store: LineStore | None = None
        self._works: list[Work] = []
        self._over: list[Seat] = []
        self._history_of: object = None
        self._history = history((), today=datetime.now(UTC).date(), tenants=0, columns=0)

    def read_services(self) -> None:
        """Read services anew, and write all that shows their names again."""
        services = sorted(all_services().values(), key=lambda service: service.pk)
        self._lines = {
            service.pk: _line(column, service) for column, service in enumerate(services)
        }
        self._open.clear()
        self._history_of = None
        self._store = None

    def read_works(self) -> None:
        """Read planned maintenance anew."""
        found = planned_with_audiences()
        audiences = {view.maintenance.reference: tenants for view, tenants in found}
        by_language = {
            language: maintenances_of(
                [view for view, _ in found], page=self._page, language=language
            )
            for language in LANGUAGES
        }
        self._works = []
        for versions in zip(*by_language.values(), strict=True):
            facts = dict(zip(by_language, versions, strict=True))
            texts = {
                language: written(maintenance_shape(each, self._marks.page_key))
                for language, each in facts.items()
            }
            self._works.append(Work(audiences[versions[0].key], facts, texts))

    def world(
        self, seats: Mapping[int, Seat], tenants: Mapping[int, Tenant], *, now: datetime
    ) -> World:
        """The world of these seats for these tenants."""
        known = {key: seat for key, seat in seats.items() if seat.issue.service_id in self._lines}
        open_seats = {key: seat for key, seat in known.items() if seat.is_open}
        self._read_open(open_seats)
        count = max(tenants, default=-1) + 1
        rows = self._slots.follow(
            {key: issue.tenants for key, (_, issue) in self._open.items()}, tenants=count
        )
        issues: list[OpenIssue | None] = [None] * (rows.shape[1] * 8)
        for key, (_, issue) in self._open.items():
            issues[self._slots.place_of(key)] = issue
        over = [seat for seat in known.values() if not seat.is_open]
        past, changed, unsure = self._past(over, count, now)
        if self._store is None or self._store.today != now.date():
            self._store = LineStore(now.date(), self._lines)
        return World(
            issues=issues,
            rows=rows,
            past=past,
            changed=changed,
            unsure=unsure,
            works=self._works,
            lines=self._lines,
            tenants=tenants,
            store=self._store,
        )

    @property
    def _page(self) -> str:
        return f"{settings.BASE_URL}/portal/{self._marks.slug}/"

    def _read_open(self, seats: Mapping[int, Seat]) -> None:
        kept = {
            key: (seat, known[1])
            for key, seat in seats.items()
            if (known := self._open.get(key)) and known[0] is seat
        }
        new = [seat for key, seat in seats.items() if key not in kept]
        self._open = kept | {
            issue.issue_id: (seats[issue.issue_id], issue) for issue in self._written(new)
        }

    def _written(self, seats: Collection[Seat]) -> list[OpenIssue]:
        issues = [seat.issue for seat in seats]
        by_language = {
            language: incidents_of(issues, page=self._page, language=language)
            for language in LANGUAGES
        }
        audiences = stored_audiences({seat.audience_id for seat in seats})
        made = []
        for place, seat in enumerate(seats):
            issue = seat.issue
            text = written_for_programs(issue_out(TenantIssue(issue, 0)))
            assert text.endswith(_CUT), "an issue's line ends with its number of users"
            facts = {language: each[place] for language, each in by_language.items()}
            made.append(
                OpenIssue(
                    issue_id=issue.pk,
                    place=(
                        *(issue.classification != "incident", -rank(issue.status)),
                        *(-issue.start_at.timestamp(), -issue.pk),
                    ),
                    age=(-issue.start_at.timestamp(), -issue.pk),
                    service=issue.service_id,
                    reference=json.dumps(issue.reference).encode(),
                    status=issue.status,
                    start=issue.start_at,
                    next_update_by=issue.next_update_by,
                    tenants=seat.tenants,
                    users_of=users_of(seat.tenants, audiences[seat.audience_id].users),
                    head=text[: -len(_CUT)],
                    tail=_CUT[1:],
                    facts=facts,
                    incidents={
                        language: written(incident_shape(each, self._marks.page_key))
                        for language, each in facts.items()
                    },
                )
            )
        return made

    def _past(self, over: list[Seat], count: int, now: datetime) -> tuple[Masks, Seconds, BitMap]:
        mark = (now.date(), count, frozenset(map(id, over)))
        if mark != self._history_of:
            ended = (
                Ended(
                    Span(
                        *(seat.issue.classification, seat.issue.status),
                        *(seat.issue.start_at, seat.issue.end_at),
                    ),
                    self._lines[seat.issue.service_id].column,
                    seat.issue.modified_at,
                    seat.tenants,
                )
                for seat in over
                if seat.ended_at and seat.ended_at >= now - KEPT
            )
            self._history = history(
                ended, today=now.date(), tenants=count, columns=len(self._lines)
            )
            self._history_of = mark
            self._over = over  # kept alive, so that no other seat gets one of these ids
        return self._history


def _line(column: int, service: Service) -> Line:
    return Line(
        column=column,
        key=json.dumps(service.key).encode(),
        name=json.dumps(service.name).encode(),
        components={
            language: component_of(service, "operational", language=language, changed=None)
            for language in LANGUAGES
        },
    )
