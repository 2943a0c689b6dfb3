"""Features of several services, for forms that offer them together."""

from __future__ import annotations

from collections.abc import Iterable

from standfast.apps.catalog.models import Feature, Service


def features_by_service(services: Iterable[Service]) -> dict[int, list[Feature]]:
    """The features of each service in their order, by the service's id; one query."""
    found: dict[int, list[Feature]] = {service.pk: [] for service in services}
    for feature in Feature.objects.filter(service__in=found):
        found[feature.service_id].append(feature)
    return found
