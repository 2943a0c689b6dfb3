"""The tenant's side: the maintenance that it was told of, and the one door to each."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from standfast.apps.messagecenter.models import Maintenance
from standfast.apps.messagecenter.queries.told import told_in
from standfast.apps.messagecenter.queries.views import MaintenanceView, views_of
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation

PLANNED = ("scheduled", "in_progress")
OVER = ("completed", "cancelled")
# So long a cancelled event stays in calendars, marked as such: clients that look rarely see it.
KEPT = timedelta(days=90)
RECENT = timedelta(days=30)


def planned_for(tenant: Organisation, *, now: datetime) -> list[MaintenanceView]:
    """What is planned or going on for this tenant, soonest first."""
    return views_of(_told(tenant, Maintenance.objects.filter(state__in=PLANNED)))


def past_for(
    tenant: Organisation, *, now: datetime, within: timedelta = RECENT
) -> list[MaintenanceView]:
    """What ended or was cancelled lately, newest first."""
    rows = Maintenance.objects.filter(state__in=OVER, ended_at__gte=now - within)
    return views_of(_told(tenant, rows))[::-1]


def known_to(tenant: Organisation, *, now: datetime) -> list[MaintenanceView]:
    """All that a calendar of this tenant holds: planned, and what ended within `KEPT`."""
    kept = Q(state__in=PLANNED) | Q(state__in=OVER, ended_at__gte=now - KEPT)
    return views_of(_told(tenant, Maintenance.objects.filter(kept)))


def maintenance_for(tenant: Organisation, reference: str) -> MaintenanceView:
    """One maintenance as this tenant may see it. Raises NoAccess when it was never told."""
    rows = Maintenance.objects.filter(reference=reference).exclude(state="draft")
    found = views_of(_told(tenant, rows))
    if not found:
        raise NoAccess
    return found[0]


def planned_mark(tenant: Organisation) -> Hashable:
    """Changes whenever something planned for this tenant does; one light query."""
    rows = Maintenance.objects.filter(state__in=PLANNED).order_by("start_at", "id")
    found = list(rows.values_list("id", "version", "audience_id"))
    held = _held({audience for _id, _version, audience in found if audience}, tenant)
    return tuple((key, version) for key, version, audience in found if audience in held)


def _told(tenant: Organisation, rows: QuerySet[Maintenance]) -> list[Maintenance]:
    found = list(rows.select_related("provider").order_by("start_at", "id"))
    held = _held({each.audience_id for each in found if each.audience_id}, tenant)
    return [each for each in found if each.audience_id in held]


def _held(audiences: Collection[int], tenant: Organisation) -> set[int]:
    if tenant.number is None:
        raise NoAccess
    return told_in(audiences, tenant.number) if audiences else set()
