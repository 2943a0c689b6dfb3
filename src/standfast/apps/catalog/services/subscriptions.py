"""Which tenants use which services."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Placement, Service, ServiceSubscription
from standfast.apps.catalog.services import texts
from standfast.apps.catalog.services.changes import append_changes, subscription_change
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record


@transaction.atomic
def subscribe(
    *, tenant: Organisation, service: Service, by: Actor, now: datetime, seats: int = 0
) -> ServiceSubscription:
    """Let a tenant use a service, or change its number of seats. Raises Refused."""
    if not tenant.is_tenant or tenant.number is None:
        raise Refused("tenant", _("%(name)s is no tenant.") % {"name": tenant.name})
    if service.retired_at is not None:
        raise Refused("service", _("%(service)s is retired.") % {"service": service})
    seats = texts.user_count("seats", seats)
    made, is_new = ServiceSubscription.objects.get_or_create(
        tenant=tenant, service=service, defaults={"seats": seats, "since": now}
    )
    if is_new:
        change = subscription_change(tenant_number=tenant.number, service=service.pk, present=True)
        append_changes(changes=[change], now=now)
        _log("subscription.added", made, by=by, now=now, seats=seats)
    elif made.seats != seats:
        made.seats = seats
        made.save(update_fields=["seats"])
        _log("subscription.updated", made, by=by, now=now, seats=seats)
    return made


@transaction.atomic
def unsubscribe(*, subscription: ServiceSubscription, by: Actor, now: datetime) -> None:
    """End a tenant's use of a service. Raises Refused while it has users placed there."""
    tenant, service = subscription.tenant, subscription.service
    placed = Placement.objects.filter(tenant=tenant, service=service).count()
    if placed:
        raise Refused(
            "subscription",
            _("%(tenant)s still has %(count)s placements of this service; remove them first.")
            % {"tenant": tenant.name, "count": placed},
        )
    assert tenant.number is not None, "only tenants subscribe"
    change = subscription_change(tenant_number=tenant.number, service=service.pk, present=False)
    append_changes(changes=[change], now=now)
    _log("subscription.removed", subscription, by=by, now=now)
    subscription.delete()


def _log(
    action: str, subscription: ServiceSubscription, *, by: Actor, now: datetime, **details: object
) -> None:
    record(
        by=by,
        organisation=subscription.service.provider,
        action=action,
        kind="subscription",
        key=f"{subscription.tenant.slug}/{subscription.service.key}",
        now=now,
        **details,
    )
