"""What everybody may see of maintenance: what is public, of services that are."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from standfast.apps.messagecenter.models import Maintenance
from standfast.apps.messagecenter.queries.tenants import KEPT, OVER, PLANNED
from standfast.apps.messagecenter.queries.views import MaintenanceView, views_of
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation


def public_planned(provider: Organisation) -> list[MaintenanceView]:
    """What is planned or going on, soonest first."""
    return _views(_public(provider).filter(state__in=PLANNED))


def public_known(
    provider: Organisation, *, now: datetime, within: timedelta = KEPT
) -> list[MaintenanceView]:
    """What is planned, and what ended or was cancelled within so long; soonest first."""
    kept = Q(state__in=PLANNED) | Q(state__in=OVER, ended_at__gte=now - within)
    return _views(_public(provider).filter(kept))


def public_maintenance(provider: Organisation, reference: str) -> MaintenanceView:
    """One public maintenance. Raises NoAccess for a private one, too."""
    found = _views(_public(provider).filter(reference=reference))
    if not found:
        raise NoAccess
    return found[0]


def _public(provider: Organisation) -> QuerySet[Maintenance]:
    rows = Maintenance.objects.filter(
        provider=provider, is_public=True, services__is_public=True
    ).exclude(state="draft")
    return rows.distinct().select_related("provider").order_by("start_at", "id")


def _views(rows: QuerySet[Maintenance]) -> list[MaintenanceView]:
    return [
        MaintenanceView(
            each.maintenance,
            # The name of a service that is not public stays inside.
            [service for service in each.services if service.is_public],
            each.updates,
        )
        for each in views_of(list(rows))
    ]
