"""Issues that monitoring opens: seen in the console, by no tenant, until a person confirms."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from standfast.apps.catalog.models import Feature, Service
from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.drafting import new_issue
from standfast.apps.incidents.services.fields import IssueFields
from standfast.apps.incidents.services.locking import locked, save_version
from standfast.apps.incidents.services.scoping import check_scope
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.outbox import announce
from standfast.engine.health.lifecycle import Stage
from standfast.engine.targeting import Scope


@transaction.atomic
def open_detected(
    *,
    provider: Organisation,
    service: Service,
    feature: Feature | None,
    title: Localised,
    severity: str,
    classification: str,
    status: str,
    component_ids: Collection[int],
    start_at: datetime,
    by: Actor,
    now: datetime,
    user_impact: Localised | None = None,
) -> Issue:
    """Open a detected issue on components. A start ahead of our clock becomes now."""
    fields = IssueFields(
        service=service,
        feature=feature,
        title=title,
        user_impact=user_impact or title,
        start_at=min(start_at, now),
        severity=severity,
        classification=classification,
        status=status,
        cadence_minutes=service.cadence_minutes,
    )
    issue = new_issue(
        provider=provider,
        fields=fields,
        scope=Scope(components=frozenset(component_ids)),
        stage=Stage.DETECTED,
        by=by,
        now=now,
    )
    announce(kind="issue.detected", now=now, issue_id=issue.pk)
    return issue


@transaction.atomic
def extend_detected(
    *, issue: Issue, component_ids: Collection[int], by: Actor, now: datetime
) -> Issue:
    """Add components to what a detected or drafted issue covers.

    A published issue keeps its audience: a person widens it. The alerts show there all the same.
    """
    issue = locked(issue, version=None)
    scope = Scope.from_json(issue.scope or {})
    more = frozenset(component_ids) - scope.components
    if not more or issue.stage not in {Stage.DETECTED, Stage.DRAFT} or scope.unclear:
        return issue
    check_scope(provider=issue.provider, scope=Scope(components=more))
    issue.scope = replace(scope, components=scope.components | more).to_json()
    save_version(issue=issue, now=now)
    record(
        by=by,
        organisation=issue.provider,
        action="issue.extended",
        kind="issue",
        key=issue.reference,
        now=now,
        components=sorted(more),
    )
    return issue
