"""Members and their roles. Every face of an organisation keeps somebody who can manage it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import ApiToken, Member, Organisation, User
from standfast.apps.tenancy.roles import LEADING_ROLES, ROLE_NAMES
from standfast.apps.tenancy.services import checks
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.outbox import announce


@transaction.atomic
def add_member(
    *, organisation: Organisation, user: User, role: str, by: Actor, now: datetime
) -> Member:
    """Give a person a role; having it already is fine. Raises Refused when no face has the role."""
    role = checks.fitting_role(organisation, role)
    member, added = Member.objects.get_or_create(
        user=user, organisation=organisation, role=role, defaults={"created_at": now}
    )
    if added:
        _log("member.added", member, by=by, now=now)
        announce(kind="member.added", now=now, member_id=member.pk)
    return member


@transaction.atomic
def change_role(*, member: Member, role: str, by: Actor, now: datetime) -> Member:
    """Replace one role of a person by another. Raises Refused for the last owner of a face."""
    organisation = _locked(member.organisation_id)
    role = checks.fitting_role(organisation, role)
    before = member.role
    if role == before:
        return member
    _keep_a_leader(member)
    if Member.objects.filter(user=member.user, organisation=organisation, role=role).exists():
        raise Refused("role", _("This person has that role already; remove the other one instead."))
    member.role = role
    member.save(update_fields=["role"])
    _log("member.role_changed", member, by=by, now=now, before=before)
    _announce_loss(member, now)
    return member


@transaction.atomic
def remove_member(*, member: Member, by: Actor, now: datetime) -> None:
    """Take a role away; with the last one the person's tokens here end too.

    Raises Refused for the last owner of a face.
    """
    organisation = _locked(member.organisation_id)
    _keep_a_leader(member)
    _log("member.removed", member, by=by, now=now)
    _announce_loss(member, now)
    member.delete()
    if not Member.objects.filter(user=member.user, organisation=organisation).exists():
        ApiToken.objects.filter(
            organisation=organisation, user=member.user, revoked_at__isnull=True
        ).update(revoked_at=now)


def _announce_loss(member: Member, now: datetime) -> None:
    """For what must not reach the person any more."""
    announce(
        kind="member.lost_role",
        now=now,
        organisation_id=member.organisation_id,
        user_id=member.user_id,
    )


def _locked(organisation_id: int) -> Organisation:
    """Lock the organisation, so that two owners cannot remove each other at the same moment."""
    return Organisation.objects.select_for_update().get(pk=organisation_id)


def _keep_a_leader(member: Member) -> None:
    if member.role not in LEADING_ROLES:
        return
    others = Member.objects.filter(
        organisation=member.organisation_id, role=member.role, user__is_active=True
    ).exclude(pk=member.pk)
    if not others.exists():
        raise Refused(
            "role",
            _("This is the last person with the role “%(role)s”; give it to somebody else first.")
            % {"role": ROLE_NAMES[member.role]},
        )


def _log(action: str, member: Member, *, by: Actor, now: datetime, **details: str) -> None:
    record(
        by=by,
        organisation=member.organisation,
        action=action,
        kind="member",
        key=member.user.email,
        now=now,
        role=member.role,
        **details,
    )
