"""Planned maintenance to the subscribers of everybody who was told of it."""

from __future__ import annotations

from datetime import datetime

from standfast.apps.delivery.queries.maintenance_plans import told_of
from standfast.apps.delivery.services.telling import Telling, tell_subscribers
from standfast.apps.messagecenter.models import MessageUpdate
from standfast.apps.messagecenter.queries.provider import audience_by_id, maintenance_by_id
from standfast.apps.messagecenter.queries.told import told_tenants
from standfast.apps.tenancy.models import OutboxEvent
from standfast.engine.routing.notice import Event

# The kind of an outbox event → what the send plan calls it.
MAINTENANCE = {
    "maintenance.scheduled": Event.PUBLISHED,
    "maintenance.changed": Event.UPDATED,
    "maintenance.started": Event.UPDATED,
    "maintenance.completed": Event.RESOLVED,
    "maintenance.cancelled": Event.RESOLVED,
}


def plan_maintenance(event: OutboxEvent, now: datetime) -> None:
    """Tell the tenants of the event's group what was said."""
    found = maintenance_by_id(event.payload.get("maintenance_id", 0))
    if found is None:
        return
    update = MessageUpdate.objects.get(pk=event.payload["update_id"])
    audience = audience_by_id(event.payload["audience_id"])
    group = event.payload["group"]
    telling = Telling(
        kind="maintenance",
        event=event,
        provider=found.provider,
        update=update,
        about=f"maintenance:{found.pk}",
        told=told_of(found, MAINTENANCE[event.kind]),
        tenants=told_tenants(audience, group),
        # Those who are new hear of the same update as the others, in a notice of their own.
        key=f"m{update.pk}{'a' if group == 'added' else ''}",
        tenants_alone=group == "added",
    )
    tell_subscribers(telling, now=now)
