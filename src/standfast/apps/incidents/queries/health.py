"""The tenant's side: its dashboard, its history, and the one door to an issue.

Nothing here grows with the number of tenants: the board says which issues are this tenant's, then
rows are read by id.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, Sum
from pyroaring import BitMap

from standfast.apps.catalog.models import Placement, Service
from standfast.apps.incidents.models import Issue, Post, ProblemReport
from standfast.apps.incidents.queries.board import current_board
from standfast.apps.incidents.queries.reach import users_in
from standfast.apps.incidents.queries.seating import Seat, seat_of
from standfast.apps.incidents.queries.views import (
    Dashboard,
    DayStatus,
    ServiceHealth,
    TenantIssue,
    TenantIssueView,
    duration_of,
)
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation
from standfast.engine.health.days import Span, worst_by_day
from standfast.engine.health.lifecycle import VISIBLE
from standfast.engine.health.status import rank, roll_up

BAR_DAYS = 30
RECENT = timedelta(days=7)


def dashboard_for(tenant: Organisation, *, now: datetime, reports: bool = True) -> Dashboard:
    """The tenant's services with their status, its open issues and what was lately resolved.

    `reports` False leaves out its own reports, for a page that asks for them apart.
    """
    number = _number(tenant)
    board = current_board(now)
    open_seats = board.open_for(number)
    past_seats = board.history_for(number, now - timedelta(days=BAR_DAYS))
    services = list(
        Service.objects.filter(tenant_subscriptions__tenant=tenant, retired_at__isnull=True)
    )
    recent = [seat for seat in past_seats.values() if _is_recent(seat, number, now)]
    shown = _tenant_issues([*open_seats.values(), *recent], number)
    open_ones = [each for each in shown if each.issue.is_open and not each.released]
    lines = _service_lines(services, open_ones, _held(past_seats.values(), number), now.date())
    return Dashboard(
        services=lines,
        incidents=_of(open_ones, "incident"),
        advisories=_of(open_ones, "advisory"),
        recently_resolved=[each for each in shown if each.released or not each.issue.is_open],
        reports=shown_reports(tenant, now=now) if reports else [],
        open_count=len(open_ones),
        affected_users=max((each.users for each in open_ones), default=0),
        next_update_by=min(
            (each.issue.next_update_by for each in open_ones if each.issue.next_update_by),
            default=None,
        ),
    )


def shown_reports(tenant: Organisation, *, now: datetime) -> list[ProblemReport]:
    """The tenant's reports that its dashboard shows: waiting, or answered lately; at most ten."""
    rows = ProblemReport.objects.filter(tenant=tenant)
    lately = rows.exclude(state="closed", answered_at__lt=now - RECENT)
    found = list(lately[:10])
    if found:  # most tenants have none, and a plain query is built in half the time
        services = Service.objects.in_bulk({report.service_id for report in found})
        for report in found:
            report.service = services[report.service_id]
    return found


def dashboard_mark(tenant: Organisation, *, now: datetime) -> Hashable:
    """Changes whenever an issue on the tenant's dashboard does; equal marks, equal issues."""
    return current_board(now).token, issue_versions(tenant, now=now)


def issue_versions(tenant: Organisation, *, now: datetime) -> tuple[tuple[int, int], ...]:
    """Id and version of each issue on the tenant's dashboard, the same in every process."""
    number = _number(tenant)
    board = current_board(now)
    seats = board.open_for(number) | board.history_for(number, now - timedelta(days=BAR_DAYS))
    return tuple(sorted((key, seat.issue.version) for key, seat in seats.items()))


def history_for(
    tenant: Organisation, *, now: datetime, days: int, service_id: int | None = None
) -> list[TenantIssue]:
    """Issues that ended in the last `days` days, and those that let the tenant go, newest first."""
    number = _number(tenant)
    seats = [
        seat
        for seat in current_board(now).history_for(number, now - timedelta(days=days)).values()
        if service_id in {None, seat.issue.service_id}
    ]
    return _tenant_issues(seats, number)


def issue_for(tenant: Organisation, reference: str, *, now: datetime) -> TenantIssueView:
    """The issue as this tenant may see it. Raises NoAccess when it was never told."""
    issue = (
        Issue.objects.filter(reference=reference, stage__in=VISIBLE, audience__isnull=False)
        .select_related("service", "feature", "provider", "audience")
        .defer("audience__packed")
        .first()
    )
    if issue is None:
        raise NoAccess
    number = _number(tenant)
    seat = _seat_of(issue, now)
    if number in seat.tenants:
        posts = _posts(issue, Q(kind__in=["regular", "quick", "automatic"]))
        released = False
    elif number in seat.released:
        posts = _posts_until_release(issue, number)
        released = True
    else:
        raise NoAccess
    return TenantIssueView(
        issue=issue,
        posts=posts,
        users=0 if released else users_in([seat.audience_id], number).get(seat.audience_id, 0),
        users_total=users_total(tenant, issue.service_id),
        released=released,
        unclear=bool(issue.audience and issue.audience.unclear and issue.is_open),
        duration=duration_of(issue, now),
    )


def users_total(tenant: Organisation, service_id: int) -> int:
    """How many users of the service the tenant has placed anywhere."""
    rows = Placement.objects.filter(tenant=tenant, service_id=service_id)
    return rows.aggregate(total=Sum("users"))["total"] or 0


def _number(tenant: Organisation) -> int:
    if tenant.number is None:
        raise NoAccess
    return tenant.number


def _tenant_issues(seats: Iterable[Seat], tenant: int) -> list[TenantIssue]:
    """The issues of the seats with how many of the tenant's people each one hits, newest first."""
    newest_first = sorted(
        seats, key=lambda seat: (seat.issue.start_at, seat.issue_id), reverse=True
    )
    users = users_in({seat.audience_id for seat in newest_first}, tenant)
    return [
        TenantIssue(seat.issue, users.get(seat.audience_id, 0), tenant in seat.released)
        for seat in newest_first
    ]


def _of(issues: list[TenantIssue], classification: str) -> list[TenantIssue]:
    found = [each for each in issues if each.issue.classification == classification]
    return sorted(found, key=lambda each: rank(each.issue.status), reverse=True)


def _is_recent(seat: Seat, tenant: int, now: datetime) -> bool:
    return seat.ended_at >= now - RECENT if seat.ended_at else tenant in seat.released


def _held(seats: Iterable[Seat], tenant: int) -> list[Issue]:
    return [seat.issue for seat in seats if tenant in seat.tenants]


def _service_lines(
    services: list[Service], open_ones: list[TenantIssue], past: list[Issue], today: date
) -> list[ServiceHealth]:
    still: dict[int, list[TenantIssue]] = {service.pk: [] for service in services}
    ever: dict[int, list[Issue]] = {service.pk: [] for service in services}
    for each in open_ones:
        still.get(each.issue.service_id, []).append(each)
    for issue in (*past, *(each.issue for each in open_ones)):
        ever.get(issue.service_id, []).append(issue)
    return [
        ServiceHealth(
            service=service,
            status=roll_up(each.issue.status for each in still[service.pk]).value,
            issues=still[service.pk],
            days=day_statuses(ever[service.pk], today),
        )
        for service in services
    ]


def day_statuses(issues: list[Issue], today: date) -> list[DayStatus]:
    """The last 30 days, oldest first, each with the worst that touched it (UTC days)."""
    spans = (
        Span(issue.classification, issue.status, issue.start_at, issue.end_at) for issue in issues
    )
    first = today - timedelta(days=BAR_DAYS - 1)
    worst = worst_by_day(spans, today=today, days=BAR_DAYS)
    return [DayStatus(first + timedelta(days=step), status) for step, status in enumerate(worst)]


def _seat_of(issue: Issue, now: datetime) -> Seat:
    seat = current_board(now).seat(issue.pk)
    if seat and seat.audience_id == issue.audience_id:
        return seat
    return stored_seat(issue)


def stored_seat(issue: Issue) -> Seat:
    """The seat of an issue as stored, for one too old for the board or newer than it."""
    assert issue.audience is not None
    released = BitMap()
    for (blob,) in issue.audiences.filter(released_count__gt=0).values_list("released"):
        released |= BitMap.deserialize(bytes(blob))
    inside = BitMap.deserialize(bytes(issue.audience.tenants))
    return seat_of(issue, inside, released)


def _posts(issue: Issue, which: Q) -> list[Post]:
    rows = issue.posts.filter(which).select_related("audience")
    light = rows.defer("audience__packed", "audience__tenants", "audience__split")
    return list(light.order_by("-number"))


def _posts_until_release(issue: Issue, tenant: int) -> list[Post]:
    """What a released tenant was told: posts to audiences that held it, and the closing note."""
    held, let_go = set(), set()
    for key, tenants, released in issue.audiences.values_list("id", "tenants", "released"):
        if tenant in BitMap.deserialize(bytes(tenants)):
            held.add(key)
        if released and tenant in BitMap.deserialize(bytes(released)):
            let_go.add(key)
    told = Q(audience__in=held) & ~Q(kind="closing")
    return _posts(issue, told | Q(audience__in=let_go, kind="closing"))
