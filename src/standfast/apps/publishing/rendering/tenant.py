"""A tenant's pages: what its dashboard shows, for when the dashboard is gone."""

from __future__ import annotations

from datetime import datetime

from standfast.apps.incidents.queries.health import dashboard_for, history_for, issue_for
from standfast.apps.incidents.queries.views import TenantIssueView
from standfast.apps.messagecenter.queries.statuspage import tenant_facts
from standfast.apps.messagecenter.queries.tenants import planned_for
from standfast.apps.publishing.rendering.documents import api_files
from standfast.apps.publishing.rendering.pages import Frame, page
from standfast.apps.publishing.rendering.public import HISTORY_DAYS
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation


def tenant_files(tenant: Organisation, frame: Frame, *, address: str) -> dict[str, bytes]:
    """All files of the tenant's site."""
    now = frame.generated_at
    dashboard = dashboard_for(tenant, now=now, reports=False)
    history = history_for(tenant, now=now, days=HISTORY_DAYS)
    open_issues = [*dashboard.incidents, *dashboard.advisories]
    planned = planned_for(tenant, now=now)
    files = {
        **page(
            frame,
            "index.html",
            "overview",
            {
                "services": dashboard.services,
                "troubled": len(dashboard.troubled),
                "total": len(dashboard.services),
                "open_issues": open_issues,
                "recent": dashboard.recently_resolved,
                "planned": [each.maintenance for each in planned],
            },
        ),
        **page(frame, "history/index.html", "history", {"history": history, "span": HISTORY_DAYS}),
    }
    shown = dict.fromkeys(
        each.issue.reference for each in (*open_issues, *dashboard.recently_resolved, *history)
    )
    views = [view for reference in shown if (view := _view(tenant, reference, now))]
    for view in views:
        context = {
            "issue": view.issue,
            "posts": view.posts,
            "released": view.released,
            "users": view.users,
        }
        files |= page(frame, f"issues/{view.issue.reference}/index.html", "issue", context)
    return files | api_files(
        tenant_facts(tenant, now=now),
        shown={view.issue.reference for view in views if not view.released},
        address=address,
        now=now,
        due=frame.stale_after,
    )


def _view(tenant: Organisation, reference: str, now: datetime) -> TenantIssueView | None:
    """The issue; None when the tenant was let go since the list was read."""
    try:
        return issue_for(tenant, reference, now=now)
    except NoAccess:
        return None
