"""Services, components, subscriptions and placements, in bulk; then one rebuild of the index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from standfast.apps.catalog.models import (
    Component,
    ComponentEdge,
    Feature,
    Placement,
    Service,
    ServiceSubscription,
)
from standfast.apps.catalog.services.changes import everything_changed
from standfast.apps.tenancy.models import Organisation, User
from standfast.cli.demo.world.infrastructure import ComponentPlan
from standfast.cli.demo.world.offerings import ServicePlan
from standfast.cli.demo.world.people import PEOPLE
from standfast.cli.demo.world.placements import Use

BATCH = 2_000


def store_services(
    plans: Iterable[ServicePlan], *, provider: Organisation, people: Mapping[str, User]
) -> dict[str, Service]:
    """Store the services in their order, each with its owner."""
    owners = {key: people[plan.email] for plan in PEOPLE for key in plan.owns}
    rows = Service.objects.bulk_create(
        [
            Service(
                provider=provider,
                key=plan.key,
                name=plan.name,
                description=plan.description,
                issue_prefix=plan.prefix,
                icon=plan.icon,
                owner=owners[plan.key],
                position=position,
                capabilities=list(plan.capabilities),
            )
            for position, plan in enumerate(plans, start=1)
        ]
    )
    return {row.key: row for row in rows}


def store_features(
    plans: Iterable[ServicePlan], services: Mapping[str, Service]
) -> dict[tuple[str, str], Feature]:
    """Store the features of every service."""
    rows = Feature.objects.bulk_create(
        [
            Feature(
                service=services[plan.key], key=feature.key, name=feature.name, position=position
            )
            for plan in plans
            for position, feature in enumerate(plan.features, start=1)
        ]
    )
    return {(row.service.key, row.key): row for row in rows}


def store_components(plans: Iterable[ComponentPlan], *, provider: Organisation) -> dict[str, int]:
    """Store components and what stands below what; gives the id of each key."""
    plans = list(plans)
    rows = Component.objects.bulk_create(
        [
            Component(
                provider=provider,
                key=plan.key,
                name=plan.name,
                kind=plan.kind,
                is_root=not plan.parents,
            )
            for plan in plans
        ],
        batch_size=BATCH,
    )
    ids = {row.key: row.pk for row in rows}
    ComponentEdge.objects.bulk_create(
        [
            ComponentEdge(parent_id=ids[parent], child_id=ids[plan.key])
            for plan in plans
            for parent in plan.parents
        ],
        batch_size=BATCH,
    )
    return ids


def store_uses(
    uses: Iterable[Use],
    *,
    tenants: Mapping[str, Organisation],
    services: Mapping[str, Service],
    components: Mapping[str, int],
    now: datetime,
) -> None:
    """Store who uses what and where, and ask for a new index."""
    uses = list(uses)
    ServiceSubscription.objects.bulk_create(
        [
            ServiceSubscription(
                tenant=tenants[use.tenant.slug],
                service=services[use.service.key],
                seats=use.seats,
                since=tenants[use.tenant.slug].created_at,
            )
            for use in uses
        ],
        batch_size=BATCH,
    )
    Placement.objects.bulk_create(
        [
            Placement(
                tenant=tenants[use.tenant.slug],
                service=services[use.service.key],
                component_id=components[key],
                users=users,
            )
            for use in uses
            for key, users in use.users_on.items()
        ],
        batch_size=BATCH,
    )
    everything_changed(now=now)
