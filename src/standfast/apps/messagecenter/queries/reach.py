"""Who a maintenance reaches at this moment."""

from __future__ import annotations

from collections.abc import Iterable

from pyroaring import BitMap

from standfast.apps.catalog.index import current_index, provider_scope
from standfast.apps.catalog.models import Component, Service
from standfast.apps.messagecenter.models import Maintenance
from standfast.engine.targeting import Audience, Scope, resolve


def scope_of(maintenance: Maintenance) -> Scope:
    """The parts that are worked on: the services, on the components if any are named."""
    return Scope(
        components=frozenset(each.pk for each in maintenance.components.all()),
        services=frozenset(each.pk for each in maintenance.services.all()),
    )


def newcomers_with(
    maintenance: Maintenance, *, services: Iterable[Service], components: Iterable[Component]
) -> int:
    """How many tenants not told yet these parts would bring in. Raises UnknownComponents."""
    scope = Scope(
        components=frozenset(each.pk for each in components),
        services=frozenset(each.pk for each in services),
    )
    reached = _resolved(maintenance, scope)
    audience = maintenance.audience
    told = BitMap.deserialize(bytes(audience.tenants)) if audience else BitMap()
    return len(reached.tenants - told)


def reached_now(maintenance: Maintenance) -> Audience:
    """Who has users on these parts. Raises UnknownComponents."""
    return _resolved(maintenance, scope_of(maintenance))


def _resolved(maintenance: Maintenance, scope: Scope) -> Audience:
    return resolve(current_index(), provider_scope(maintenance.provider, scope))
