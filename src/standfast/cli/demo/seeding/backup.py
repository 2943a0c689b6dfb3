"""Backup pages of the tenants that one can sign in to."""

from __future__ import annotations

from standfast.apps.publishing.services.tenant_pages import give_page
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.queries.organisations import organisation_by_slug
from standfast.cli.demo.seeding.stored import Stored
from standfast.cli.demo.world.people import PEOPLE

BY = Actor.system("demo")


def store_backup_pages(stored: Stored) -> None:
    """Give them pages; the worker writes them."""
    for slug in sorted({plan.organisation for plan in PEOPLE if plan.what}):
        organisation = organisation_by_slug(slug)
        if organisation is not None and organisation.is_tenant:
            give_page(tenant=organisation, by=BY, now=stored.now)
