"""API tokens: `sft_<prefix>_<secret>`, shown once, kept as a hash, scoped and expiring."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import ApiToken, Organisation, User
from standfast.apps.tenancy.queries.access import get_access_for
from standfast.apps.tenancy.queries.tokens import secret_digest, token_for
from standfast.apps.tenancy.roles import SCOPE_CAPABILITIES, TOKEN_SCOPES
from standfast.apps.tenancy.services import checks
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.outbox import announce

GOOD_FOR = timedelta(days=365)
_LETTERS = string.ascii_lowercase + string.digits
_NOTE_EVERY = timedelta(minutes=1)
_NOTE_AT_ONCE = 500


@transaction.atomic
def create_token(
    *,
    organisation: Organisation,
    name: str,
    scopes: Iterable[str],
    by: Actor,
    now: datetime,
    user: User | None = None,
    expires_in: timedelta | None = GOOD_FOR,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its plain text, which nobody can read again.

    `user` is whom it acts for (never more than that person may do); None is a program of its own.
    `expires_in` None is a token without an end. Raises Refused (name, scopes, user, expires_in).
    """
    if expires_in is not None and expires_in <= timedelta(0):
        raise Refused("expires_in", _("Choose at least one day."))
    prefix = "".join(secrets.choice(_LETTERS) for _digit in range(10))
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        organisation=organisation,
        user=user,
        name=checks.plain_line("name", name, longest=100),
        prefix=prefix,
        secret_hash=secret_digest(secret),
        scopes=_fitting_scopes(organisation, scopes, user=user, now=now),
        created_by=by.user,
        created_at=now,
        expires_at=now + expires_in if expires_in is not None else None,
    )
    _audit("token.created", token, by=by, now=now)
    announce(kind="token.created", now=now, token_id=token.pk)
    return token, f"sft_{prefix}_{secret}"


def _fitting_scopes(
    organisation: Organisation, scopes: Iterable[str], *, user: User | None, now: datetime
) -> list[str]:
    wanted = list(dict.fromkeys(scopes))
    fitting = [scope for scope, face in TOKEN_SCOPES.items() if face in organisation.faces]
    unknown = [scope for scope in wanted if scope not in fitting]
    if unknown or not wanted:
        raise Refused(
            "scopes",
            _("%(unknown)s: choose one or more of: %(fitting)s.")
            % {"unknown": ", ".join(unknown) or "—", "fitting": ", ".join(fitting) or "—"},
        )
    if user is None:
        return wanted
    for scope in wanted:
        try:
            get_access_for(
                user,
                organisation.slug,
                face=TOKEN_SCOPES[scope],
                needs=SCOPE_CAPABILITIES[scope],
                now=now,
            )
        except NoAccess as refused:
            raise Refused(
                "user",
                _("%(email)s may not do what %(scope)s allows; give the role first.")
                % {"email": user.email, "scope": scope},
            ) from refused
    return wanted


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Actor, now: datetime) -> None:
    """End a token at once. Raises Refused when it has ended already."""
    changed = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now)
    if not changed:
        raise Refused("token", _("This token has been revoked already."))
    _audit("token.revoked", token, by=by, now=now)
    announce(kind="token.revoked", now=now, token_id=token.pk)


def admit(*, bearer: str, scope: str, now: datetime) -> ApiToken:
    """Return the live token behind `bearer` and note its use, at most once a minute.

    Raises NoAccess as `queries.tokens.token_for` does.
    """
    token = token_for(bearer, scope=scope, now=now)
    if token.last_used_at is None or now - token.last_used_at >= _NOTE_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - _NOTE_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token


def note_use(*, token_ids: Iterable[int], now: datetime) -> None:
    """Note that programs used these tokens, as `admit` does; for the front, which asks no row."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - _NOTE_EVERY)
    ids = list(token_ids)
    for start in range(0, len(ids), _NOTE_AT_ONCE):
        part = ids[start : start + _NOTE_AT_ONCE]
        ApiToken.objects.filter(stale, pk__in=part).update(last_used_at=now)


def _audit(action: str, token: ApiToken, *, by: Actor, now: datetime) -> None:
    record(
        by=by,
        organisation=token.organisation,
        action=action,
        kind="token",
        key=token.prefix,
        now=now,
        name=token.name,
        scopes=token.scopes,
        acts_for=token.user.email if token.user else None,
    )
