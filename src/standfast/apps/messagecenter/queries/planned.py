"""Everything that is planned, with who was told of it: for the board of the front."""

from __future__ import annotations

from pyroaring import BitMap

from standfast.apps.messagecenter.models import Maintenance
from standfast.apps.messagecenter.queries.tenants import PLANNED
from standfast.apps.messagecenter.queries.views import MaintenanceView, views_of


def planned_with_audiences() -> list[tuple[MaintenanceView, BitMap]]:
    """What is planned or going on for anybody, and the numbers of the tenants told."""
    rows = Maintenance.objects.filter(state__in=PLANNED, audience__isnull=False)
    found = views_of(list(rows.select_related("provider", "audience").order_by("start_at", "id")))
    return [
        (view, BitMap.deserialize(bytes(view.maintenance.audience.tenants)))
        for view in found
        if view.maintenance.audience is not None
    ]
