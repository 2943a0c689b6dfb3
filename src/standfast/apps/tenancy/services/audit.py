"""The audit log: every service that writes calls `record`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.models import AuditEntry, Organisation


def record(
    *,
    by: Actor,
    organisation: Organisation | None,
    action: str,
    kind: str,
    key: object,
    now: datetime,
    **details: Any,
) -> None:
    """Write one audit entry. `details` must be JSON and must not hold secrets."""
    AuditEntry.objects.create(
        at=now,
        organisation=organisation,
        user=by.user,
        actor=by.label[:200],
        action=action,
        object_kind=kind,
        object_key=str(key)[:100],
        details=details,
    )
