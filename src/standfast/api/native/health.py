"""A tenant's own service health: its dashboard, its history, one issue. Scope `health.read`."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import Router, Schema
from ninja.responses import NinjaJSONEncoder

from standfast.api.auth import ApiRequest, TokenAuth
from standfast.api.validated import validated
from standfast.apps.incidents.queries.health import dashboard_for, history_for, issue_for
from standfast.apps.incidents.queries.views import (
    Dashboard,
    ServiceHealth,
    TenantIssue,
    TenantIssueView,
)

router = Router(tags=["health"])
READ = TokenAuth("health.read")
CONTENT_TYPE = "application/json; charset=utf-8"
CACHE = "private, no-cache"
Texts = dict[str, str]


class DayOut(Schema):
    """The worst of one day (UTC)."""

    day: date
    status: str


class ServiceOut(Schema):
    """A service that the tenant uses; `days` are the last 30, oldest first."""

    key: str
    name: Texts
    status: str
    open_issues: list[str]
    days: list[DayOut]


class IssueOut(Schema):
    """An issue in a list. `users`: how many of the tenant's people it touches.

    `released`: the tenant was told once, and is now known not to be affected.
    """

    reference: str
    service: str
    feature: str | None
    classification: str
    status: str
    title: Texts
    user_impact: Texts
    start_at: datetime
    end_at: datetime | None
    modified_at: datetime
    next_update_by: datetime | None
    users: int
    released: bool


class PostOut(Schema):
    """One update, as published."""

    number: int
    kind: str
    status: str
    body: Texts
    created_at: datetime
    next_update_by: datetime | None


class IssueWithPosts(IssueOut):
    """The whole issue; `posts` newest first. `unclear`: nobody knows yet exactly who is hit."""

    more_info: Texts
    workaround: Texts
    root_cause: Texts
    users_total: int
    unclear: bool
    posts: list[PostOut]


class HealthOut(Schema):
    """The tenant's dashboard."""

    open_count: int
    affected_users: int
    next_update_by: datetime | None
    services: list[ServiceOut]
    issues: list[IssueOut]


@router.get("", response=HealthOut, auth=READ)
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """Services with their status, and open issues, incidents first."""
    caller = _caller(request)
    found = dashboard_for(caller.auth.organisation, now=caller.now, reports=False)
    body = written(health_out(found))
    return validated(request, body, content_type=CONTENT_TYPE, cache_control=CACHE)


def health_out(found: Dashboard) -> HealthOut:
    """A dashboard as programs read it."""
    return HealthOut(
        open_count=found.open_count,
        affected_users=found.affected_users,
        next_update_by=found.next_update_by,
        services=[service_out(line) for line in found.services],
        issues=[issue_out(each) for each in (*found.incidents, *found.advisories)],
    )


def written(out: Schema) -> bytes:
    """The JSON of a shape, as the API writes it; the front's board is made of the same pieces."""
    return json.dumps(out.model_dump(), cls=NinjaJSONEncoder).encode()


@router.get("/history", response=list[IssueOut], auth=READ)
def history(request: HttpRequest, days: Literal["7", "30"] = "30") -> list[IssueOut]:
    """Issues that ended in the last 7 or 30 days, and those that let the tenant go."""
    caller = _caller(request)
    found = history_for(caller.auth.organisation, now=caller.now, days=int(days))
    return [issue_out(each) for each in found]


@router.get("/issues/{reference}", response=IssueWithPosts, auth=READ)
def issue(request: HttpRequest, reference: str) -> IssueWithPosts:
    """One issue with its posts; 404 for one that the tenant was never told of."""
    caller = _caller(request)
    view: TenantIssueView = issue_for(caller.auth.organisation, reference, now=caller.now)
    brief = issue_out(TenantIssue(view.issue, view.users, view.released))
    return IssueWithPosts(
        **brief.dict(),
        # What was written after a tenant was let go is no longer for it.
        more_info={} if view.released else view.issue.more_info,
        workaround={} if view.released else view.issue.workaround,
        root_cause={} if view.released else view.issue.root_cause,
        users_total=view.users_total,
        unclear=view.unclear,
        posts=[PostOut.from_orm(post) for post in view.posts],
    )


def _caller(request: HttpRequest) -> ApiRequest:
    assert hasattr(request, "auth"), "every operation here names its scope"
    return request  # type: ignore[return-value]  # TokenAuth made it one


def service_out(line: ServiceHealth) -> ServiceOut:
    """A service's line."""
    return ServiceOut(
        key=line.service.key,
        name=line.service.name,
        status=line.status,
        open_issues=[each.issue.reference for each in line.issues],
        days=[DayOut(day=day.day, status=day.status) for day in line.days],
    )


def issue_out(each: TenantIssue) -> IssueOut:
    """An issue of a list."""
    issue = each.issue
    return IssueOut(
        reference=issue.reference,
        service=issue.service.key,
        feature=issue.feature.key if issue.feature else None,
        classification=issue.classification,
        status=issue.status,
        title=issue.title,
        user_impact={} if each.released else issue.user_impact,
        start_at=issue.start_at,
        end_at=issue.end_at,
        modified_at=issue.modified_at,
        next_update_by=issue.next_update_by if issue.is_open else None,
        users=each.users,
        released=each.released,
    )
