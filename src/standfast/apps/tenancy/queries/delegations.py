"""Reads of delegations: given by a tenant, held by a partner."""

from __future__ import annotations

from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Delegation
from standfast.apps.tenancy.queries.access import Access


def delegations_given(access: Access) -> list[Delegation]:
    """The tenant's permissions that were not taken back, expired ones included, by partner."""
    rows = Delegation.objects.filter(tenant=access.organisation, revoked_at__isnull=True)
    return list(rows.select_related("partner", "granted_by").order_by("partner__name"))


def delegations_held(access: Access) -> list[Delegation]:
    """The partner's permissions that were not taken back, expired ones included, by tenant."""
    rows = Delegation.objects.filter(partner=access.organisation, revoked_at__isnull=True)
    return list(rows.select_related("tenant").order_by("tenant__name"))


def get_given_delegation_for(access: Access, delegation_id: int) -> Delegation:
    """One of `delegations_given`. Raises NoAccess."""
    found = (
        Delegation.objects.filter(
            pk=delegation_id, tenant=access.organisation, revoked_at__isnull=True
        )
        .select_related("partner", "tenant")
        .first()
    )
    if found is None:
        raise NoAccess
    return found
