"""Whole pages as Statuspage has them: services, incidents and maintenance together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.queries.statuspage import (
    component_of,
    portal_address,
    public_address,
    public_components,
    public_incidents,
    tenant_components,
    tenant_incidents,
)
from standfast.apps.messagecenter.models import MessageUpdate
from standfast.apps.messagecenter.queries.public import public_known
from standfast.apps.messagecenter.queries.tenants import known_to
from standfast.apps.messagecenter.queries.views import MaintenanceView
from standfast.apps.tenancy.languages import pick
from standfast.apps.tenancy.models import Organisation
from standfast.engine.wire.statuspage.documents import Facts, last_change
from standfast.engine.wire.statuspage.facts import Component, Incident, Maintenance, Page, Update

#: Statuspage knows no cancelled work; what does not happen any more is over.
STATES = {"cancelled": "completed"}
Parts = tuple[Sequence[Component], Sequence[Incident], Sequence[Maintenance]]


def public_facts(provider: Organisation, *, now: datetime) -> Facts:
    """The provider's public page, in the provider's language."""
    address = public_address(provider)
    works = maintenances_of(
        public_known(provider, now=now), page=address, language=provider.language
    )
    incidents = public_incidents(provider, now=now)
    components = public_components(provider, incidents, at_work=_at_work(works))
    return _page(f"public/{provider.slug}", provider, address, (components, incidents, works))


def tenant_facts(tenant: Organisation, *, now: datetime) -> Facts:
    """What one tenant sees, in the tenant's language."""
    address = portal_address(tenant)
    works = maintenances_of(known_to(tenant, now=now), page=address, language=tenant.language)
    incidents = tenant_incidents(tenant, now=now)
    components = tenant_components(tenant, incidents, at_work=_at_work(works))
    return _page(tenant_page_key(tenant), tenant, address, (components, incidents, works))


def tenant_page_key(tenant: Organisation) -> str:
    """What the id of a tenant's page is made of."""
    return f"tenant/{tenant.slug}"


def maintenances_of(
    views: Iterable[MaintenanceView], *, page: str, language: str
) -> list[Maintenance]:
    """Planned work as Statuspage shows it, the newest first."""
    made = [maintenance_of(view, page=page, language=language) for view in views]
    return sorted(made, key=lambda each: (each.scheduled_for, each.key), reverse=True)


def maintenance_of(view: MaintenanceView, *, page: str, language: str) -> Maintenance:
    """One planned work; `page` is the address that its own begins with."""
    row = view.maintenance
    start = row.start_at or row.modified_at
    at_work = row.state == "in_progress"
    return Maintenance(
        key=row.reference,
        name=pick(row.title, language),
        status=STATES.get(row.state, row.state),
        url=f"{page}maintenance/{row.reference}/",
        created_at=row.published_at or row.modified_at,
        updated_at=row.modified_at,
        scheduled_for=start,
        scheduled_until=row.end_at or start,
        components=tuple(
            _component(each, at_work, language, row.modified_at) for each in view.services
        ),
        updates=tuple(_update(each, language) for each in view.updates),
        completed_at=row.ended_at,
    )


def _component(service: Service, at_work: bool, language: str, changed: datetime) -> Component:
    status = "under_maintenance" if at_work else "operational"
    return component_of(service, status, language=language, changed=changed)


def _update(update: MessageUpdate, language: str) -> Update:
    body = pick(update.body, language) or pick(update.message.title, language)
    state = STATES.get(update.state, update.state)
    return Update(str(update.number), state, body, update.created_at)


def _at_work(works: Iterable[Maintenance]) -> set[str]:
    going_on = (each for each in works if each.status == "in_progress")
    return {part.key for each in going_on for part in each.components}


def _page(key: str, owner: Organisation, address: str, parts: Parts) -> Facts:
    components, incidents, works = parts
    page = Page(key, owner.name, address, last_change(*parts, since=owner.created_at))
    return Facts(page, tuple(components), tuple(incidents), tuple(works))
