"""The outbox: what happened, written in the transaction that made it happen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from standfast.apps.tenancy.models import OutboxEvent


def announce(*, kind: str, now: datetime, **payload: Any) -> OutboxEvent:
    """Write one event. Raises RuntimeError outside a transaction, where it could get lost."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"The event {kind} must be written inside the transaction that made it.")
    return OutboxEvent.objects.create(kind=kind, payload=payload, created_at=now)
