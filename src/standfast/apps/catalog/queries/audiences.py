"""Who a scope reaches, with names: for pages that show an audience and say why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from standfast.apps.catalog.index import current_index, provider_scope
from standfast.apps.catalog.models import Component, Service
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.organisations import tenants_by_number
from standfast.engine.targeting import (
    Because,
    Explanation,
    PlacementIndex,
    Scope,
    explain,
    largest,
    resolve,
    split_by,
    split_by_service,
)

# Regions shown; a provider with more top parts than that has no use for a list of them.
MOST_REGIONS = 200
REGION = "region"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of the index (see `Because` for its kinds), with the rows that it names."""

    kind: str
    users: int
    component: Component | None = None
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class ComponentShare:
    """How much of an audience is below a component."""

    component: Component
    tenants: int
    users: int


@dataclass(frozen=True, slots=True)
class ServiceShare:
    """How much of an audience belongs to a service."""

    service: Service
    tenants: int
    users: int


@dataclass(frozen=True, slots=True)
class TenantShare:
    """A tenant in an audience: `users` of its `users_total` are hit, `because` of these."""

    tenant: Organisation
    users: int
    users_total: int
    because: list[Reason]


@dataclass(frozen=True, slots=True)
class AudienceView:
    """An audience in figures and names. Shares with nobody in them are left out."""

    tenants: int
    users: int
    by_region: list[ComponentShare]
    by_service: list[ServiceShare]
    largest: list[TenantShare]


@dataclass(frozen=True, slots=True)
class WhyView:
    """Whether and why a tenant is in an audience; see `Explanation`."""

    tenant: Organisation
    included: bool
    reasons: list[Reason]
    users: int
    users_total: int


def resolve_scope(provider: Organisation, scope: Scope, *, most: int = 10) -> AudienceView:
    """The audience of a provider's scope now, with its `most` largest tenants and why.

    Raises UnknownComponents when the scope names components that the index does not know.
    """
    index, scope = current_index(), provider_scope(provider, scope)
    audience = resolve(index, scope)
    return AudienceView(
        tenants=len(audience),
        users=audience.total_users,
        by_region=_by_region(index, provider, scope),
        by_service=_by_service(index, scope),
        largest=_largest(index, scope, largest(audience, most)),
    )


def explain_tenant(provider: Organisation, scope: Scope, tenant: Organisation) -> WhyView:
    """Why a tenant is in the audience of a provider's scope, or why it is not."""
    index, scope = current_index(), provider_scope(provider, scope)
    if tenant.number is None:
        return WhyView(tenant, False, [Reason("not_subscribed", 0)], 0, 0)
    found = explain(index, scope, tenant.number)
    names = _Names([found], provider)
    reasons = names.reasons(found.reasons) or [Reason("not_subscribed", 0)]
    return WhyView(tenant, found.included, reasons, found.users, found.users_total)


def audience_split(provider: Organisation, scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """The audience by region and by service, as JSON to keep; `names` per language of a service."""
    index, scope = current_index(), provider_scope(provider, scope)
    return {
        "regions": [
            {
                "key": share.component.key,
                "name": share.component.name,
                "tenants": share.tenants,
                "users": share.users,
            }
            for share in _by_region(index, provider, scope)
        ],
        "services": [
            {
                "key": share.service.key,
                "name": str(share.service),
                "names": share.service.name,
                "tenants": share.tenants,
                "users": share.users,
            }
            for share in _by_service(index, scope)
        ],
    }


def regions_of(provider: Organisation) -> list[Component]:
    """The provider's regions; where no component is of that kind, its top components."""
    live = Component.objects.filter(provider=provider, retired_at__isnull=True)
    named = list(live.filter(kind=REGION)[:MOST_REGIONS])
    return named or list(live.filter(is_root=True)[:MOST_REGIONS])


def _by_region(index: PlacementIndex, provider: Organisation, scope: Scope) -> list[ComponentShare]:
    known = {
        region.pk: region
        for region in regions_of(provider)
        if index.graph.position(region.pk) is not None
    }
    shares = [
        ComponentShare(known[share.key], len(share.tenants), share.users)
        for share in split_by(index, scope, list(known))
        if share.tenants
    ]
    return sorted(shares, key=lambda share: (-share.tenants, share.component.key))


def _by_service(index: PlacementIndex, scope: Scope) -> list[ServiceShare]:
    shares = [share for share in split_by_service(index, scope) if share.tenants]
    named = Service.objects.in_bulk([share.key for share in shares])
    found = [
        ServiceShare(named[share.key], len(share.tenants), share.users)
        for share in shares
        if share.key in named
    ]
    return sorted(found, key=lambda share: (-share.tenants, share.service.position))


def _largest(
    index: PlacementIndex, scope: Scope, chosen: list[tuple[int, int]]
) -> list[TenantShare]:
    tenants = tenants_by_number(number for number, _users in chosen)
    found = {
        number: explain(index, scope, number) for number, _users in chosen if number in tenants
    }
    names = _Names(found.values())
    return [
        TenantShare(
            tenants[number], users, found[number].users_total, names.reasons(found[number].reasons)
        )
        for number, users in chosen
        if number in tenants
    ]


class _Names:
    """The components and services that explanations name, read in two queries.

    With a provider given, what belongs to another one is not told.
    """

    def __init__(
        self, explanations: Iterable[Explanation], provider: Organisation | None = None
    ) -> None:
        reasons = [reason for each in explanations for reason in each.reasons]
        own = Q(provider=provider) if provider else Q()
        components = {each.component for each in reasons if each.component is not None}
        services = {each.service for each in reasons if each.service is not None}
        self._own = provider is not None
        self._components = Component.objects.filter(own).in_bulk(sorted(components))
        self._services = Service.objects.filter(own).in_bulk(sorted(services))

    def reasons(self, reasons: Iterable[Because]) -> list[Reason]:
        return [
            Reason(
                each.kind,
                each.users,
                self._components.get(each.component) if each.component is not None else None,
                self._services.get(each.service) if each.service is not None else None,
            )
            for each in reasons
            if not (self._own and each.service and each.service not in self._services)
        ]
