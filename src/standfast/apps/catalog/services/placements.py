"""Single placements: so many users of a tenant, for a service, on a component."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Component, Placement, Service, ServiceSubscription
from standfast.apps.catalog.services import texts
from standfast.apps.catalog.services.changes import append_changes, placement_change
from standfast.apps.catalog.services.subscriptions import subscribe
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record


@transaction.atomic
def set_placement(
    *,
    tenant: Organisation,
    component: Component,
    service: Service,
    users: int,
    by: Actor,
    now: datetime,
) -> Placement | None:
    """Say how many users there are: the new count, 0 removes. A tenant placed is subscribed too.

    Raises Refused (tenant, component, service, users).
    """
    users = texts.user_count("users", users)
    if component.provider_id != service.provider_id:
        raise Refused("component", _("Component and service belong to different providers."))
    if users and component.retired_at is not None:
        raise Refused("component", _("%(key)s is retired.") % {"key": component.key})
    place = Placement.objects.filter(tenant=tenant, component=component, service=service)
    before = place.values_list("users", flat=True).first() or 0
    if users == before:
        return place.first()
    if users and not ServiceSubscription.objects.filter(tenant=tenant, service=service).exists():
        subscribe(tenant=tenant, service=service, by=by, now=now)
    if users:
        Placement.objects.update_or_create(
            tenant=tenant, component=component, service=service, defaults={"users": users}
        )
    else:
        place.delete()
    assert tenant.number is not None, "only tenants subscribe"
    change = placement_change(
        component=component.pk, tenant_number=tenant.number, service=service.pk, users=users
    )
    append_changes(changes=[change], now=now)
    record(
        by=by,
        organisation=service.provider,
        action="placement.set" if users else "placement.removed",
        kind="placement",
        key=f"{tenant.slug}/{component.key}/{service.key}",
        now=now,
        before=before,
        after=users,
    )
    return place.first()


def remove_placement(*, placement: Placement, by: Actor, now: datetime) -> None:
    """Remove one placement; the subscription stays."""
    set_placement(
        tenant=placement.tenant,
        component=placement.component,
        service=placement.service,
        users=0,
        by=by,
        now=now,
    )
