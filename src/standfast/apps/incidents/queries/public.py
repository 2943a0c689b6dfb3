"""What everybody may see: the public services of a provider and its public issues."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.queries.health import BAR_DAYS, RECENT, day_statuses
from standfast.apps.incidents.queries.views import DayStatus, duration_of
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation
from standfast.engine.health.lifecycle import VISIBLE
from standfast.engine.health.status import roll_up


@dataclass(frozen=True, slots=True)
class PublicService:
    """A service's line of the public page, from its public issues alone."""

    service: Service
    status: str
    issues: list[Issue]
    days: list[DayStatus]


@dataclass(frozen=True, slots=True)
class PublicOverview:
    """The public page. `status` is the worst of its services."""

    provider: Organisation
    services: list[PublicService]
    open_issues: list[Issue]
    recent: list[Issue]
    status: str


@dataclass(frozen=True, slots=True)
class PublicIssue:
    """A public issue with its posts, newest first."""

    issue: Issue
    posts: list[Post]
    duration: timedelta | None


def public_overview(provider: Organisation, *, now: datetime) -> PublicOverview:
    """The provider's public page, in two queries."""
    issues = list(public_issues(provider, since=now - timedelta(days=BAR_DAYS)))
    services = []
    for service in Service.objects.filter(
        provider=provider, is_public=True, retired_at__isnull=True
    ):
        mine = [issue for issue in issues if issue.service_id == service.pk]
        still = [issue for issue in mine if issue.is_open]
        status = roll_up(issue.status for issue in still).value
        services.append(PublicService(service, status, still, day_statuses(mine, now.date())))
    return PublicOverview(
        provider=provider,
        services=services,
        open_issues=[issue for issue in issues if issue.is_open],
        recent=[issue for issue in issues if issue.end_at and issue.end_at >= now - RECENT],
        status=roll_up(issue.status for issue in issues if issue.is_open).value,
    )


def public_history(provider: Organisation, *, now: datetime, days: int = 30) -> list[Issue]:
    """Public issues that ended in the last `days` days, newest first."""
    rows = public_issues(provider, since=now - timedelta(days=days))
    return [issue for issue in rows if not issue.is_open]


def public_issue(provider: Organisation, reference: str, *, now: datetime) -> PublicIssue:
    """One public issue. Raises NoAccess for a private one, too."""
    issue = (
        Issue.objects.filter(
            provider=provider,
            reference=reference,
            is_public=True,
            stage__in=VISIBLE,
            service__is_public=True,
        )
        .select_related("service", "feature", "provider", "audience")
        .defer("audience__packed", "audience__tenants")
        .first()
    )
    if issue is None:
        raise NoAccess
    posts = issue.posts.exclude(kind="closing").select_related("audience")
    light = posts.defer("audience__packed", "audience__tenants", "audience__split")
    return PublicIssue(issue, list(light.order_by("-number")), duration_of(issue, now))


def public_views(issues: Collection[Issue], *, now: datetime) -> list[PublicIssue]:
    """Issues that `public_issues` gave, with their posts, in one query."""
    told: dict[int, list[Post]] = {issue.pk: [] for issue in issues}
    rows = Post.objects.filter(issue__in=told).exclude(kind="closing").order_by("-number")
    for post in rows:
        told[post.issue_id].append(post)
    return [PublicIssue(issue, told[issue.pk], duration_of(issue, now)) for issue in issues]


def public_issues(provider: Organisation, *, since: datetime) -> QuerySet[Issue]:
    """Public issues that are open or ended since then, the last to start first."""
    rows = Issue.objects.filter(
        provider=provider, is_public=True, stage__in=VISIBLE, service__is_public=True
    )
    recent = rows.filter(stage="published") | rows.filter(end_at__gte=since)
    return recent.select_related("service", "feature").order_by("-start_at", "-id")
