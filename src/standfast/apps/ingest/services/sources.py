"""Sources: created with a credential that is shown once, rotated, switched off."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from standfast.apps.ingest.models import AlertSource
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.sealing import seal
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.checks import plain_line
from standfast.channels.webhook.signing import make_secret
from standfast.feeds.errors import FeedError
from standfast.feeds.registry import get_feed

OLD_GOOD_FOR = timedelta(hours=24)


@transaction.atomic
def create_source(
    *, provider: Organisation, name: str, kind: str, by: Actor, now: datetime
) -> tuple[AlertSource, str]:
    """Make a source; returns it with its bearer token or signing secret, which is shown once.

    Raises Refused (name, kind).
    """
    line = plain_line("name", name, longest=100)
    try:
        feed = get_feed(kind)
    except FeedError as error:
        raise Refused("kind", _("Choose one of the kinds offered.")) from error
    credential = _new_credential(signed=feed.signed)
    source = AlertSource.objects.create(
        provider=provider,
        key=f"{slugify(line)[:30] or 'source'}-{secrets.token_hex(4)}",
        name=line,
        kind=kind,
        token_hash="" if feed.signed else credential_hash(credential),
        secret=seal(credential) if feed.signed else "",
        created_at=now,
    )
    _audit("source.created", source, by, now)
    return source, credential


@transaction.atomic
def rotate_credential(*, source: AlertSource, by: Actor, now: datetime) -> str:
    """Make a new token or secret and return it, once. The old one works for 24 hours more."""
    row = _locked(source)
    signed = get_feed(row.kind).signed
    credential = _new_credential(signed=signed)
    row.token_hash_before, row.secret_before = row.token_hash, row.secret
    row.before_until = now + OLD_GOOD_FOR
    row.token_hash = "" if signed else credential_hash(credential)
    row.secret = seal(credential) if signed else ""
    row.save()
    _audit("source.credential_rotated", row, by, now)
    return credential


@transaction.atomic
def change_source(
    *, source: AlertSource, name: str, is_active: bool, by: Actor, now: datetime
) -> AlertSource:
    """Rename a source, or let it be heard or not. Raises Refused (name)."""
    row = _locked(source)
    row.name = plain_line("name", name, longest=100)
    row.is_active = is_active
    row.save(update_fields=["name", "is_active"])
    _audit("source.changed", row, by, now, is_active=is_active)
    return row


@transaction.atomic
def delete_source(*, source: AlertSource, by: Actor, now: datetime) -> None:
    """Remove a source with its rules, its log and its alerts; issues stay."""
    _audit("source.deleted", source, by, now)
    AlertSource.objects.filter(pk=source.pk).delete()


def credential_hash(credential: str) -> str:
    """What is kept of a bearer token (long and random: a fast hash is enough)."""
    return hashlib.sha256(credential.encode()).hexdigest()


def _new_credential(*, signed: bool) -> str:
    if signed:
        return make_secret(secrets.token_bytes(32))
    return f"sfi_{secrets.token_urlsafe(32)}"


def _locked(source: AlertSource) -> AlertSource:
    row = AlertSource.objects.select_for_update().filter(pk=source.pk).first()
    if row is None:
        raise NoAccess
    return row


def _audit(action: str, source: AlertSource, by: Actor, now: datetime, **details: object) -> None:
    record(
        by=by,
        organisation=source.provider,
        action=action,
        kind="alert source",
        key=source.key,
        now=now,
        name=source.name,
        **details,
    )
