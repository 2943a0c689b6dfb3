"""From a thought or a detection to a draft that can be published."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.fields import IssueFields, check_fields, write_fields
from standfast.apps.incidents.services.locking import locked, save_version
from standfast.apps.incidents.services.rules import by_the_rules
from standfast.apps.incidents.services.scoping import check_scope
from standfast.apps.incidents.services.wording import reason
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record
from standfast.engine.health.lifecycle import Stage, check_stage
from standfast.engine.targeting import Scope

FIRST_NUMBER = 100_000


def create_draft(
    *, provider: Organisation, fields: IssueFields, scope: Scope, by: Actor, now: datetime
) -> Issue:
    """Store a draft that no tenant sees. Raises Refused for the first field that cannot be used."""
    return new_issue(
        provider=provider, fields=fields, scope=scope, stage=Stage.DRAFT, by=by, now=now
    )


@transaction.atomic
def new_issue(
    *,
    provider: Organisation,
    fields: IssueFields,
    scope: Scope,
    stage: Stage,
    by: Actor,
    now: datetime,
) -> Issue:
    """Store a new issue in `stage` with the next id of its service (EX100042)."""
    fields = check_fields(fields, provider=provider, now=now)
    check_scope(provider=provider, scope=scope)
    issue = Issue(
        provider=provider,
        service=fields.service,
        reference=f"~{uuid.uuid4().hex[:18]}",
        stage=stage.value,
        scope=scope.to_json(),
        detected_at=now if stage is Stage.DETECTED else None,
        modified_at=now,
        created_by=by.user,
        status=fields.status,
    )
    write_fields(issue, fields)
    issue.save()
    issue.reference = f"{issue.service.issue_prefix}{FIRST_NUMBER + issue.pk}"
    issue.save(update_fields=["reference"])
    _audit(issue, f"issue.{stage.value}", by, now)
    return issue


@transaction.atomic
def update_draft(
    *, issue: Issue, version: int, fields: IssueFields, by: Actor, now: datetime
) -> Issue:
    """Change a detected or drafted issue. Raises Refused, or Conflict when it changed meanwhile."""
    issue = _unpublished(issue, version=version)
    fields = check_fields(fields, provider=issue.provider, now=now)
    changed = write_fields(issue, fields)
    if issue.status != fields.status:
        changed["status"] = issue.status = fields.status
    save_version(issue=issue, now=now)
    _audit(issue, "issue.edited", by, now, changed=changed)
    return issue


@transaction.atomic
def set_scope(*, issue: Issue, version: int, scope: Scope, by: Actor, now: datetime) -> Issue:
    """Choose the affected parts of a detected or drafted issue."""
    issue = _unpublished(issue, version=version)
    check_scope(provider=issue.provider, scope=scope)
    issue.scope = scope.to_json()
    save_version(issue=issue, now=now)
    _audit(issue, "issue.scoped", by, now, scope=issue.scope)
    return issue


def confirm_detected(*, issue: Issue, by: Actor, now: datetime) -> Issue:
    """A person says that a detected issue is real: it becomes a draft."""
    return _move(issue, Stage.DRAFT, "issue.confirmed", by, now, only_from=Stage.DETECTED)


def dismiss(*, issue: Issue, why: str, by: Actor, now: datetime) -> Issue:
    """A detected or drafted issue needs no post. The reason is kept."""
    why = reason(why)
    if not why:
        raise Refused("why", _("Say in a few words why this needs no post."))
    return _move(issue, Stage.DISMISSED, "issue.dismissed", by, now, why=why)


def reopen_dismissed(*, issue: Issue, by: Actor, now: datetime) -> Issue:
    """Take back a dismissal: the issue is a draft again."""
    return _move(issue, Stage.DRAFT, "issue.undismissed", by, now, only_from=Stage.DISMISSED)


@transaction.atomic
def _move(
    issue: Issue,
    stage: Stage,
    action: str,
    by: Actor,
    now: datetime,
    *,
    only_from: Stage | None = None,
    **details: object,
) -> Issue:
    issue = locked(issue, version=None)
    if only_from and issue.stage != only_from:
        raise Refused("stage", _("This issue has moved on meanwhile; look at it again."))
    with by_the_rules():
        issue.stage = check_stage(issue.stage, stage).value
    save_version(issue=issue, now=now)
    _audit(issue, action, by, now, **details)
    return issue


def _unpublished(issue: Issue, *, version: int) -> Issue:
    issue = locked(issue, version=version)
    if issue.stage not in {Stage.DETECTED, Stage.DRAFT}:
        raise Refused(
            "stage", _("This issue is no longer a draft; post an update instead of editing it.")
        )
    return issue


def _audit(issue: Issue, action: str, by: Actor, now: datetime, **details: object) -> None:
    record(
        by=by,
        organisation=issue.provider,
        action=action,
        kind="issue",
        key=issue.reference,
        now=now,
        **details,
    )
