"""A draft as a chosen tenant will see it, before anything is stored."""

from __future__ import annotations

from datetime import datetime

from standfast.apps.incidents.models import AudienceVersion, Issue, Post
from standfast.apps.incidents.queries.health import users_total
from standfast.apps.incidents.queries.views import TenantIssueView, duration_of
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import Audience


def preview_for(
    issue: Issue,
    tenant: Organisation,
    *,
    audience: Audience,
    unclear: bool,
    body: Localised,
    next_update_by: datetime | None,
    now: datetime,
) -> TenantIssueView | None:
    """The issue page that the tenant would get by publishing now; None when it would see nothing.

    Takes the issue as it is in memory (edited or not) and returns what `health.issue_for` would
    after publishing, so that the same template shows both. Stores nothing.
    """
    if tenant.number is None or tenant.number not in audience.tenants:
        return None
    tenants, users = audience.users_by_tenant()
    place = int(tenants.searchsorted(tenant.number))
    version = AudienceVersion(unclear=unclear, number=1)
    post = Post(
        issue=issue,
        number=1,
        kind="regular",
        body=body,
        status=issue.status,
        audience=version,
        created_at=now,
        cadence_minutes=issue.cadence_minutes,
        next_update_by=next_update_by,
    )
    earlier = list(issue.posts.exclude(kind="closing").order_by("-number")) if issue.pk else []
    return TenantIssueView(
        issue=issue,
        posts=[post, *earlier],
        users=int(users[place]),
        users_total=users_total(tenant, issue.service_id),
        released=False,
        unclear=unclear,
        duration=duration_of(issue, now),
    )
