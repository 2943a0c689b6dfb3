"""Drafts of maintenance: written, changed and thrown away before anybody is told."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from standfast.apps.messagecenter.models import Maintenance
from standfast.apps.messagecenter.services.fields import (
    MaintenanceFields,
    check_fields,
    write_fields,
)
from standfast.apps.messagecenter.services.locking import locked
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record

FIRST_NUMBER = 100_000


@transaction.atomic
def create_maintenance(
    *, provider: Organisation, fields: MaintenanceFields, by: Actor, now: datetime
) -> Maintenance:
    """Store a draft that no tenant sees, with the next id (MC100042).

    Raises Refused for the first field that cannot be used.
    """
    fields = check_fields(fields, provider=provider, now=now)
    maintenance = Maintenance.objects.create(
        provider=provider,
        reference=f"~{uuid.uuid4().hex[:18]}",
        kind="maintenance",
        modified_at=now,
        created_by=by.user,
    )
    write_fields(maintenance, fields)
    maintenance.reference = f"MC{FIRST_NUMBER + maintenance.pk}"
    maintenance.save()
    _audit(maintenance, "maintenance.drafted", by, now)
    return maintenance


@transaction.atomic
def edit_draft(
    *,
    maintenance: Maintenance,
    version: int | None,
    fields: MaintenanceFields,
    by: Actor,
    now: datetime,
) -> Maintenance:
    """Change a draft. Raises Refused, or Conflict when it changed meanwhile."""
    row = locked(maintenance, version=version, states={"draft"})
    fields = check_fields(fields, provider=row.provider, now=now)
    changed = write_fields(row, fields)
    row.version += 1
    row.modified_at = now
    row.save()
    _audit(row, "maintenance.edited", by, now, changed=changed)
    return row


@transaction.atomic
def discard_draft(*, maintenance: Maintenance, by: Actor, now: datetime) -> None:
    """Throw a draft away; nobody was told of it."""
    row = locked(maintenance, version=None, states={"draft"})
    _audit(row, "maintenance.discarded", by, now, title=row.title)
    row.delete()


def _audit(maintenance: Maintenance, action: str, by: Actor, now: datetime, **more: object) -> None:
    record(
        by=by,
        organisation=maintenance.provider,
        action=action,
        kind="message",
        key=maintenance.reference,
        now=now,
        **more,
    )
