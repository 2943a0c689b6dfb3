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


@dataclass(frozen=True, slots=True)
class News:
    """One outbox row."""

    event_id: int
    kind: str
    payload: dict[str, Any]


def newest_event_id() -> int:
    """The id of the newest outbox row, 0 when there is none."""
    return OutboxEvent.objects.aggregate(last=Max("id"))["last"] or 0


def events_beyond(seen: set[int]) -> list[StreamItem]:
    """Events about issues that are not in `seen`, oldest first; `seen` is brought up to date."""
    return stream_items(rows_beyond(seen))


def rows_beyond(seen: set[int]) -> list[News]:
    """All events that are not in `seen`, oldest first; `seen` is brought up to date."""
    since = max(seen, default=0) - OVERLAP
    ids = set(OutboxEvent.objects.filter(pk__gt=since).values_list("id", flat=True))
    fresh = ids - seen
    if not fresh:  # nearly always, several times a second
        return []
    rows = OutboxEvent.objects.filter(pk__in=fresh).order_by("id")
    news = [News(*row) for row in rows.values_list("id", "kind", "payload")]
    seen.clear()
    seen.update(ids)
    return news


def stream_items(fresh: list[News]) -> list[StreamItem]:
    """Those of the events that open pages should hear of."""
    wanted = [news.payload["issue_id"] for news in fresh if "issue_id" in news.payload]
    if not wanted:
        return []
    issues = Issue.objects.select_related("service", "provider", "feature").in_bulk(wanted)
    return [
        StreamItem(
            news.event_id, news.kind, issues[news.payload["issue_id"]], _tenants(news.payload)
        )
        for news in fresh
        if news.payload.get("issue_id") in issues
    ]


def _tenants(payload: dict[str, Any]) -> BitMap:
    column = GROUPS.get(str(payload.get("group", "")))
    if column is None:
        return BitMap()
    blobs = AudienceVersion.objects.filter(pk=payload["audience_id"]).values_list(column, "added")
    blob, added = blobs.get()
    tenants = BitMap.deserialize(bytes(blob)) if blob else BitMap()
    return tenants - BitMap.deserialize(bytes(added)) if payload["group"] == "stayed" else tenants
