"""Issues as a tenant sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.models import Issue, Post, ProblemReport


@dataclass(frozen=True, slots=True)
class TenantIssue:
    """An issue in a tenant's lists. `users`: how many of its people were counted in.

    `released`: the tenant was told once and is now known not to be affected.
    """

    issue: Issue
    users: int
    released: bool = False


@dataclass(frozen=True, slots=True)
class TenantIssueView:
    """An issue page. `posts` newest first, only those that this tenant may read.

    `users_total` is the tenant's placed users of the service; `unclear`: the scope still is.
    """

    issue: Issue
    posts: list[Post]
    users: int
    users_total: int
    released: bool
    unclear: bool
    duration: timedelta | None


@dataclass(frozen=True, slots=True)
class DayStatus:
    """One day of a service's bar: the worst status of issues that touched it."""

    day: date
    status: str


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """A service's line of the dashboard."""

    service: Service
    status: str
    issues: list[TenantIssue]
    days: list[DayStatus]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A tenant's first page.

    `affected_users` is the largest count of one open issue: at least so many people are hit. Counts
    of several issues are not added, because the same people may be in each.
    """

    services: list[ServiceHealth]
    incidents: list[TenantIssue]
    advisories: list[TenantIssue]
    recently_resolved: list[TenantIssue]
    reports: list[ProblemReport]
    open_count: int
    affected_users: int
    next_update_by: datetime | None

    @property
    def troubled(self) -> list[ServiceHealth]:
        """The services with an open issue."""
        return [each for each in self.services if each.issues]


def duration_of(issue: Issue, now: datetime) -> timedelta | None:
    """How long it lasted, or has lasted so far."""
    return (issue.end_at or now) - issue.start_at if issue.published_at else None
