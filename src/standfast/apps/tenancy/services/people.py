"""Accounts and what people choose about themselves."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import User
from standfast.apps.tenancy.services import checks
from standfast.apps.tenancy.services.audit import record


@transaction.atomic
def create_account(
    *,
    email: str,
    password: str,
    by: Actor,
    now: datetime,
    name: str = "",
    language: str = "",
    time_zone: str = "",
    superuser: bool = False,
) -> User:
    """Make an account whose address somebody vouches for: an invitation, or the operator.

    Raises Refused naming email, password, name, language or time_zone.
    """
    user = User(
        email=checks.email_address("email", email),
        name=checks.plain_line("name", name, longest=150, required=False),
        language=checks.known_language("language", language, required=False),
        time_zone=checks.known_zone("time_zone", time_zone, required=False),
        is_superuser=superuser,
        date_joined=now,
    )
    if User.objects.filter(email__iexact=user.email).exists():
        raise Refused(
            "email", _("%(email)s has an account already; sign in with it.") % {"email": user.email}
        )
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("password", " ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    # Single sign-on trusts verified addresses only, and would drop the password of others.
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record(
        by=by,
        organisation=None,
        action="account.created",
        kind="user",
        key=user.email,
        now=now,
        superuser=superuser,
    )
    return user


@transaction.atomic
def choose_language(*, user: User, language: str, now: datetime) -> None:
    """Keep the language that a person chose with the switch."""
    _change(user, now=now, language=checks.known_language("language", language))


@transaction.atomic
def update_profile(*, user: User, name: str, language: str, time_zone: str, now: datetime) -> None:
    """Change a person's name, language ('' = the browser's) and time zone ('' = the browser's)."""
    _change(
        user,
        now=now,
        name=checks.plain_line("name", name, longest=150, required=False),
        language=checks.known_language("language", language, required=False),
        time_zone=checks.known_zone("time_zone", time_zone, required=False),
    )


def _change(user: User, *, now: datetime, **wanted: str) -> None:
    changes = {field: value for field, value in wanted.items() if getattr(user, field) != value}
    if not changes:
        return
    for field, value in changes.items():
        setattr(user, field, value)
    user.save(update_fields=list(changes))
    record(
        by=Actor.person(user),
        organisation=None,
        action="profile.updated",
        kind="user",
        key=user.email,
        now=now,
        after=changes,
    )
