"""What a scope names, as rows: for pages that say a scope in words."""

from __future__ import annotations

from dataclasses import dataclass

from standfast.apps.catalog.models import Component, Service
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.organisations import tenants_by_number
from standfast.engine.targeting import Scope


@dataclass(frozen=True, slots=True)
class ScopeParts:
    """The rows of a scope, each list by name. What the provider does not have is left out."""

    components: list[Component]
    services: list[Service]
    include: list[Organisation]
    exclude: list[Organisation]
    unclear: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen: then nobody would be told."""
        return not (self.components or self.services or self.include or self.unclear)


def parts_of(provider: Organisation, scope: Scope) -> ScopeParts:
    """Read what a scope of the provider names, in at most three queries."""
    components = Component.objects.filter(provider=provider, pk__in=scope.components)
    services = Service.objects.filter(provider=provider, pk__in=scope.services)
    tenants = tenants_by_number(scope.include | scope.exclude)
    return ScopeParts(
        components=list(components) if scope.components else [],
        services=list(services) if scope.services else [],
        include=_named(tenants, scope.include),
        exclude=_named(tenants, scope.exclude),
        unclear=scope.unclear,
    )


def _named(tenants: dict[int, Organisation], numbers: frozenset[int]) -> list[Organisation]:
    found = [tenants[number] for number in numbers if number in tenants]
    return sorted(found, key=lambda tenant: tenant.name)
