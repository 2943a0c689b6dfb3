"""From stored alerts to issues: an open one is fed, or a detected one is opened."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.detection import extend_detected, open_detected
from standfast.apps.incidents.services.publishing import publish_detected
from standfast.apps.ingest.models import Alert, AlertSource
from standfast.apps.ingest.services.storing import Stored
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.engine.health.severity import severity_rank

logger = logging.getLogger(__name__)

OPEN_STAGES = ("detected", "draft", "published")
# An alert that was over before its group had an issue is tied to it only when it is recent.
RECENT = timedelta(hours=24)


def tie_to_issues(*, source: AlertSource, stored: Sequence[Stored], now: datetime) -> list[Issue]:
    """Tie the placed alerts to issues, one for each service; returns the issues that they feed.

    A mention as firing opens an issue even when the alert is known to be over by now: whatever the
    order of arrival, the outage was there. An alert keeps its issue, also a closed one.
    """
    by = Actor.system(f"monitoring {source.name}")
    by_service: dict[Service, list[Stored]] = {}
    for each in stored:
        if each.place.service is not None:
            by_service.setdefault(each.place.service, []).append(each)
    issues = []
    for service, group in by_service.items():
        try:
            # Why something is refused is noted for the provider's people.
            with translation.override(source.provider.language), transaction.atomic():
                issue = _feed(source, service, group, by, now)
        except Refused as refused:
            logger.warning("alerts of %s open no issue: %s", source.key, refused)
            _note(group, str(refused))
        else:
            if issue is not None:
                issues.append(issue)
    return issues


def _feed(
    source: AlertSource, service: Service, group: list[Stored], by: Actor, now: datetime
) -> Issue | None:
    keys = {each.row.group_key for each in group}
    issue = _open_issue(source, service, keys)
    firing = [
        each
        for each in group
        if each.mentioned.status == "firing" and each.row.issue_id in {None, issue and issue.pk}
    ]
    if firing:
        components = {each.place.component.pk for each in firing if each.place.component}
        if issue is None:
            issue = _opened(source, service, firing, components=components, by=by, now=now)
        else:
            issue = extend_detected(issue=issue, component_ids=components, by=by, now=now)
    if issue is not None:
        _tie(source, service, issue, group, now)
        _publish_if_wanted(issue, firing, by, now)
    return issue


def _open_issue(source: AlertSource, service: Service, keys: set[str]) -> Issue | None:
    """The open issue about this service that alerts of the same groups feed already."""
    tied = Alert.objects.filter(
        source=source,
        group_key__in=keys,
        issue__service=service,
        issue__stage__in=OPEN_STAGES,
    ).select_related("issue")
    newest = tied.order_by("-issue_id").first()
    return newest.issue if newest else None


def _opened(
    source: AlertSource,
    service: Service,
    firing: list[Stored],
    *,
    components: set[int],
    by: Actor,
    now: datetime,
) -> Issue:
    first = min(firing, key=lambda each: (each.mentioned.starts_at, each.mentioned.fingerprint))
    rules = [each.place.match.rule for each in firing if each.place.match]
    leading = first.place.match
    assert leading is not None  # placed alerts have matched
    return open_detected(
        provider=source.provider,
        service=service,
        feature=first.place.feature,
        title=first.place.title,
        severity=max((rule.severity for rule in rules), key=severity_rank),
        classification=leading.rule.classification,
        status=leading.rule.status,
        component_ids=components,
        start_at=first.mentioned.starts_at,
        by=by,
        now=now,
    )


def _tie(
    source: AlertSource, service: Service, issue: Issue, group: list[Stored], now: datetime
) -> None:
    free = [each.row for each in group if each.row.issue_id is None]
    for row in free:
        row.issue = issue
    Alert.objects.filter(pk__in=[row.pk for row in free]).update(issue=issue)
    # What came earlier as already over, when the group had no issue yet, belongs to it as well.
    earlier = Alert.objects.filter(
        source=source,
        group_key__in={each.row.group_key for each in group},
        issue__isnull=True,
        service=service,
        last_received_at__gte=now - RECENT,
    )
    earlier.update(issue=issue)


def _publish_if_wanted(issue: Issue, firing: list[Stored], by: Actor, now: datetime) -> None:
    wanted = any(each.place.match and each.place.match.rule.auto_publish for each in firing)
    if not wanted or issue.stage != "detected":
        return
    try:
        publish_detected(issue=issue, by=by, now=now)
    except Refused as refused:
        # It stays detected: a person sees it, with the reason beside the alerts.
        _note(firing, _("not published by itself: %(reason)s") % {"reason": refused.message})


def _note(group: list[Stored], problem: str) -> None:
    Alert.objects.filter(pk__in=[each.row.pk for each in group]).update(problem=problem[:300])
