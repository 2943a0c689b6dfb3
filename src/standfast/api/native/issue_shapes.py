"""Issues as JSON: what comes in and what goes out. Scopes name parts by key, tenants by slug."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from ninja import Schema
from pydantic import StringConstraints

from standfast.apps.catalog.queries.scopes import parts_of
from standfast.apps.incidents.queries.issues import audience_versions, posts_of
from standfast.engine.targeting import Scope

if TYPE_CHECKING:
    from standfast.apps.incidents.models import AudienceVersion, Issue, Post

Texts = dict[str, str]
# PostgreSQL can neither store nor look for a null character.
Plain = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]


class ScopeShape(Schema):
    """Who is hit: component keys (each with everything below), services, tenants by name."""

    components: list[Plain] = []
    services: list[Plain] = []
    include: list[Plain] = []
    exclude: list[Plain] = []
    unclear: bool = False


class IssueIn(Schema):
    """A new draft. Texts are per language; `start_at` carries its zone."""

    service: str
    feature: str | None = None
    title: Texts
    user_impact: Texts
    start_at: datetime
    more_info: Texts = {}
    workaround: Texts = {}
    root_cause: Texts = {}
    classification: str = "incident"
    status: str = "investigating"
    severity: str = "normal"
    is_public: bool = False
    cadence_minutes: int | None = None
    scope: ScopeShape = ScopeShape()


class IssueChanges(Schema):
    """Changed texts of a published issue; what is left out stays."""

    user_impact: Texts | None = None
    more_info: Texts | None = None
    workaround: Texts | None = None
    root_cause: Texts | None = None


class PostIn(Schema):
    """What is said, and when the next update comes: at a cadence or by an exact time.

    With `version`, the post is refused (409) when somebody else wrote meanwhile.
    """

    body: Texts
    cadence_minutes: int | None = None
    next_update_by: datetime | None = None
    version: int | None = None


class PublishIn(PostIn):
    """The first post; `why` is kept beside the audience for audit."""

    why: Plain = ""


class UpdateIn(PostIn):
    """News. A left-out status stays as it is."""

    status: str | None = None
    kind: str = "regular"
    changes: IssueChanges = IssueChanges()


class ResolveIn(Schema):
    """The end: `serviceRestored` or `falsePositive`; without `end_at` it is now."""

    body: Texts
    status: str = "serviceRestored"
    end_at: datetime | None = None
    root_cause: Texts | None = None
    version: int | None = None


class PostOut(Schema):
    """One post, as published."""

    number: int
    kind: str
    status: str
    body: Texts
    by: str
    created_at: datetime
    next_update_by: datetime | None
    audience: int


class AudienceOut(Schema):
    """One audience that the issue had."""

    number: int
    at: datetime
    by: str
    why: str
    unclear: bool
    tenants: int
    users: int
    added: int
    released: int


class IssueOut(Schema):
    """An issue in a list; `tenants` and `users` are those told."""

    reference: str
    service: str
    feature: str | None
    stage: str
    classification: str
    status: str
    severity: str
    is_public: bool
    title: Texts
    user_impact: Texts
    start_at: datetime
    end_at: datetime | None
    published_at: datetime | None
    modified_at: datetime
    next_update_by: datetime | None
    cadence_minutes: int
    tenants: int
    users: int
    version: int


class IssueWithPosts(IssueOut):
    """The whole issue; posts and audiences newest first."""

    more_info: Texts
    workaround: Texts
    root_cause: Texts
    scope: ScopeShape
    posts: list[PostOut]
    audiences: list[AudienceOut]


class IssuePage(Schema):
    """A page of issues."""

    items: list[IssueOut]
    count: int
    page: int
    pages: int


_SAME = (
    *("reference", "stage", "classification", "status", "severity", "is_public", "title"),
    *("user_impact", "start_at", "end_at", "published_at", "modified_at", "next_update_by"),
    *("cadence_minutes", "version"),
)


def short_shape(issue: Issue) -> dict[str, Any]:
    """An issue for a list."""
    return {
        **{name: getattr(issue, name) for name in _SAME},
        "service": issue.service.key,
        "feature": issue.feature.key if issue.feature else None,
        "tenants": issue.audience.tenant_count if issue.audience else 0,
        "users": issue.audience.user_count if issue.audience else 0,
    }


def whole_shape(issue: Issue) -> dict[str, Any]:
    """An issue with its scope, posts and audiences."""
    parts = parts_of(issue.provider, Scope.from_json(issue.scope or {}))
    return {
        **short_shape(issue),
        **{name: getattr(issue, name) for name in ("more_info", "workaround", "root_cause")},
        "scope": {
            "components": [each.key for each in parts.components],
            "services": [each.key for each in parts.services],
            "include": [each.slug for each in parts.include],
            "exclude": [each.slug for each in parts.exclude],
            "unclear": parts.unclear,
        },
        "posts": [_post_shape(post) for post in posts_of(issue)],
        "audiences": [_audience_shape(each) for each in audience_versions(issue)],
    }


def _post_shape(post: Post) -> dict[str, Any]:
    same = ("number", "kind", "status", "body", "created_at", "next_update_by")
    return {
        **{name: getattr(post, name) for name in same},
        "by": post.actor,
        "audience": post.audience.number,
    }


def _audience_shape(version: AudienceVersion) -> dict[str, Any]:
    return {
        **{name: getattr(version, name) for name in ("number", "at", "why", "unclear")},
        "by": version.actor,
        "tenants": version.tenant_count,
        "users": version.user_count,
        "added": version.added_count,
        "released": version.released_count,
    }
