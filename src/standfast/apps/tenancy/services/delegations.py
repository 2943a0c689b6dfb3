"""A tenant lets a partner act for it, and takes that back. Both organisations' logs say so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Delegation, Organisation
from standfast.apps.tenancy.roles import DELEGATED_ROLES
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.outbox import announce


@transaction.atomic
def grant_delegation(
    *,
    tenant: Organisation,
    partner_slug: str,
    role: str,
    by: Actor,
    now: datetime,
    expires_at: datetime | None = None,
) -> Delegation:
    """Let the partner `partner_slug` act for `tenant`; an earlier permission is replaced.

    Raises Refused naming partner, role or expires_at.
    """
    partner = Organisation.objects.filter(slug=partner_slug.strip(), is_partner=True).first()
    if partner is None or partner.pk == tenant.pk:
        raise Refused(
            "partner", _("There is no such partner; ask yours for the short name it has here.")
        )
    if role not in DELEGATED_ROLES:
        raise Refused(
            "role", _("Choose one of: %(roles)s.") % {"roles": ", ".join(DELEGATED_ROLES)}
        )
    if expires_at is not None and expires_at <= now:
        raise Refused("expires_at", _("Choose a day in the future, or none."))
    Organisation.objects.select_for_update().get(pk=tenant.pk)  # one writer for this pair
    before = Delegation.objects.filter(partner=partner, tenant=tenant, revoked_at__isnull=True)
    if before.update(revoked_at=now):
        _announce_end(partner.pk, tenant.pk, now)
    delegation = Delegation.objects.create(
        partner=partner,
        tenant=tenant,
        role=role,
        granted_by=by.user,
        created_at=now,
        expires_at=expires_at,
    )
    _audit("delegation.granted", delegation, by=by, now=now)
    return delegation


@transaction.atomic
def revoke_delegation(*, delegation: Delegation, by: Actor, now: datetime) -> None:
    """End a partner's permission at once. Raises Refused when it has ended already."""
    changed = Delegation.objects.filter(pk=delegation.pk, revoked_at__isnull=True).update(
        revoked_at=now
    )
    if not changed:
        raise Refused("delegation", _("This permission has ended already."))
    _announce_end(delegation.partner_id, delegation.tenant_id, now)
    _audit("delegation.revoked", delegation, by=by, now=now)


def _announce_end(partner_id: int, tenant_id: int, now: datetime) -> None:
    """For what must not reach the partner's people any more, unless they have a new permission."""
    announce(kind="delegation.ended", now=now, partner_id=partner_id, tenant_id=tenant_id)


def _audit(action: str, delegation: Delegation, *, by: Actor, now: datetime) -> None:
    ends = delegation.expires_at.isoformat() if delegation.expires_at else None
    for organisation in (delegation.tenant, delegation.partner):
        record(
            by=by,
            organisation=organisation,
            action=action,
            kind="delegation",
            key=f"{delegation.partner.slug} → {delegation.tenant.slug}",
            now=now,
            role=delegation.role,
            expires_at=ends,
        )
