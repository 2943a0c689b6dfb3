"""People who may still be told: those who have lost their access to an organisation are not."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Q

from standfast.apps.delivery.models import Subscription
from standfast.apps.tenancy.models import Delegation, Member
from standfast.apps.tenancy.queries.access import FACES
from standfast.apps.tenancy.roles import DELEGATED_ROLES


def with_access(pairs: set[tuple[int, int]], *, now: datetime) -> set[tuple[int, int]]:
    """Those pairs of organisation and person who may subscribe there, as members or partners."""
    if not pairs:
        return set()
    organisations = {organisation for organisation, _ in pairs}
    people = {user for _, user in pairs}
    tenant_roles = [name for name, may in FACES["tenant"].items() if "subscription.own" in may]
    members = Member.objects.filter(
        organisation__in=organisations,
        user__in=people,
        role__in=[*tenant_roles, *FACES["provider"]],
    )
    allowed = pairs & set(members.values_list("organisation_id", "user_id"))
    return allowed | _delegates(pairs - allowed, now=now)


def without_access(subscriptions: set[int], *, now: datetime) -> set[int]:
    """Those of these subscriptions whose person may not be told any more."""
    own = Subscription.objects.filter(pk__in=subscriptions, user__isnull=False)
    rows = list(own.values_list("id", "organisation_id", "user_id", "user__is_active"))
    pairs = {(place, user) for _, place, user, active in rows if active and user is not None}
    allowed = with_access(pairs, now=now)
    return {pk for pk, place, user, _ in rows if (place, user) not in allowed}


def _delegates(pairs: set[tuple[int, int]], *, now: datetime) -> set[tuple[int, int]]:
    if not pairs:
        return set()
    live = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    roles = [name for name, may in DELEGATED_ROLES.items() if "subscription.own" in may]
    delegations = Delegation.objects.filter(
        live,
        tenant__in={organisation for organisation, _ in pairs},
        revoked_at__isnull=True,
        role__in=roles,
    ).values_list("tenant_id", "partner_id")
    partners: dict[int, set[int]] = defaultdict(set)
    for tenant, partner in delegations:
        partners[partner].add(tenant)
    agents = Member.objects.filter(
        organisation__in=list(partners),
        user__in={user for _, user in pairs},
        role__in=list(FACES["partner"]),
    ).values_list("organisation_id", "user_id")
    return pairs & {(tenant, user) for partner, user in agents for tenant in partners[partner]}
