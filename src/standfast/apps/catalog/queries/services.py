"""Services, their features and who uses them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from standfast.apps.catalog.index import current_index
from standfast.apps.catalog.models import Feature, Service, ServiceSubscription
from standfast.apps.catalog.queries.words import findable
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation, User


def services_of(provider: Organisation, *, retired: bool = False) -> list[Service]:
    """The provider's services in their order; with the retired ones at the end when asked."""
    rows = Service.objects.filter(provider=provider).select_related("owner")
    live = list(rows.filter(retired_at__isnull=True))
    return live + list(rows.filter(retired_at__isnull=False)) if retired else live


def service_counts(services: Iterable[Service]) -> dict[int, int]:
    """How many tenants use each service, by its id; from the index, so fast for a million."""
    subscriptions = current_index().subscriptions
    return {service.pk: len(subscriptions.of(service.pk)) for service in services}


def get_service_for(provider: Organisation, key: str) -> Service:
    """The provider's service with this key, retired ones too. Raises NoAccess."""
    found = (
        Service.objects.filter(provider=provider, key=findable(key))
        .select_related("owner", "provider")
        .first()
    )
    if found is None:
        raise NoAccess
    return found


def features_of(service: Service) -> list[Feature]:
    """The service's features in their order."""
    return list(Feature.objects.filter(service=service))


def get_feature_for(service: Service, key: str) -> Feature:
    """The service's feature with this key. Raises NoAccess."""
    found = (
        Feature.objects.filter(service=service, key=findable(key)).select_related("service").first()
    )
    if found is None:
        raise NoAccess
    return found


def subscribed_services(tenant: Organisation) -> list[Service]:
    """The services that a tenant uses, of every provider, in their order."""
    return list(
        Service.objects.filter(
            tenant_subscriptions__tenant=tenant, retired_at__isnull=True
        ).select_related("provider")
    )


def subscriptions_of(service: Service) -> QuerySet[ServiceSubscription]:
    """Who uses the service, the newest first (no sorting of a million names); paginate it."""
    rows = ServiceSubscription.objects.filter(service=service).select_related("tenant", "service")
    return rows.order_by("-pk")


def feature_counts(provider: Organisation) -> dict[int, int]:
    """How many features each service has, by its id."""
    rows = Feature.objects.filter(service__provider=provider)
    return dict(rows.order_by().values_list("service_id").annotate(Count("pk")))


def owner_choices(provider: Organisation) -> list[User]:
    """The people who may own a service: the provider's active members, by name."""
    people = User.objects.filter(memberships__organisation=provider, is_active=True)
    return list(people.distinct().order_by("name", "email"))
