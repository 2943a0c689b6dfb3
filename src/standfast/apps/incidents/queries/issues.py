"""The provider's side: its issues in every stage, posts, audience versions, what needs a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from standfast.apps.incidents.models import AudienceVersion, Issue, Post, PostTemplate
from standfast.apps.incidents.queries.promises import PromiseView, open_promises
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import AuditEntry, Organisation
from standfast.apps.tenancy.queries.access import Access

MOST_TO_TIE = 50
TIED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class NeedsMe:
    """What waits for a communicator, most urgent first."""

    detected: list[Issue]
    overdue: list[PromiseView]
    due_soon: list[PromiseView]
    drafts: list[Issue]
    unclear: list[Issue]
    open_issues: list[Issue]

    @property
    def count(self) -> int:
        """How many things need a person now."""
        return len(self.detected) + len(self.overdue) + len(self.due_soon)


def provider_issues(
    provider: Organisation,
    *,
    stages: Collection[str] | None = None,
    service_id: int | None = None,
    classification: str = "",
    search: str = "",
) -> QuerySet[Issue]:
    """The provider's issues, last changed first. `search` looks in the id and the titles."""
    rows = Issue.objects.filter(provider=provider).select_related("service", "feature", "audience")
    if stages is not None:
        rows = rows.filter(stage__in=stages)
    if service_id:
        rows = rows.filter(service_id=service_id)
    if classification:
        rows = rows.filter(classification=classification)
    if search.strip():
        word = search.strip()
        rows = rows.filter(
            Q(reference__icontains=word)
            | Q(title__en__icontains=word)
            | Q(**{"title__zh-hant__icontains": word})
        )
    return rows.order_by("-modified_at", "-id").defer(
        "audience__packed", "audience__tenants", "audience__added", "audience__released"
    )


def issues_to_tie(provider: Organisation, *, now: datetime) -> list[Issue]:
    """What a report may be about: open issues, then those that ended lately, last changed first.

    At most `MOST_TO_TIE` of each; others are named by their id.
    """
    still = provider_issues(provider, stages=["published", "draft", "detected"])
    over = provider_issues(provider, stages=["resolved"]).filter(end_at__gte=now - TIED_WITHIN)
    return [*still[:MOST_TO_TIE], *over[:MOST_TO_TIE]]


def get_provider_issue(access: Access, reference: str) -> Issue:
    """The provider's issue with this id. Raises NoAccess."""
    if access.face != "provider":
        raise NoAccess
    return get_issue_of(access.organisation, reference)


def get_issue_of(provider: Organisation, reference: str) -> Issue:
    """The same for a program, whose token belongs to the provider. Raises NoAccess."""
    issue = (
        Issue.objects.filter(provider=provider, reference=reference)
        .select_related("service", "feature", "audience", "provider", "service__owner")
        .first()
    )
    if issue is None:
        raise NoAccess
    return issue


def issue_by_id(issue_id: int) -> Issue | None:
    """For workers that handle an outbox row: the issue, whoever owns it."""
    rows = Issue.objects.select_related("service", "feature", "audience", "provider")
    return rows.filter(pk=issue_id).first()


def posts_of(issue: Issue) -> list[Post]:
    """All posts of the issue, newest first."""
    rows = issue.posts.select_related("audience", "by").defer("audience__packed")
    return list(rows.order_by("-number"))


def audience_versions(issue: Issue) -> list[AudienceVersion]:
    """Every audience that the issue ever had, newest first."""
    rows = issue.audiences.select_related("by").defer("packed", "tenants")
    return list(rows.order_by("-number"))


def trail_of(issue: Issue, *, limit: int = 100) -> list[AuditEntry]:
    """Who wrote what on the issue, newest first."""
    rows = AuditEntry.objects.filter(
        organisation=issue.provider, object_kind="issue", object_key=issue.reference
    )
    return list(rows.select_related("user").order_by("-id")[:limit])


def templates_of(provider: Organisation, *, service_id: int | None = None) -> list[PostTemplate]:
    """The provider's templates; for one service also those for all services."""
    rows = PostTemplate.objects.filter(provider=provider).select_related("service")
    if service_id:
        rows = rows.filter(Q(service_id=service_id) | Q(service__isnull=True))
    return list(rows)


def get_template_for(access: Access, template_id: int) -> PostTemplate:
    """One template of the provider. Raises NoAccess."""
    row = PostTemplate.objects.filter(provider=access.organisation, pk=template_id).first()
    if access.face != "provider" or row is None:
        raise NoAccess
    return row


def what_needs_me(provider: Organisation, *, now: datetime) -> NeedsMe:
    """The console's first page, in four queries."""
    waiting = list(provider_issues(provider, stages=["detected", "draft"])[:200])
    open_issues = list(provider_issues(provider, stages=["published"])[:200])
    promises = open_promises(provider, now=now)
    return NeedsMe(
        detected=[issue for issue in waiting if issue.stage == "detected"],
        overdue=[each for each in promises if each.state == "overdue"],
        due_soon=[each for each in promises if each.state == "due_soon"],
        drafts=[issue for issue in waiting if issue.stage == "draft"],
        unclear=[issue for issue in open_issues if issue.audience and issue.audience.unclear],
        open_issues=open_issues,
    )
