"""Which page of a maintenance a reader may see: its provider's console, a portal, or public."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from standfast.apps.incidents.queries.doors import Door
from standfast.apps.messagecenter.models import Maintenance
from standfast.apps.messagecenter.queries.public import public_maintenance
from standfast.apps.messagecenter.queries.tenants import maintenance_for
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation, User
from standfast.apps.tenancy.queries.access import accesses_of


def door_to_maintenance(user: User | AnonymousUser, reference: str) -> Door | None:
    """The first page of the maintenance that the reader may see, or None."""
    found = Maintenance.objects.filter(reference=reference).select_related("provider").first()
    if found is None:
        return None
    for access in accesses_of(user) if isinstance(user, User) else []:
        mine = access.organisation
        if access.face == "provider" and mine == found.provider and access.may("message.read"):
            return Door("console", mine.slug)
        if access.face == "tenant" and access.may("health.read") and _is_told(mine, reference):
            return Door("portal", mine.slug)
    try:
        public_maintenance(found.provider, reference)
    except NoAccess:
        return None
    return Door("public", found.provider.slug)


def _is_told(tenant: Organisation, reference: str) -> bool:
    try:
        maintenance_for(tenant, reference)
    except NoAccess:
        return False
    return True
