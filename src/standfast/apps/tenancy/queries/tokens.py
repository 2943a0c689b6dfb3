"""Reads of API tokens: by whom presents one, and by the organisation that has them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from standfast.apps.tenancy.errors import MissingScope, NoAccess
from standfast.apps.tenancy.models import ApiToken
from standfast.apps.tenancy.queries.access import Access, get_access_for
from standfast.apps.tenancy.roles import SCOPE_CAPABILITIES, TOKEN_SCOPES


def secret_digest(secret: str) -> str:
    """What is kept of a token's secret half (long and random: a fast hash is enough)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_for(bearer: str, *, scope: str, now: datetime) -> ApiToken:
    """The live token whose plain text is `bearer`, when it has `scope`.

    A token that acts for a person works only while the person may do it. Raises NoAccess alike for
    unknown, wrong, expired and revoked tokens, MissingScope for a genuine one without `scope`.
    """
    prefix, secret = _halves(bearer)
    token = (
        ApiToken.objects.filter(prefix=prefix).select_related("organisation", "user").first()
        if prefix
        else None
    )
    kept = token.secret_hash if token else secret_digest("")
    matches = hmac.compare_digest(kept, secret_digest(secret))
    if token is None or not matches or not _lives(token, now):
        raise NoAccess
    if not _allows(token, scope, now):
        raise MissingScope(scope)
    return token


def _halves(bearer: str) -> tuple[str, str]:
    kind, _, rest = bearer.partition("_")
    prefix, _, secret = rest.partition("_")
    return (prefix, secret) if kind == "sft" and prefix and secret else ("", "")


def _lives(token: ApiToken, now: datetime) -> bool:
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > now)


def _allows(token: ApiToken, scope: str, now: datetime) -> bool:
    face = TOKEN_SCOPES.get(scope)
    if face is None or scope not in token.scopes or face not in token.organisation.faces:
        return False
    if token.user is None:
        return True
    try:
        get_access_for(
            token.user,
            token.organisation.slug,
            face=face,
            needs=SCOPE_CAPABILITIES[scope],
            now=now,
        )
    except NoAccess:
        return False
    return True


def scopes_of_face(face: str) -> list[str]:
    """The scopes that a token of this face may have."""
    return [scope for scope, needed in TOKEN_SCOPES.items() if needed == face]


def tokens_of(access: Access) -> list[ApiToken]:
    """The organisation's tokens with a scope of the face, revoked ones last, newest first."""
    face = set(scopes_of_face(access.face))
    rows = ApiToken.objects.filter(organisation=access.organisation).select_related(
        "user", "created_by"
    )
    found = [token for token in rows if face.intersection(token.scopes)]
    return sorted(found, key=lambda token: token.revoked_at is not None)


def get_token_for(access: Access, token_id: int) -> ApiToken:
    """One of `tokens_of`. Raises NoAccess."""
    for token in tokens_of(access):
        if token.pk == token_id:
            return token
    raise NoAccess


def token_by_prefix(prefix: str) -> ApiToken | None:
    """For the operator's command: the token whose public half is `prefix`."""
    return ApiToken.objects.filter(prefix=prefix).select_related("organisation").first()


def all_tokens(*, organisation_slug: str | None = None) -> list[ApiToken]:
    """For the operator's command: every token, or those of one organisation."""
    rows = ApiToken.objects.select_related("organisation", "user")
    if organisation_slug is not None:
        rows = rows.filter(organisation__slug=organisation_slug)
    return list(rows.order_by("organisation__slug", "-created_at"))
