"""Reads of invitations: by the organisation that sent them, and by the holder of the link."""

from __future__ import annotations

import hashlib
from datetime import datetime

from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Invitation, User
from standfast.apps.tenancy.queries.access import FACES, Access


def token_digest(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_invitation(token: str, *, now: datetime) -> Invitation:
    """The invitation that a link names. Raises NoAccess when unknown, used, revoked or expired."""
    found = (
        Invitation.objects.filter(
            token_hash=token_digest(token),
            accepted_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=now,
        )
        .select_related("organisation", "invited_by")
        .first()
    )
    if found is None:
        raise NoAccess
    return found


def has_account(invitation: Invitation) -> bool:
    """Whether the invited address has an account to sign in with (asked by its link's holder)."""
    return User.objects.filter(email__iexact=invitation.email).exists()


def invitations_of(access: Access) -> list[Invitation]:
    """Invitations that are neither used nor revoked, to roles of the face, newest first."""
    return list(
        Invitation.objects.filter(
            organisation=access.organisation,
            role__in=list(FACES[access.face]),
            accepted_at__isnull=True,
            revoked_at__isnull=True,
        ).select_related("invited_by")
    )


def get_invitation_for(access: Access, invitation_id: int) -> Invitation:
    """One of `invitations_of`. Raises NoAccess."""
    for invitation in invitations_of(access):
        if invitation.pk == invitation_id:
            return invitation
    raise NoAccess
