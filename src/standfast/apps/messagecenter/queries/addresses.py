"""Who reads under an unguessable address: its owner, as long as the owner may."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from standfast.apps.messagecenter.models import FeedAddress
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.queries.access import Access, get_access_for

MOST_SECRET = 100


@dataclass(frozen=True, slots=True)
class FeedReader:
    """A program that reads for a person: the address it came to and what that person may."""

    address: FeedAddress
    access: Access


def secret_digest(secret: str) -> str:
    """What is kept of an address (long and random: a fast hash is enough)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def reader_of(secret: str, *, now: datetime) -> FeedReader:
    """The reader behind the secret. Raises NoAccess alike for an unknown and a revoked one, and
    when its owner has lost the access.
    """
    rows = FeedAddress.objects.select_related("organisation", "user")
    digest = secret_digest(secret[:MOST_SECRET])
    found = rows.filter(secret_hash=digest, revoked_at__isnull=True).first()
    if found is None:
        raise NoAccess
    slug = found.organisation.slug
    access = get_access_for(found.user, slug, face="tenant", needs="health.read", now=now)
    return FeedReader(found, access)


def addresses_of(access: Access) -> list[FeedAddress]:
    """The person's own live addresses in the organisation, newest first."""
    rows = FeedAddress.objects.filter(organisation=access.organisation, user=access.user)
    return list(rows.filter(revoked_at__isnull=True))


def get_address_for(access: Access, address_id: int) -> FeedAddress:
    """One of `addresses_of`. Raises NoAccess."""
    for each in addresses_of(access):
        if each.pk == address_id:
            return each
    raise NoAccess
