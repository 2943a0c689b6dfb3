"""Alerts of issues, for the console."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from standfast.apps.incidents.models import Issue
from standfast.apps.ingest.models import Alert


@dataclass(frozen=True, slots=True)
class AlertSummary:
    """How many alerts of an issue fire, and how many are over."""

    firing: int
    resolved: int

    @property
    def all_resolved(self) -> bool:
        """Monitoring sees nothing any more: the issue may be over."""
        return self.resolved > 0 and not self.firing


def alerts_of(issue: Issue) -> list[Alert]:
    """The issue's alerts, firing ones first, newest first."""
    rows = Alert.objects.filter(issue=issue).select_related("source", "component", "rule")
    return list(rows.order_by("status", "-starts_at", "id"))


def summary_of(issue: Issue) -> AlertSummary:
    """The counts of one issue."""
    return summaries_of([issue.pk]).get(issue.pk, AlertSummary(0, 0))


def summaries_of(issue_ids: Collection[int]) -> dict[int, AlertSummary]:
    """The counts of issues that have alerts, in one query."""
    counts: dict[int, dict[str, int]] = {}
    rows = Alert.objects.filter(issue__in=issue_ids).order_by()
    for issue_id, status, count in rows.values_list("issue_id", "status").annotate(Count("id")):
        counts.setdefault(issue_id or 0, {})[status] = count
    return {
        issue_id: AlertSummary(found.get("firing", 0), found.get("resolved", 0))
        for issue_id, found in counts.items()
    }
