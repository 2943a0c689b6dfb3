"""The cast of the tenancy tests: a bank, its provider, its partner, and Alice and Bob."""

from __future__ import annotations

from datetime import UTC, datetime

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.models import Organisation, User
from standfast.apps.tenancy.queries.access import Access, get_access_for
from standfast.apps.tenancy.services.members import add_member
from standfast.apps.tenancy.services.organisations import create_organisation
from standfast.apps.tenancy.services.people import create_account

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BY = Actor.system("test")
PASSWORD = "correct horse battery staple"


def found(slug: str, *faces: str, name: str = "") -> Organisation:
    return create_organisation(
        slug=slug, name=name or slug.title(), faces=faces or ("tenant",), by=BY, now=NOW
    )


def person(name: str, *roles: tuple[Organisation, str]) -> User:
    """Make an account `<name>@example.com` with these roles."""
    user = create_account(email=f"{name}@example.com", password=PASSWORD, by=BY, now=NOW)
    for organisation, role in roles:
        add_member(organisation=organisation, user=user, role=role, by=BY, now=NOW)
    return user


def access_of(user: User, organisation: Organisation, face: str, needs: str) -> Access:
    """The person's access, read anew (memberships are kept on the user for a request)."""
    fresh = User.objects.get(pk=user.pk)
    return get_access_for(fresh, organisation.slug, face=face, needs=needs, now=NOW)
