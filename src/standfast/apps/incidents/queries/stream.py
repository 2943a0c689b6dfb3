"""What open pages should hear of: outbox events about issues, with who may see each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from pyroaring import BitMap

from standfast.apps.incidents.models import AudienceVersion, Issue
from standfast.apps.tenancy.models import OutboxEvent

# A transaction that took a lower id may commit later: so many ids are looked at again.
OVERLAP = 200
# Which bitmap of the audience version is meant by an event's group.
GROUPS = {"all": "tenants", "stayed": "tenants", "added": "added", "released": "released"}


@dataclass(frozen=True, slots=True)
class StreamItem:
    """One event for open pages. `tenants` holds the tenant numbers that may see it."""

    event_id: int
    kind: str
    issue: Issue
    tenants: BitMap


def newest_event_id() -> int:
    """The id of the newest outbox row, 0 when there is none."""
    return OutboxEvent.objects.aggregate(last=Max("id"))["last"] or 0


def events_beyond(seen: set[int]) -> list[StreamItem]:
    """Events about issues that are not in `seen`, oldest first; `seen` is brought up to date."""
    since = max(seen, default=0) - OVERLAP
    rows = list(OutboxEvent.objects.filter(pk__gt=since).values_list("id", "kind", "payload"))
    fresh = [row for row in rows if row[0] not in seen]
    if not fresh:
        return []
    seen.clear()
    seen.update(row[0] for row in rows)
    issues = Issue.objects.select_related("service", "provider", "feature").in_bulk(
        [payload["issue_id"] for _, _, payload in fresh if "issue_id" in payload]
    )
    return [
        StreamItem(event_id, kind, issues[payload["issue_id"]], _tenants(payload))
        for event_id, kind, payload in fresh
        if payload.get("issue_id") in issues
    ]


def _tenants(payload: dict[str, Any]) -> BitMap:
    column = GROUPS.get(str(payload.get("group", "")))
    if column is None:
        return BitMap()
    blobs = AudienceVersion.objects.filter(pk=payload["audience_id"]).values_list(column, "added")
    blob, added = blobs.get()
    tenants = BitMap.deserialize(bytes(blob)) if blob else BitMap()
    return tenants - BitMap.deserialize(bytes(added)) if payload["group"] == "stayed" else tenants
