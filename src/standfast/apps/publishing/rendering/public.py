"""The provider's public site: overview, history, each issue, documents and feeds."""

from __future__ import annotations

from datetime import datetime

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.queries.public import (
    PublicIssue,
    public_history,
    public_issue,
    public_overview,
)
from standfast.apps.incidents.queries.views import TenantIssue
from standfast.apps.messagecenter.queries.public import public_known, public_planned
from standfast.apps.publishing.rendering.documents import api_files
from standfast.apps.publishing.rendering.feeds import feed_files
from standfast.apps.publishing.rendering.pages import Frame, page
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation

HISTORY_DAYS = 30


def public_files(provider: Organisation, frame: Frame, *, address: str) -> dict[str, bytes]:
    """All files of the provider's site. `address` is where it is read, for links that leave it."""
    now = frame.generated_at
    overview = public_overview(provider, now=now)
    history = public_history(provider, now=now, days=HISTORY_DAYS)
    shown = {issue.reference: issue for issue in (*overview.open_issues, *history)}
    found = [view for reference in shown if (view := _view(provider, reference, now))]
    files = {
        **page(
            frame,
            "index.html",
            "overview",
            {
                "services": overview.services,
                "troubled": sum(1 for line in overview.services if line.issues),
                "open_issues": _lines(overview.open_issues),
                "recent": _lines(overview.recent),
                "planned": [each.maintenance for each in public_planned(provider)],
            },
        ),
        **page(
            frame,
            "history/index.html",
            "history",
            {"history": _lines(history), "span": HISTORY_DAYS},
        ),
    }
    for each in found:
        files |= _issue_page(frame, each)
    files |= api_files(
        provider,
        name=provider.name,
        address=address,
        services=[line.service for line in overview.services],
        issues=[(each.issue, each.posts) for each in found],
        planned=public_known(provider, now=now),
        now=now,
        due=frame.stale_after,
    )
    return files | feed_files(provider, found, address=address, now=now, due=frame.stale_after)


def _issue_page(frame: Frame, found: PublicIssue) -> dict[str, bytes]:
    path = f"issues/{found.issue.reference}/index.html"
    return page(frame, path, "issue", {"issue": found.issue, "posts": found.posts})


def _lines(issues: list[Issue]) -> list[TenantIssue]:
    """Issues as rows of the shared lists; the public is told no numbers of people."""
    return [TenantIssue(issue, 0) for issue in issues]


def _view(provider: Organisation, reference: str, now: datetime) -> PublicIssue | None:
    """The issue; None when it was made private since the list was read."""
    try:
        return public_issue(provider, reference, now=now)
    except NoAccess:
        return None
