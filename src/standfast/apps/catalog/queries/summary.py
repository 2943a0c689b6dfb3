"""The catalog at a glance, and what is still missing in it."""

from __future__ import annotations

from dataclasses import dataclass

from standfast.apps.catalog.index import current_index, provider_scope
from standfast.apps.catalog.models import Component, PlacementImport, Service
from standfast.apps.catalog.queries.tenants import count_tenants
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import Scope


@dataclass(frozen=True, slots=True)
class CatalogSummary:
    """Figures of a provider's catalog; `users` are those with a known place."""

    services: int
    components: int
    tenants: int
    users: int
    last_import: PlacementImport | None

    @property
    def next_step(self) -> str:
        """What to do first: `service`, `component`, `placements`; nothing is missing: ``."""
        if not self.services:
            return "service"
        if not self.components:
            return "component"
        return "" if self.users else "placements"


def catalog_summary(provider: Organisation) -> CatalogSummary:
    """Count what the provider has in use."""
    services = Service.objects.filter(provider=provider, retired_at__isnull=True)
    components = Component.objects.filter(provider=provider, retired_at__isnull=True)
    index, scope = current_index(), provider_scope(provider, Scope(unclear=True))
    everything = index.measure(index.graph.everything(), scope.services)
    imports = PlacementImport.objects.filter(provider=provider).defer("errors")
    return CatalogSummary(
        services=services.count(),
        components=components.count(),
        tenants=count_tenants(provider),
        users=everything.total(),
        last_import=imports.first(),
    )
