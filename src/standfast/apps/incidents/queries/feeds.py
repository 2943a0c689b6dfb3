"""Issues with their posts, for feeds: what is open and what ended lately, newest change first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.queries.health import dashboard_for, history_for, issue_for
from standfast.apps.incidents.queries.public import public_issues
from standfast.apps.incidents.queries.views import TenantIssueView
from standfast.apps.tenancy.models import Organisation

MOST = 50
DAYS = 90


@dataclass(frozen=True, slots=True)
class IssueWithPosts:
    """An issue and what its reader was told, newest first; `updated` as far as it concerns it."""

    issue: Issue
    posts: list[Post]
    updated: datetime


def told_publicly(provider: Organisation, *, now: datetime) -> list[IssueWithPosts]:
    """The provider's public issues, in two queries."""
    rows = public_issues(provider, since=now - timedelta(days=DAYS)).order_by("-modified_at", "-id")
    found = list(_with_posts(rows)[:MOST])
    return [IssueWithPosts(issue, list(issue.posts.all()), issue.modified_at) for issue in found]


def told_of(tenant: Organisation, *, now: datetime) -> list[IssueWithPosts]:
    """The tenant's issues, each with the posts that were meant for it."""
    dashboard = dashboard_for(tenant, now=now, reports=False)
    open_ones = [*dashboard.incidents, *dashboard.advisories]
    past = history_for(tenant, now=now, days=30)
    known = {each.issue.pk: each.issue for each in (*open_ones, *past)}
    newest = sorted(known.values(), key=lambda issue: issue.modified_at, reverse=True)[:MOST]
    views = [issue_for(tenant, issue.reference, now=now) for issue in newest]
    return [IssueWithPosts(view.issue, view.posts, _updated(view)) for view in views]


def _updated(view: TenantIssueView) -> datetime:
    # What happened after a tenant was let go is no longer its affair, not even that it happened.
    if view.released and view.posts:
        return view.posts[0].created_at
    return view.issue.modified_at


def _with_posts(rows: QuerySet[Issue]) -> QuerySet[Issue]:
    posts = Post.objects.exclude(kind="closing").order_by("-number")
    return rows.prefetch_related(Prefetch("posts", posts))
