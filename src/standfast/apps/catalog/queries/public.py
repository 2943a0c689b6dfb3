"""What a visitor may know of the catalog: providers and services that are public."""

from __future__ import annotations

from standfast.apps.catalog.models import Service
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation


def public_providers() -> list[Organisation]:
    """Providers with at least one service on the public page, by name."""
    public = Service.objects.filter(is_public=True, retired_at__isnull=True)
    return list(Organisation.objects.filter(is_provider=True, pk__in=public.values("provider")))


def public_provider(slug: str) -> Organisation:
    """The provider whose public page has this address. Raises NoAccess."""
    found = Organisation.objects.filter(slug=slug, is_provider=True).first()
    if found is None or not public_services(found):
        raise NoAccess
    return found


def public_services(provider: Organisation) -> list[Service]:
    """The provider's services on the public page, in their order."""
    return list(Service.objects.filter(provider=provider, is_public=True, retired_at__isnull=True))
