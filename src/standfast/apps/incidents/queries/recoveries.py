"""How issues ended: which of them had an extended recovery on the way."""

from __future__ import annotations

from collections.abc import Iterable

from standfast.apps.incidents.models import Issue, Post
from standfast.engine.health.status import Status


def with_extended_recovery(issues: Iterable[Issue]) -> set[int]:
    """The ids of those issues whose posts ever announced an extended recovery; one query."""
    keys = {issue.pk for issue in issues}
    rows = Post.objects.filter(issue__in=keys, status=Status.EXTENDED_RECOVERY)
    return set(rows.order_by().values_list("issue_id", flat=True).distinct()) if keys else set()
