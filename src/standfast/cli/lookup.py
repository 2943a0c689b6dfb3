"""Turning what an operator typed into stored things, or an error that names the option."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.apps.tenancy.errors import Refused

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import Organisation, User


def organisation_named(slug: str, *, option: str = "organisation") -> Organisation:
    """The organisation with this short name. Raises Refused."""
    from standfast.apps.tenancy.queries.organisations import organisation_by_slug

    found = organisation_by_slug(slug)
    if found is None:
        raise Refused(
            option, f"there is no organisation “{slug}”; see `standfast organisation list`."
        )
    return found


def person_named(email: str, *, option: str = "user") -> User:
    """The account with this address. Raises Refused."""
    from standfast.apps.tenancy.queries.members import user_by_email

    found = user_by_email(email)
    if found is None:
        raise Refused(
            option, f"there is no account “{email}”; make one with `standfast user create`."
        )
    return found
