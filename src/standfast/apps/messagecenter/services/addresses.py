"""Unguessable addresses: made, shown once, noted when read, revoked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from standfast.apps.messagecenter.models import FeedAddress
from standfast.apps.messagecenter.queries.addresses import addresses_of, secret_digest
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.queries.access import Access
from standfast.apps.tenancy.services import checks
from standfast.apps.tenancy.services.audit import record

MOST = 20
_NOTE_EVERY = timedelta(minutes=5)


@transaction.atomic
def make_address(
    *, access: Access, name: str, language: str, now: datetime
) -> tuple[FeedAddress, str]:
    """Make an address for the person and return it with its secret, which nobody can read again.

    Raises Refused (name, language).
    """
    if language not in LANGUAGES:
        raise Refused("language", _("Choose one of the languages offered."))
    if len(addresses_of(access)) >= MOST:
        raise Refused("name", _("You have many addresses; revoke those that you no longer use."))
    secret = secrets.token_urlsafe(32)
    address = FeedAddress.objects.create(
        organisation=access.organisation,
        user=access.user,
        name=checks.plain_line("name", name, longest=100),
        secret_hash=secret_digest(secret),
        hint=secret[:4],
        language=language,
        created_at=now,
    )
    _audit("feed_address.made", address, access, now)
    return address, secret


@transaction.atomic
def revoke_address(*, address: FeedAddress, access: Access, now: datetime) -> None:
    """End an address at once; programs that still ask find nothing."""
    live = FeedAddress.objects.filter(pk=address.pk, revoked_at__isnull=True)
    if live.update(revoked_at=now):
        _audit("feed_address.revoked", address, access, now)


def note_read(*, address: FeedAddress, now: datetime) -> None:
    """Remember that a program read it, at most once in some minutes."""
    if address.last_read_at is None or now - address.last_read_at >= _NOTE_EVERY:
        stale = Q(last_read_at__isnull=True) | Q(last_read_at__lte=now - _NOTE_EVERY)
        FeedAddress.objects.filter(stale, pk=address.pk).update(last_read_at=now)


def _audit(action: str, address: FeedAddress, access: Access, now: datetime) -> None:
    record(
        by=access.actor,
        organisation=access.organisation,
        action=action,
        kind="feed_address",
        key=address.pk,
        now=now,
        name=address.name,
    )
