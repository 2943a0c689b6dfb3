"""A draft as a chosen tenant will see it, before anything is stored."""

from __future__ import annotations

from copy import copy
from datetime import datetime

from standfast.apps.incidents.models import AudienceVersion, Issue, Post
from standfast.apps.incidents.queries.health import users_total
from standfast.apps.incidents.queries.views import TenantIssueView, duration_of
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.models import Organisation
from standfast.engine.health.lifecycle import stage_of
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
    shown = _published(issue, next_update_by=next_update_by, now=now)
    earlier = list(issue.posts.order_by("-number")) if issue.pk else []
    post = Post(
        issue=shown,
        number=earlier[0].number + 1 if earlier else 1,
        kind="regular",
        body=body,
        status=shown.status,
        audience=AudienceVersion(unclear=unclear, number=1),
        created_at=now,
        cadence_minutes=shown.cadence_minutes if shown.is_open else None,
        next_update_by=shown.next_update_by,
    )
    return TenantIssueView(
        issue=shown,
        posts=[post, *(each for each in earlier if each.kind != "closing")],
        users=int(users[place]),
        users_total=users_total(tenant, issue.service_id),
        released=False,
        unclear=unclear and shown.is_open,
        duration=duration_of(shown, now),
    )


def _published(issue: Issue, *, next_update_by: datetime | None, now: datetime) -> Issue:
    """A copy of the issue as publishing would leave it."""
    shown = copy(issue)
    shown.stage = stage_of(issue.status).value
    shown.published_at, shown.modified_at = issue.published_at or now, now
    shown.next_update_by = next_update_by if shown.is_open else None
    shown.end_at = None if shown.is_open else issue.end_at or now
    return shown
