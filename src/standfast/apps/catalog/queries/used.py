"""Which services each tenant uses, for many tenants at once; and what readers see of a service."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from itertools import groupby
from operator import itemgetter

from django.db.models import Max

from standfast.apps.catalog.models import CatalogChange, Feature, Service, ServiceSubscription


def newest_change() -> int:
    """The number of the newest change of the catalog."""
    return CatalogChange.objects.aggregate(last=Max("id"))["last"] or 0


def changed_subscribers(since: int) -> set[int] | None:
    """The numbers of tenants whose services changed after a change; None when any may have."""
    numbers: set[int] = set()
    rows = CatalogChange.objects.filter(pk__gt=since, kind__in=["subscription", "rebuild"])
    for kind, payload in rows.values_list("kind", "payload"):
        if kind == "rebuild":
            return None
        numbers.add(payload["tenant_number"])
    return numbers


def services_used(numbers: Collection[int] | None = None) -> dict[int, tuple[int, ...]]:
    """Tenant number → the ids of the services that it uses, in the order of lists."""
    rows = ServiceSubscription.objects.filter(
        service__retired_at__isnull=True, tenant__number__isnull=False
    )
    if numbers is not None:
        rows = rows.filter(tenant__number__in=numbers)
    ordered = rows.order_by("tenant__number", "service__position", "service_id")
    pairs = ordered.values_list("tenant__number", "service_id").iterator(chunk_size=5_000)
    alike: dict[tuple[int, ...], tuple[int, ...]] = {}
    found = {}
    for number, group in groupby(pairs, key=itemgetter(0)):
        services = tuple(service for _, service in group)
        found[number] = alike.setdefault(services, services)
    return found


def all_services() -> dict[int, Service]:
    """Every service by id, retired ones too, with its provider."""
    return {service.pk: service for service in Service.objects.select_related("provider")}


def names_mark() -> Hashable:
    """Changes whenever a service or feature is renamed, moved, retired or made."""
    services = Service.objects.order_by("id").values_list(
        *("id", "key", "name", "description", "position", "is_public", "retired_at"),
        *("provider__slug", "provider__name", "provider__language"),
    )
    features = Feature.objects.order_by("id").values_list("id", "key", "name", "service_id")
    return repr(list(services)), repr(list(features))
