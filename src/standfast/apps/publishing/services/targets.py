"""The configured targets as rows, and asking for a write at once."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction

from standfast.apps.publishing.models import Target
from standfast.apps.publishing.queries.changes import WANTED
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.outbox import announce
from standfast.bundle.store import without_secrets


def configured() -> list[str]:
    """The addresses of the targets as configured."""
    return list(settings.STANDFAST_BACKUP_TARGETS)


def store_targets() -> list[tuple[Target, str]]:
    """A row for each configured target with its address; rows of others are removed."""
    found = []
    for position, address in enumerate(configured()):
        key = hashlib.sha256(address.encode()).hexdigest()
        row, _made = Target.objects.update_or_create(
            key=key,
            defaults={"address": without_secrets(address)[:500], "position": position},
        )
        found.append((row, address))
    Target.objects.exclude(pk__in=[row.pk for row, _ in found]).delete()
    return found


@transaction.atomic
def want_write(*, organisation: Organisation, by: Actor, now: datetime) -> None:
    """Ask the workers to write every target now, those that wait after a failure as well."""
    announce(kind=WANTED, now=now)
    record(
        by=by,
        organisation=organisation,
        action="backup_site.write_wanted",
        kind="backup_site",
        key="all",
        now=now,
    )
