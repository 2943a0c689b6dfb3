"""Deliveries as rows: many at once, each only once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from standfast.apps.delivery.models import Delivery, Notice

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """One address that a notice goes to, for a subscription or for one of the provider's people.

    `key` makes it the same delivery however often it is planned.
    """

    subscription_id: int | None
    user_id: int | None
    channel: str
    address: str
    language: str
    reason: str
    key: str


def write_deliveries(*, notice: Notice, drafts: Iterable[DeliveryDraft], now: datetime) -> int:
    """Store the deliveries, due at once; one whose key exists already is left as it is."""
    rows = [
        Delivery(
            notice=notice,
            subscription_id=draft.subscription_id,
            user_id=draft.user_id,
            channel=draft.channel,
            address=draft.address,
            language=draft.language,
            reason=draft.reason,
            idempotency_key=draft.key,
            next_attempt_at=now,
        )
        for draft in drafts
    ]
    Delivery.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    return len(rows)
