"""Deliveries as rows: many at once, each only once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from standfast.apps.delivery.models import Delivery, Notice
from standfast.apps.delivery.services.inserting import insert_rows

_COLUMNS = (
    *("notice_id", "subscription_id", "user_id", "channel", "address"),
    *("language", "reason", "idempotency_key", "because", "state"),
    *("held_until", "fallback_of_id", "next_attempt_at"),
)


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """One address that a notice goes to, for a subscription or for one of the provider's people.

    `key` makes it the same delivery however often it is planned. It is due at once, or held until
    `until`, or stands by for the delivery with the key `stands_by_for`.
    """

    subscription_id: int | None
    user_id: int | None
    channel: str
    address: str
    language: str
    reason: str
    key: str
    because: Mapping[str, Any] = field(default_factory=dict)
    until: datetime | None = None
    stands_by_for: str = ""


def write_deliveries(*, notice: Notice, drafts: Iterable[DeliveryDraft], now: datetime) -> int:
    """Store the deliveries; one whose key exists already is left as it is."""
    drafts = list(drafts)
    _write(notice, [draft for draft in drafts if not draft.stands_by_for], {}, now)
    waiting = [draft for draft in drafts if draft.stands_by_for]
    while waiting:  # a second one that stands by does so for the first
        keys = {draft.stands_by_for for draft in waiting}
        rows = Delivery.objects.filter(notice=notice, idempotency_key__in=keys)
        stored = dict(rows.values_list("idempotency_key", "id"))
        ready = [draft for draft in waiting if draft.stands_by_for in stored]
        _write(notice, ready or waiting, stored, now)
        waiting = [draft for draft in waiting if draft not in ready] if ready else []
    return len(drafts)


def _write(
    notice: Notice, drafts: Iterable[DeliveryDraft], stored: Mapping[str, int], now: datetime
) -> None:
    rows = (
        (
            *(notice.pk, draft.subscription_id, draft.user_id, draft.channel, draft.address),
            *(draft.language, draft.reason, draft.key, dict(draft.because), _state(draft)),
            *(draft.until, stored.get(draft.stands_by_for)),
            now if _state(draft) == "pending" else None,
        )
        for draft in drafts
    )
    insert_rows(Delivery, _COLUMNS, rows, ignore_conflicts=True)


def _state(draft: DeliveryDraft) -> str:
    if draft.stands_by_for:
        return "standby"
    return "held" if draft.until else "pending"
