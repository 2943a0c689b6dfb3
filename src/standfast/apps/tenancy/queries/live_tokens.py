"""Live tokens of tenants' own programs, for the board of the front: hashes only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from standfast.apps.tenancy.models import ApiToken


@dataclass(frozen=True, slots=True)
class LiveToken:
    """A token with what a reader needs to know of its tenant."""

    token_id: int
    prefix: str
    secret_hash: str
    expires_at: datetime | None
    organisation_id: int
    number: int
    slug: str
    name: str
    language: str
    since: datetime


_COLUMNS = (
    *("id", "prefix", "secret_hash", "expires_at", "organisation_id"),
    *("organisation__number", "organisation__slug", "organisation__name"),
    *("organisation__language", "organisation__created_at"),
)


def live_tokens(scope: str, *, only: Q | None = None) -> Iterator[LiveToken]:
    """Tokens with this scope that act for no person, of organisations that are tenants now.

    A token that acts for a person depends on what that person may do at the moment.
    """
    rows: Any = ApiToken.objects.filter(
        revoked_at__isnull=True,
        user__isnull=True,
        organisation__is_tenant=True,
        organisation__number__isnull=False,
    )
    if only is not None:
        rows = rows.filter(only)
    for scopes, *columns in rows.values_list("scopes", *_COLUMNS).iterator(chunk_size=2_000):
        if scope in scopes:
            yield LiveToken(*columns)
