"""Invitations: an offer by e-mail to become a member, good for seven days, used once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.invitation_mail import send_invitation
from standfast.apps.tenancy.models import Invitation, Member, Organisation, User
from standfast.apps.tenancy.queries.invitations import token_digest
from standfast.apps.tenancy.services import checks
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.members import add_member
from standfast.apps.tenancy.services.people import create_account

GOOD_FOR = timedelta(days=7)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation, the link that accepts it, and whether the mail could be handed over."""

    invitation: Invitation
    link: str
    mailed: bool


def invite(
    *,
    organisation: Organisation,
    email: str,
    role: str,
    link_to: Callable[[str], str],
    by: Actor,
    now: datetime,
) -> Invited:
    """Invite an address to a role; `link_to` turns the invitation's token into an address.

    An open invitation of the same address and role is replaced. Raises Refused (email, role).
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        invitation = _store(organisation, email, role, token, by=by, now=now)
    link = link_to(token)
    return Invited(invitation, link, _mail(invitation, link))


def _store(
    organisation: Organisation, email: str, role: str, token: str, *, by: Actor, now: datetime
) -> Invitation:
    address = checks.email_address("email", email)
    role = checks.fitting_role(organisation, role)
    if Member.objects.filter(
        organisation=organisation, user__email__iexact=address, role=role
    ).exists():
        raise Refused("email", _("%(email)s has this role already.") % {"email": address})
    Invitation.objects.filter(
        organisation=organisation,
        email=address,
        role=role,
        accepted_at__isnull=True,
        revoked_at__isnull=True,
    ).update(revoked_at=now)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        role=role,
        token_hash=token_digest(token),
        invited_by=by.user,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    _audit("invitation.sent", invitation, by=by, now=now)
    return invitation


def _mail(invitation: Invitation, link: str) -> bool:
    """Send the mail after the commit; a mail server that is down must not lose the invitation."""
    try:
        send_invitation(invitation, link)
    except OSError as error:  # smtplib's errors are OSErrors too
        _log.warning("invitation not mailed", email=invitation.email, error=str(error))
        return False
    return True


@transaction.atomic
def accept_signed_in(*, invitation: Invitation, user: User, now: datetime) -> Member:
    """Accept with an existing account. Raises Refused when it has another address."""
    if user.email.lower() != invitation.email.lower():
        raise Refused(
            "email",
            _("This invitation is for %(email)s; sign in with that address.")
            % {"email": invitation.email},
        )
    _use(invitation, now=now)
    _audit("invitation.accepted", invitation, by=Actor.person(user), now=now)
    return add_member(
        organisation=invitation.organisation,
        user=user,
        role=invitation.role,
        by=Actor.person(user),
        now=now,
    )


@transaction.atomic
def accept_with_new_account(
    *, invitation: Invitation, name: str, password: str, language: str, now: datetime
) -> User:
    """Accept by making an account for the invited address: the mail has proved that it is theirs.

    Raises Refused naming email (has an account already), name or password.
    """
    user = create_account(
        email=invitation.email,
        name=name,
        password=password,
        language=language,
        by=Actor.system("invitation"),
        now=now,
    )
    accept_signed_in(invitation=invitation, user=user, now=now)
    return user


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: Actor, now: datetime) -> None:
    """Take an open invitation back; its link stops working."""
    changed = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=now)
    if not changed:
        raise Refused("invitation", _("This invitation is no longer open."))
    _audit("invitation.revoked", invitation, by=by, now=now)


def _use(invitation: Invitation, *, now: datetime) -> None:
    """Mark it used, once: two clicks at the same moment make one member."""
    changed = Invitation.objects.filter(
        pk=invitation.pk,
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=now,
    ).update(accepted_at=now)
    if not changed:
        raise Refused("invitation", _("This invitation is no longer open; ask for a new one."))


def _audit(action: str, invitation: Invitation, *, by: Actor, now: datetime) -> None:
    record(
        by=by,
        organisation=invitation.organisation,
        action=action,
        kind="invitation",
        key=invitation.email,
        now=now,
        role=invitation.role,
    )
