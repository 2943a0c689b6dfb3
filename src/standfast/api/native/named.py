"""What a body names, as rows; what is not there is refused by the name of its field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.components import component_by_key
from standfast.apps.catalog.queries.services import services_of
from standfast.apps.catalog.queries.tenants import tenant_to_add
from standfast.apps.tenancy.errors import Refused

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Component, Service
    from standfast.apps.tenancy.models import Organisation


def tenant_named(slug: str) -> Organisation:
    """The tenant with this short name. Raises Refused (tenant)."""
    found = tenant_to_add(slug)
    if found is None:
        raise Refused("tenant", _("There is no tenant with this short name."))
    return found


def service_named(provider: Organisation, key: str) -> Service:
    """The provider's service in use with this key. Raises Refused (service)."""
    for service in services_of(provider):
        if service.key == key:
            return service
    raise Refused("service", _("There is no service with this key."))


def component_named(provider: Organisation, key: str) -> Component:
    """The provider's component with this key. Raises Refused (component)."""
    found = component_by_key(provider, key)
    if found is None:
        raise Refused("component", _("There is no component with this key."))
    return found
