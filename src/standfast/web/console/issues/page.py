"""One issue: what it says, who was told, what comes next, and who wrote what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse

from standfast.apps.delivery.queries.deliveries import NoticeView, notices_of
from standfast.apps.incidents.queries.issues import (
    audience_versions,
    get_provider_issue,
    posts_of,
    trail_of,
)
from standfast.apps.incidents.queries.reports import reports_of_issue
from standfast.apps.incidents.services.scoping import effective_scope
from standfast.apps.ingest.queries.alerts import alerts_of
from standfast.apps.responsibility.queries.chart import during
from standfast.apps.social.queries.mentions import mentions_about
from standfast.engine.targeting import Scope
from standfast.web.console.frame import console_page, show
from standfast.web.console.issues.trail import steps_of
from standfast.web.console.scope.address import ScopeLinks
from standfast.web.console.scope.figures import figures_of
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue, Post


@dataclass(frozen=True, slots=True)
class ToldPost:
    """A post with how its messages went: counts over all of its notices."""

    post: Post
    sent: int
    waiting: int
    failed: int


@console_page("issue.read")
def issue(request: HttpRequest, reference: str) -> HttpResponse:
    """Show an issue with everything that a communicator may want to know about it."""
    page = cast(PageRequest, request)
    found = get_provider_issue(page.access, reference)
    return show(request, "issues/page", {**_state(found), **_background(found)})


def _state(issue: Issue) -> dict[str, Any]:
    scope = Scope.from_json(issue.scope or {})
    return {
        "issue": issue,
        "posts": _told_posts(posts_of(issue), notices_of(issue)),
        "figures": figures_of(
            issue.provider, scope, resolved=effective_scope(issue, scope), most=5
        ),
        "scope_query": ScopeLinks(effective_scope(issue, scope)).here,
        "unpublished": issue.stage in {"detected", "draft"},
        "lasted": (issue.end_at - issue.start_at) if issue.end_at else None,
    }


def _background(issue: Issue) -> dict[str, Any]:
    return {
        "versions": audience_versions(issue),
        "alerts": alerts_of(issue),
        "duties": during(issue.provider, issue.service),
        "reports": reports_of_issue(issue),
        "mentions": mentions_about(issue),
        "trail": steps_of(trail_of(issue, limit=50)),
    }


def _told_posts(posts: list[Post], notices: list[NoticeView]) -> list[ToldPost]:
    by_post: dict[int, list[NoticeView]] = defaultdict(list)
    for each in notices:
        if each.notice.post_id is not None:
            by_post[each.notice.post_id].append(each)
    return [
        ToldPost(
            post,
            sent=sum(each.totals.sent for each in by_post[post.pk]),
            waiting=sum(each.totals.waiting for each in by_post[post.pk]),
            failed=sum(each.totals.failed for each in by_post[post.pk]),
        )
        for post in posts
    ]
