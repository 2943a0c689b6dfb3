"""Reads of members, within one face of one organisation."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.db.models import Q

from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Member, Organisation, User
from standfast.apps.tenancy.queries.access import FACES, Access

PAGE_SIZE = 50


def members_of(access: Access, *, search: str = "", page: int | str = 1) -> Page[Member]:
    """Members with a role of the face, by name; `search` looks in names and addresses."""
    rows = Member.objects.filter(
        organisation=access.organisation, role__in=list(FACES[access.face])
    ).select_related("user")
    if text := search.strip():
        rows = rows.filter(Q(user__name__icontains=text) | Q(user__email__icontains=text))
    return Paginator(rows.order_by("user__name", "user__email", "role"), PAGE_SIZE).get_page(page)


def get_member_for(access: Access, member_id: int) -> Member:
    """A member with a role of the face. Raises NoAccess."""
    found = (
        Member.objects.filter(
            pk=member_id, organisation=access.organisation, role__in=list(FACES[access.face])
        )
        .select_related("user", "organisation")
        .first()
    )
    if found is None:
        raise NoAccess
    return found


def people_with_role(organisation: Organisation, *roles: str) -> list[User]:
    """The active people who have one of `roles` in the organisation."""
    return list(
        User.objects.filter(
            is_active=True, memberships__organisation=organisation, memberships__role__in=roles
        )
        .distinct()
        .order_by("email")
    )


def user_by_email(email: str) -> User | None:
    """The account with this address, in any spelling of case."""
    return User.objects.filter(email__iexact=email.strip()).first()
