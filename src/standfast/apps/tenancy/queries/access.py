"""The only door to an organisation: who may do what there, and in which of its faces.

A person without access gets `NoAccess`, whether the organisation exists or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Delegation, Member, Organisation, User
from standfast.apps.tenancy.roles import (
    DELEGATED_ROLES,
    PARTNER_ROLES,
    PROVIDER_ROLES,
    TENANT_ROLES,
)

FACES = {"provider": PROVIDER_ROLES, "tenant": TENANT_ROLES, "partner": PARTNER_ROLES}
_CACHE = "_standfast_memberships"


@dataclass(frozen=True, slots=True)
class Access:
    """What a person may do in one face of one organisation. `via` is the partner, if any."""

    user: User
    organisation: Organisation
    face: str
    roles: tuple[str, ...]
    capabilities: frozenset[str]
    via: Organisation | None = None

    def may(self, capability: str) -> bool:
        return capability in self.capabilities

    @property
    def actor(self) -> Actor:
        """The person as the writer of what follows, named with the partner where there is one."""
        return Actor.person(self.user, acting_for=self.via.name if self.via else "")


def memberships_of(user: User) -> list[Member]:
    """The person's memberships with their organisations; read once a request."""
    if not hasattr(user, _CACHE):
        rows = Member.objects.filter(user=user).select_related("organisation")
        setattr(user, _CACHE, list(rows.order_by("organisation__name", "id")))
    members: list[Member] = getattr(user, _CACHE)
    return members


def accesses_of(user: User) -> list[Access]:
    """Every face of every organisation that the person is a member of (no delegations)."""
    found: list[Access] = []
    for face, roles in FACES.items():
        by_organisation: dict[int, list[Member]] = {}
        for member in memberships_of(user):
            if member.role in roles and getattr(member.organisation, f"is_{face}"):
                by_organisation.setdefault(member.organisation_id, []).append(member)
        for members in by_organisation.values():
            names = tuple(member.role for member in members)
            may = frozenset[str]().union(*(roles[name] for name in names))
            found.append(Access(user, members[0].organisation, face, names, may))
    return found


def delegations_to(partner: Organisation, *, now: datetime) -> list[Delegation]:
    """The partner's live delegations, by the tenant's name."""
    live = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    rows = Delegation.objects.filter(live, partner=partner, revoked_at__isnull=True)
    return list(rows.select_related("tenant").order_by("tenant__name"))


def get_access_for(
    user: User | AnonymousUser, slug: str, *, face: str, needs: str, now: datetime
) -> Access:
    """Return the person's access to the organisation `slug` in `face`, if it includes `needs`.

    Raises NoAccess when the organisation does not exist or the person may not do this there.
    """
    if not isinstance(user, User) or not user.is_active:
        raise NoAccess
    own = [
        access
        for access in accesses_of(user)
        if access.face == face and access.organisation.slug == slug
    ]
    for access in own:
        if access.may(needs):
            return access
    if face == "tenant":
        delegated = _delegated_access(user, slug, now=now)
        if delegated and delegated.may(needs):
            return delegated
    raise NoAccess


def _delegated_access(user: User, slug: str, *, now: datetime) -> Access | None:
    for partner in (access for access in accesses_of(user) if access.face == "partner"):
        if not partner.may("customers.read"):
            continue
        live = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        delegation = (
            Delegation.objects.filter(
                live, partner=partner.organisation, revoked_at__isnull=True, tenant__slug=slug
            )
            .select_related("tenant")
            .first()
        )
        if delegation and delegation.tenant.is_tenant:
            may = DELEGATED_ROLES.get(delegation.role, frozenset())
            return Access(
                user, delegation.tenant, "tenant", (delegation.role,), may, partner.organisation
            )
    return None
