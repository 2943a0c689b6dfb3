"""Updates of a published issue: news, resolution, reopening, correction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.services.fields import IssueFields, check_fields, write_fields
from standfast.apps.incidents.services.locking import locked, save_version
from standfast.apps.incidents.services.posting import add_post, promised, tell
from standfast.apps.incidents.services.rules import by_the_rules
from standfast.apps.incidents.services.wording import checked
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.outbox import announce
from standfast.engine.health.cadence import KEEPING_KINDS
from standfast.engine.health.lifecycle import VISIBLE, check_transition, stage_of
from standfast.engine.health.status import is_resolved


@transaction.atomic
def post_update(
    *,
    issue: Issue,
    version: int | None,
    body: Localised,
    status: str,
    kind: str = "regular",
    cadence_minutes: int | None = None,
    next_update_by: datetime | None = None,
    fields: IssueFields | None = None,
    by: Actor,
    now: datetime,
) -> Post:
    """Post news on an open issue, changing its status and fields if wanted.

    An automatic post (filler) leaves the promise as it is. Raises Refused or Conflict.
    """
    if is_resolved(status):
        return resolve(
            issue=issue,
            version=version,
            body=body,
            status=status,
            end_at=None,
            fields=fields,
            by=by,
            now=now,
        )
    issue = _open_issue(issue, version)
    _apply(issue, status=status, fields=fields, now=now)
    if kind not in {"regular", "quick", "automatic"}:
        raise Refused("kind", _("Choose a regular or a quick update."))
    due = (
        promised(issue, cadence_minutes=cadence_minutes, exact=next_update_by, now=now)
        if kind in KEEPING_KINDS
        else None
    )
    post = add_post(issue=issue, kind=kind, body=body, due=due, by=by, now=now)
    return _finish(issue, post, "issue.updated", by, now)


@transaction.atomic
def resolve(
    *,
    issue: Issue,
    version: int | None,
    body: Localised,
    status: str = "serviceRestored",
    end_at: datetime | None,
    fields: IssueFields | None = None,
    by: Actor,
    now: datetime,
) -> Post:
    """Close an issue as restored, or as a false positive. `end_at` None means now."""
    issue = _open_issue(issue, version)
    if not is_resolved(status):
        raise Refused("status", _("Choose service restored or false positive."))
    _apply(issue, status=status, fields=fields, now=now)
    issue.end_at = _checked_end(issue, end_at or now, now)
    issue.stage = stage_of(status).value
    post = add_post(issue=issue, kind="regular", body=body, due=None, by=by, now=now)
    return _finish(issue, post, "issue.resolved", by, now)


@transaction.atomic
def reopen(
    *,
    issue: Issue,
    version: int | None,
    body: Localised,
    status: str,
    cadence_minutes: int | None = None,
    next_update_by: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Post:
    """Open a resolved issue again, for the audience that it had."""
    issue = locked(issue, version=version)
    _refuse_unpublished(issue)
    with by_the_rules():
        issue.status = check_transition(issue.status, status, reopen=True).value
    issue.stage, issue.end_at = "published", None
    due = promised(issue, cadence_minutes=cadence_minutes, exact=next_update_by, now=now)
    post = add_post(issue=issue, kind="regular", body=body, due=due, by=by, now=now)
    return _finish(issue, post, "issue.updated", by, now, action="issue.reopened")


@transaction.atomic
def correct_post(*, post: Post, body: Localised, by: Actor, now: datetime) -> Post:
    """Correct the wording of a post. What it said before stays in the audit log."""
    issue = locked(post.issue, version=None)
    row = issue.posts.get(pk=post.pk)
    before, row.body = row.body, checked("body", body, required=True)
    row.save(update_fields=["body"])
    save_version(issue=issue, now=now)
    announce(kind="post.corrected", now=now, issue_id=issue.pk, post_id=row.pk)
    record(
        by=by,
        organisation=issue.provider,
        action="post.corrected",
        kind="issue",
        key=issue.reference,
        now=now,
        post=row.number,
        before=before,
    )
    return row


def _open_issue(issue: Issue, version: int | None) -> Issue:
    issue = locked(issue, version=version)
    if issue.stage == "resolved":
        raise Refused("status", _("This issue is closed. Reopen it first if the problem is back."))
    _refuse_unpublished(issue)
    return issue


def _refuse_unpublished(issue: Issue) -> None:
    if issue.stage not in VISIBLE:
        raise Refused("stage", _("This issue is not published yet; publish it first."))


def _apply(issue: Issue, *, status: str, fields: IssueFields | None, now: datetime) -> None:
    with by_the_rules():
        new = check_transition(issue.status, status)
    if fields:
        checked_fields = check_fields(fields, provider=issue.provider, now=now, first=False)
        if checked_fields.service != issue.service:
            raise Refused("service", _("The service of a published issue cannot change."))
        write_fields(issue, checked_fields)
    issue.status = new.value


def _checked_end(issue: Issue, end_at: datetime, now: datetime) -> datetime:
    if end_at.tzinfo is None:
        raise Refused("end_at", _("The time has no zone; write it like 2026-01-31T14:00:00Z."))
    if end_at < issue.start_at:
        raise Refused(
            "end_at", _("The end lies before the start of the issue; correct one of them.")
        )
    if end_at > now:
        raise Refused("end_at", _("The end lies in the future; resolve the issue when it is over."))
    return end_at


def _finish(
    issue: Issue, post: Post, kind: str, by: Actor, now: datetime, *, action: str = ""
) -> Post:
    save_version(issue=issue, now=now)
    tell(kind=kind, post=post, group="all", now=now)
    record(
        by=by,
        organisation=issue.provider,
        action=action or kind,
        kind="issue",
        key=issue.reference,
        now=now,
        post=post.number,
        status=issue.status,
    )
    return post
