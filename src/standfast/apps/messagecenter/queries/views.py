"""What pages show of a maintenance."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from standfast.apps.catalog.models import Component, Service
from standfast.apps.messagecenter.models import Maintenance, MessageUpdate


@dataclass(frozen=True, slots=True)
class MaintenanceView:
    """A maintenance with the services it is about and what was said of it, newest first."""

    maintenance: Maintenance
    services: list[Service]
    updates: list[MessageUpdate]

    @property
    def last_move(self) -> MessageUpdate | None:
        """The newest move, for “moved from …”."""
        return next((each for each in self.updates if each.kind == "moved"), None)


@dataclass(frozen=True, slots=True)
class ProviderView:
    """The same for its provider, who sees the parts and everybody who was told."""

    maintenance: Maintenance
    services: list[Service]
    components: list[Component]
    updates: list[MessageUpdate]


def views_of(found: list[Maintenance]) -> list[MaintenanceView]:
    """Maintenances with their services and updates, in two queries however many there are."""
    prefetch_related_objects(found, "services", "updates")
    return [
        MaintenanceView(each, list(each.services.all()), list(each.updates.all())) for each in found
    ]
