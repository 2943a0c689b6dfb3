"""What a provider's scope may reach: the tenants of its own services, never another's."""

from __future__ import annotations

from dataclasses import replace

from standfast.apps.catalog.models import Service
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import Scope

# No row has it: a scope that is restricted to it reaches nobody, where an empty one means all.
NO_SERVICE = 0


def provider_scope(provider: Organisation, scope: Scope) -> Scope:
    """The scope with all services of the provider in place of none; tenants by name stay so."""
    if scope.services or not scope.looks_at_placements:
        return scope
    services = Service.objects.filter(provider=provider, retired_at__isnull=True)
    return replace(
        scope, services=frozenset(services.values_list("pk", flat=True)) or frozenset({NO_SERVICE})
    )
