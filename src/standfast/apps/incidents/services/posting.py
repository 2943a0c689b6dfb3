"""One post with its promise and its outbox row, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from standfast.apps.incidents.models import AudienceVersion, Issue, Post, Promise
from standfast.apps.incidents.services.fields import check_cadence
from standfast.apps.incidents.services.rules import by_the_rules
from standfast.apps.incidents.services.wording import checked
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.services.outbox import announce
from standfast.engine.health.cadence import KEEPING_KINDS, next_update_by


def promised(
    issue: Issue, *, cadence_minutes: int | None, exact: datetime | None, now: datetime
) -> datetime:
    """When the next update is due: the exact time, else after the cadence given or the issue's.

    A cadence given here becomes the issue's. Raises Refused naming the field.
    """
    if cadence_minutes is not None:
        check_cadence(cadence_minutes)
        issue.cadence_minutes = cadence_minutes
    with by_the_rules():
        due = next_update_by(now, timedelta(minutes=issue.cadence_minutes), exact)
    assert due is not None  # a cadence was given
    return due


def add_post(
    *,
    issue: Issue,
    kind: str,
    body: Localised,
    due: datetime | None,
    by: Actor,
    now: datetime,
    audience: AudienceVersion | None = None,
) -> Post:
    """Store the next post. A real update answers the open promises; `due` makes a new one."""
    told = audience or issue.audience
    assert told is not None  # whatever is posted on has an audience
    last = issue.posts.aggregate(last=Max("number"))["last"] or 0
    post = Post.objects.create(
        issue=issue,
        number=last + 1,
        kind=kind,
        body=checked("body", body, required=True),
        status=issue.status,
        audience=told,
        created_at=now,
        by=by.user,
        actor=by.label[:200],
        cadence_minutes=issue.cadence_minutes if due else None,
        next_update_by=due,
    )
    if kind in KEEPING_KINDS:
        issue.promises.filter(answered_at__isnull=True).update(answered_at=now)
        issue.next_update_by = due
        if due:
            Promise.objects.create(issue=issue, made_by=post, due_at=due)
    return post


def tell(*, kind: str, post: Post, group: str, now: datetime) -> None:
    """Write the outbox row: which post, to which group of its audience version.

    `group` is all, stayed (in before and still), added or released; the groups of one change are
    disjoint, so nobody is told twice.
    """
    announce(
        kind=kind,
        now=now,
        issue_id=post.issue_id,
        post_id=post.pk,
        audience_id=post.audience_id,
        group=group,
    )
