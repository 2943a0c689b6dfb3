"""The send plan of a maintenance: what an event of it is to the plan, and the plan beforehand."""

from __future__ import annotations

from datetime import datetime

from pyroaring import BitMap

from standfast.apps.catalog.queries.regions import regions_of
from standfast.apps.delivery.queries.plans import PlanView, plan_told, plan_view
from standfast.apps.messagecenter.models import Maintenance
from standfast.engine.routing.notice import Event, Notice


def told_of(found: Maintenance, event: Event) -> Notice:
    """What an event of the maintenance is to the send plan."""
    components = [each.pk for each in found.components.all()]
    return Notice(
        kind="maintenance",
        services=frozenset(service.pk for service in found.services.all()),
        severity="normal",
        event=event,
        regions=regions_of(components) if components else frozenset(),
        public=found.is_public,
    )


def preview_schedule(draft: Maintenance, *, tenants: BitMap, now: datetime) -> PlanView:
    """What scheduling the draft now would send, and to whom. Stores nothing."""
    notice = told_of(draft, Event.PUBLISHED)
    plan, recipients = plan_told(notice, tenants, provider=draft.provider, now=now)
    return plan_view(plan, recipients, tenants)
