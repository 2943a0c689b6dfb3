"""Promised updates: which are open, and how well they were kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.models import Issue, Promise
from standfast.apps.tenancy.models import Organisation
from standfast.engine.health.cadence import (
    OnTime,
    Promised,
    PromiseState,
    on_time_rate,
    promise_state,
)


@dataclass(frozen=True, slots=True)
class PromiseView:
    """An open promise of an issue and how it stands."""

    issue: Issue
    due_at: datetime
    state: PromiseState


@dataclass(frozen=True, slots=True)
class ServiceOnTime:
    """One service's rates: by month (first days, as in the report) and over all of them."""

    service: Service
    months: list[OnTime]
    total: OnTime


@dataclass(frozen=True, slots=True)
class OnTimeReport:
    """On-time rates: `months` are first days, oldest first; one row a service."""

    months: list[date]
    rows: list[ServiceOnTime]
    total: OnTime


def warn_before() -> timedelta:
    """How long before its time an update is due soon."""
    return timedelta(minutes=settings.STANDFAST_DUE_SOON_MINUTES)


def open_promises(provider: Organisation, *, now: datetime) -> list[PromiseView]:
    """The provider's unanswered promises on open issues, the most urgent first."""
    rows = (
        Promise.objects.filter(
            issue__provider=provider, issue__stage="published", answered_at__isnull=True
        )
        .select_related("issue", "issue__service")
        .order_by("due_at")
    )
    return [
        PromiseView(each.issue, each.due_at, promise_state(each.due_at, now, warn_before()))
        for each in rows
    ]


def on_time_report(provider: Organisation, *, now: datetime, months: int = 6) -> OnTimeReport:
    """How many promises were kept, per service and month of the promised time (UTC)."""
    firsts = _months_back(now.date(), months)
    found: dict[tuple[int, date], list[Promised]] = defaultdict(list)
    rows = Promise.objects.filter(
        issue__provider=provider, due_at__date__gte=firsts[0], due_at__lte=now + timedelta(days=31)
    ).values_list("issue__service_id", "due_at", "answered_at")
    for service_id, due_at, answered_at in rows.iterator(chunk_size=2_000):
        found[service_id, due_at.date().replace(day=1)].append(Promised(due_at, answered_at))
    table = []
    for service in Service.objects.filter(provider=provider):
        by_month = [found.get((service.pk, first), []) for first in firsts]
        table.append(
            ServiceOnTime(
                service=service,
                months=[on_time_rate(each, now) for each in by_month],
                total=on_time_rate([one for each in by_month for one in each], now),
            )
        )
    every = [one for each in found.values() for one in each]
    return OnTimeReport(months=firsts, rows=table, total=on_time_rate(every, now))


def _months_back(today: date, count: int) -> list[date]:
    first = today.replace(day=1)
    months = [first]
    for _step in range(count - 1):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months[::-1]
