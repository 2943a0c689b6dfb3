"""A provider's tenants: those that use at least one of its services. No other is ever shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q
from pyroaring import BitMap

from standfast.apps.catalog.index import current_index
from standfast.apps.catalog.models import Placement, Service, ServiceSubscription
from standfast.apps.catalog.queries.words import findable
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class TenantRow:
    """A tenant, how many of the provider's services it uses, and its placed users of them."""

    tenant: Organisation
    services: int
    users: int


def tenants_of(provider: Organisation, *, search: str = "", page: int | str = 1) -> Page[TenantRow]:
    """The provider's tenants by name; `search` looks in names and short names."""
    rows = Organisation.objects.filter(_uses(provider), number__isnull=False)
    services = _service_ids(provider)
    if text := findable(search):
        rows = rows.filter(Q(name__icontains=text) | Q(slug__icontains=text))
        paginator = Paginator(rows.order_by("name", "pk"), PAGE_SIZE)
    else:
        paginator = _Counted(rows.order_by("name", "pk"), PAGE_SIZE)
        paginator.subscribed = services
    found = paginator.get_page(page)
    shown = _rows(found.object_list, services)
    return Page(shown, found.number, paginator)  # type: ignore[arg-type]  # the same page, of rows


def count_tenants(provider: Organisation) -> int:
    """How many tenants use a service of the provider; from the index, so fast for a million."""
    return len(_subscribers(_service_ids(provider)))


def get_tenant_for(provider: Organisation, slug: str) -> Organisation:
    """The provider's tenant with this short name. Raises NoAccess, also for others' tenants."""
    found = Organisation.objects.filter(_uses(provider), slug=findable(slug)).first()
    if found is None:
        raise NoAccess
    return found


def subscriptions_of_tenant(
    provider: Organisation, tenant: Organisation
) -> list[ServiceSubscription]:
    """What the tenant uses of the provider, in the services' order."""
    rows = ServiceSubscription.objects.filter(tenant=tenant, service__provider=provider)
    return list(
        rows.select_related("service", "tenant").order_by("service__position", "service_id")
    )


def get_subscription_for(
    provider: Organisation, tenant_slug: str, service_key: str
) -> ServiceSubscription:
    """One of the provider's subscriptions. Raises NoAccess."""
    found = (
        ServiceSubscription.objects.filter(
            service__provider=provider,
            service__key=findable(service_key),
            tenant__slug=findable(tenant_slug),
        )
        .select_related("service__provider", "tenant")
        .first()
    )
    if found is None:
        raise NoAccess
    return found


def placements_of_tenant(
    provider: Organisation, tenant: Organisation, *, page: int | str = 1
) -> Page[Placement]:
    """Where the tenant's users of the provider's services are, the largest first."""
    rows = Placement.objects.filter(tenant=tenant, service__provider=provider)
    rows = rows.select_related("component", "service").order_by("-users", "component__key", "pk")
    return Paginator(rows, PAGE_SIZE).get_page(page)


def get_placement_for(provider: Organisation, placement_id: int) -> Placement:
    """One of the provider's placements. Raises NoAccess."""
    found = (
        Placement.objects.filter(pk=placement_id, service__provider=provider)
        .select_related("tenant", "component", "service__provider")
        .first()
    )
    if found is None:
        raise NoAccess
    return found


def placed_users(provider: Organisation, tenant: Organisation) -> int:
    """The tenant's placed users of the provider's services."""
    (row,) = _rows([tenant], _service_ids(provider))
    return row.users


class _Counted(Paginator):  # type: ignore[type-arg]  # of organisations
    """Takes the count from the index: counting a million rows takes longer than the page."""

    subscribed: frozenset[int] = frozenset()

    @cached_property
    def count(self) -> int:
        return len(_subscribers(self.subscribed))


def _uses(provider: Organisation) -> Exists:
    return Exists(
        ServiceSubscription.objects.filter(tenant=OuterRef("pk"), service__provider=provider)
    )


def _service_ids(provider: Organisation) -> frozenset[int]:
    return frozenset(Service.objects.filter(provider=provider).values_list("pk", flat=True))


def _subscribers(services: frozenset[int]) -> BitMap:
    subscriptions = current_index().subscriptions
    return BitMap().union(*(subscriptions.of(service) for service in services))


def _rows(tenants: Iterable[Organisation], services: frozenset[int]) -> list[TenantRow]:
    index = current_index()
    subscribed = [index.subscriptions.of(service) for service in services]
    rows = []
    for tenant in tenants:
        assert tenant.number is not None, "only organisations with a number subscribe"
        placed = index.placements_of(tenant.number)
        users = sum(users for _at, service, users in placed if service in services)
        used = sum(1 for each in subscribed if tenant.number in each)
        rows.append(TenantRow(tenant, used, users))
    return rows


def tenant_to_add(slug: str) -> Organisation | None:
    """Any tenant with this short name: one becomes the provider's by using a service of it."""
    return Organisation.objects.filter(
        slug=findable(slug), is_tenant=True, number__isnull=False
    ).first()
