"""Past and open issues, written by the same services that people use, with `now` in the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.incidents.services.drafting import create_draft
from standfast.apps.incidents.services.fields import IssueFields, fields_of
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.incidents.services.updating import post_update, resolve
from standfast.cli.demo.seeding.stored import Stored
from standfast.cli.demo.world.history import Beat, PastIssue
from standfast.cli.demo.world.present import OpenIssue
from standfast.engine.health.status import is_resolved

NOTICED_AFTER = timedelta(minutes=9)


def tell_past(past: PastIssue, stored: Stored) -> Issue:
    """Draft, publish, update and resolve one past issue."""
    story, by = past.story, stored.person("communicator")
    at = stored.now - past.ago
    first, *others = story.beats
    narrow = stored.scope([past.component])
    wide = stored.scope([past.region], unclear=True)
    issue = create_draft(
        provider=stored.provider,
        fields=IssueFields(
            service=stored.services[story.service],
            feature=stored.features[story.service, story.feature],
            title=story.title,
            user_impact=story.impact,
            workaround=story.workaround,
            classification=story.classification,
            severity=story.severity,
            is_public=story.is_public,
            status=first.status,
            start_at=at - NOTICED_AFTER,
        ),
        scope=wide if story.unclear_first else narrow,
        by=by,
        now=at - timedelta(minutes=3),
    )
    publish(
        issue=issue,
        version=None,
        body=first.body,
        cadence_minutes=first.cadence,
        why="first assessment of the engineers",
        by=by,
        now=at,
    )
    for number, beat in enumerate(others):
        at += beat.after
        if number == 0 and story.unclear_first:
            change_audience(
                issue=issue,
                version=None,
                scope=narrow,
                why=f"the fault was found on {past.component}",
                body=beat.body,
                cadence_minutes=beat.cadence,
                by=by,
                now=at - timedelta(minutes=4),
            )
        _post(issue, beat, past, stored, at)
    issue.refresh_from_db()
    return issue


def _post(issue: Issue, beat: Beat, past: PastIssue, stored: Stored, at: datetime) -> None:
    by = stored.person("communicator")
    if not is_resolved(beat.status):
        post_update(
            issue=issue,
            version=None,
            body=beat.body,
            status=beat.status,
            cadence_minutes=beat.cadence,
            by=by,
            now=at,
        )
        return
    issue.refresh_from_db()
    resolve(
        issue=issue,
        version=None,
        body=beat.body,
        status=beat.status,
        end_at=at - timedelta(minutes=5),
        fields=replace(fields_of(issue), root_cause=past.story.cause),
        by=by,
        now=at,
    )


def tell_open(plan: OpenIssue, stored: Stored) -> Issue:
    """Draft, publish and update one open issue."""
    by, began = stored.person("communicator"), stored.now - plan.ago
    first, *others = plan.beats
    issue = create_draft(
        provider=stored.provider,
        fields=IssueFields(
            service=stored.services[plan.service],
            feature=stored.features[plan.service, plan.feature],
            title=plan.title,
            user_impact=plan.impact,
            more_info=plan.info,
            workaround=plan.workaround,
            classification=plan.classification,
            severity=plan.severity,
            is_public=plan.is_public,
            status=first.status,
            start_at=began,
            cadence_minutes=first.cadence,
        ),
        scope=stored.scope(plan.components, unclear=plan.unclear),
        by=by,
        now=began + first.at - timedelta(minutes=2),
    )
    publish(
        issue=issue,
        version=None,
        body=first.body,
        cadence_minutes=first.cadence,
        why="not located yet" if plan.unclear else "first assessment of the engineers",
        by=by,
        now=began + first.at,
    )
    for beat in others:
        post_update(
            issue=issue,
            version=None,
            body=beat.body,
            status=beat.status,
            cadence_minutes=beat.cadence,
            by=by,
            now=began + beat.at,
        )
    issue.refresh_from_db()
    return issue
