"""Giving a tenant pages on the backup site, another address, or none any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from standfast.apps.publishing.models import TenantPage
from standfast.apps.publishing.queries.changes import WANTED
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.outbox import announce


@transaction.atomic
def give_page(*, tenant: Organisation, by: Actor, now: datetime) -> TenantPage:
    """Give the tenant its pages; they stand on the backup site a moment later."""
    page, made = TenantPage.objects.get_or_create(tenant=tenant, defaults={"created_at": now})
    if made:
        _note("backup_page.given", tenant, by, now)
    return page


@transaction.atomic
def turn_address(*, tenant: Organisation, by: Actor, now: datetime) -> TenantPage:
    """Give the pages another address; what lies under the old one is removed."""
    page = TenantPage.objects.select_for_update().get(tenant=tenant)
    page.turn += 1
    page.turned_at = now
    page.save(update_fields=["turn", "turned_at"])
    _note("backup_page.turned", tenant, by, now)
    return page


@transaction.atomic
def take_page(*, tenant: Organisation, by: Actor, now: datetime) -> None:
    """Remove the tenant's pages from the backup site."""
    deleted, _ = TenantPage.objects.filter(tenant=tenant).delete()
    if deleted:
        _note("backup_page.removed", tenant, by, now)


def _note(action: str, tenant: Organisation, by: Actor, now: datetime) -> None:
    announce(kind=WANTED, now=now)
    record(by=by, organisation=tenant, action=action, kind="backup_page", key=tenant.slug, now=now)
