"""The provider's public site: overview, history, each issue, documents and feeds."""

from __future__ import annotations

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.queries.feeds import told_publicly
from standfast.apps.incidents.queries.public import (
    PublicIssue,
    public_history,
    public_overview,
    public_views,
)
from standfast.apps.incidents.queries.views import TenantIssue
from standfast.apps.messagecenter.queries.public import public_known, public_planned
from standfast.apps.messagecenter.queries.statuspage import public_facts
from standfast.apps.publishing.rendering.documents import api_files
from standfast.apps.publishing.rendering.feeds import feed_files
from standfast.apps.publishing.rendering.pages import Frame, page
from standfast.apps.tenancy.models import Organisation

HISTORY_DAYS = 30


def public_files(provider: Organisation, frame: Frame, *, address: str) -> dict[str, bytes]:
    """All files of the provider's site. `address` is where it is read, for links that leave it."""
    now = frame.generated_at
    overview = public_overview(provider, now=now)
    history = public_history(provider, now=now, days=HISTORY_DAYS)
    told = told_publicly(provider, now=now)
    # The feeds go further back than the history; what they lead to has to be here.
    listed = (*overview.open_issues, *history, *(each.issue for each in told))
    shown = {issue.reference: issue for issue in listed}
    found = public_views(shown.values(), now=now)
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
        public_facts(provider, now=now),
        shown=shown,
        address=address,
        now=now,
        due=frame.stale_after,
    )
    planned = public_known(provider, now=now)
    return files | feed_files(provider, frame, told, planned, address=address)


def _issue_page(frame: Frame, found: PublicIssue) -> dict[str, bytes]:
    path = f"issues/{found.issue.reference}/index.html"
    issue = found.issue
    feature = issue.feature.name if issue.feature else None
    key = (issue.pk, issue.version, repr(issue.service.name), repr(feature))
    return page(frame, path, "issue", {"issue": issue, "posts": found.posts}, key=key)


def _lines(issues: list[Issue]) -> list[TenantIssue]:
    """Issues as rows of the shared lists; the public is told no numbers of people."""
    return [TenantIssue(issue, 0) for issue in issues]
