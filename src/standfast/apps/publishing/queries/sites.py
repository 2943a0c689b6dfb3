"""Which sites belong on the backup site: providers' public pages, tenants' own pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from standfast.apps.catalog.models import Service
from standfast.apps.catalog.queries.public import public_providers
from standfast.apps.incidents.queries.health import issue_versions
from standfast.apps.messagecenter.queries.tenants import planned_mark
from standfast.apps.publishing.addresses import tenant_prefix
from standfast.apps.publishing.models import TenantPage
from standfast.apps.tenancy.models import Organisation
from standfast.bundle.manifest import PROVIDERS


@dataclass(frozen=True, slots=True)
class Site:
    """One site: a provider's, or (`private`) a tenant's."""

    prefix: str
    owner: Organisation
    private: bool


def wanted_sites() -> Iterator[Site]:
    """All sites, the public ones first."""
    yield from public_sites()
    pages = TenantPage.objects.select_related("tenant").filter(tenant__number__isnull=False)
    for page in pages:
        yield Site(tenant_prefix(page), page.tenant, private=True)


def public_sites() -> list[Site]:
    """Each provider's site; one of them is the first page."""
    first = root_provider()
    return [
        Site("" if provider == first else f"{PROVIDERS}{provider.slug}/", provider, private=False)
        for provider in public_providers()
    ]


def sites_beside(tenant: Organisation) -> tuple[Site, ...]:
    """The public sites of the providers whose services the tenant uses."""
    used = Service.objects.filter(tenant_subscriptions__tenant=tenant).values_list("provider")
    providers = {provider for (provider,) in used}
    return tuple(site for site in public_sites() if site.owner.pk in providers)


def root_provider() -> Organisation | None:
    """The provider whose site is the first page: the one configured, else the oldest public one."""
    found = sorted(public_providers(), key=lambda each: each.pk)
    named = [each for each in found if each.slug == settings.STANDFAST_BACKUP_PROVIDER]
    return next(iter(named or found), None)


def mark_of(site: Site, *, now: datetime) -> str:
    """Changes whenever what a tenant's site shows does; empty where every event may change it."""
    if not site.private:
        return ""
    issues = issue_versions(site.owner, now=now)
    said = repr((issues, planned_mark(site.owner)))
    return hashlib.sha256(said.encode()).hexdigest()
