"""What open pages should hear of maintenance: outbox events, with who may see each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyroaring import BitMap

from standfast.apps.incidents.queries.stream import News
from standfast.apps.messagecenter.models import Maintenance, MessageAudience
from standfast.apps.messagecenter.queries.told import told_tenants

# A correction that nobody is told of: pages show it, but say nothing about it.
QUIET = "maintenance.corrected"
# It is not public any more: visitors' pages let go of it.
HIDDEN = "maintenance.hidden"


@dataclass(frozen=True, slots=True)
class MaintenanceItem:
    """One event for open pages. `tenants` holds the tenant numbers that may see it, `public`
    whether visitors may. The provider's console hears of all.
    """

    event_id: int
    kind: str
    maintenance: Maintenance
    tenants: BitMap
    public: bool

    @property
    def is_quiet(self) -> bool:
        """Pages are only to be fetched anew."""
        return self.kind in {QUIET, HIDDEN}


def is_shown(maintenance: Maintenance) -> bool:
    """Whether visitors may see it, as `queries.public` says it in SQL."""
    return (
        maintenance.is_public
        and maintenance.state != "draft"
        and any(service.is_public for service in maintenance.services.all())
    )


def maintenance_items(fresh: Iterable[News]) -> list[MaintenanceItem]:
    """Those of the events that are about maintenance."""
    wanted = [news for news in fresh if "maintenance_id" in news.payload]
    if not wanted:
        return []
    rows = Maintenance.objects.select_related("provider").prefetch_related("services")
    found = rows.in_bulk([news.payload["maintenance_id"] for news in wanted])
    audiences = MessageAudience.objects.in_bulk([news.payload["audience_id"] for news in wanted])
    return [
        _item(news, found[news.payload["maintenance_id"]], audiences[news.payload["audience_id"]])
        for news in wanted
        if news.payload["maintenance_id"] in found and news.payload["audience_id"] in audiences
    ]


def _item(news: News, maintenance: Maintenance, audience: MessageAudience) -> MaintenanceItem:
    group = news.payload["group"]
    return MaintenanceItem(
        event_id=news.event_id,
        kind=news.kind,
        maintenance=maintenance,
        tenants=told_tenants(audience, group),
        # What is new to a few tenants that have come since is not new to visitors.
        public=group == "visitors" or (group != "added" and is_shown(maintenance)),
    )
