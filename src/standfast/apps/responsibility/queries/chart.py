"""The chart of a provider or of one of its services: the default, as far as it was not changed."""

from __future__ import annotations

from django.db.models import F, Q

from standfast.apps.catalog.models import Service
from standfast.apps.responsibility.chart import (
    Chart,
    ChartRow,
    Duties,
    arranged,
    default_rows,
    duties_of,
)
from standfast.apps.responsibility.models import ChartEntry
from standfast.apps.tenancy.models import Organisation


def chart_for(provider: Organisation | int, service: Service | None = None) -> Chart:
    """What applies to a service (or to all of a provider's services), in one query.

    A row of the service replaces the provider's row of the same key, which replaces the default.
    """
    entries = ChartEntry.objects.filter(provider=provider)
    wanted = Q(service__isnull=True) | Q(service=service) if service else Q(service__isnull=True)
    rows = dict(default_rows())
    for entry in entries.filter(wanted).order_by(F("service").asc(nulls_first=True), "position"):
        rows[entry.key] = _row(entry, rows.get(entry.key))
    return arranged(rows.values())


def during(provider: Organisation | int, service: Service) -> Duties:
    """What each side does during an incident of the service."""
    return duties_of(chart_for(provider, service))


def services_with_own_rows(provider: Organisation) -> set[int]:
    """The ids of the services that differ from the provider's chart."""
    rows = ChartEntry.objects.filter(provider=provider, service__isnull=False)
    return set(rows.order_by().values_list("service_id", flat=True).distinct())


def _row(entry: ChartEntry, replaced: ChartRow | None) -> ChartRow:
    return ChartRow(
        key=entry.key,
        owner=entry.owner,
        name=entry.name,
        regular_provider=entry.regular_provider,
        regular_customer=entry.regular_customer,
        incident_provider=entry.incident_provider,
        incident_customer=entry.incident_customer,
        origin="service" if entry.service_id else "provider",
        position=replaced.position if replaced else len(default_rows()) + entry.position,
        hidden=entry.hidden,
    )
