"""Receiving one notification: log, alerts and issues in one transaction.

The source's row is locked first, so two notifications of one source never race; receiving one
again, in whatever order, leads to the same alerts and the same issues.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation

from standfast.apps.ingest.models import AlertSource
from standfast.apps.ingest.models import Notification as Logged
from standfast.apps.ingest.queries.placing import place_alerts
from standfast.apps.ingest.queries.wording import in_words
from standfast.apps.ingest.services.admission import check_bearer, parsed
from standfast.apps.ingest.services.opening import tie_to_issues
from standfast.apps.ingest.services.storing import store_alerts
from standfast.feeds.alerts import Notification
from standfast.feeds.errors import BadSignature, FeedError, Sentence

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a notification.

    `issues` are references, `problems` (in English) one per unplaced alert.
    """

    alerts: int
    issues: list[str]
    problems: list[str]


def receive_notification(
    *, source: AlertSource, body: bytes, headers: Mapping[str, str], now: datetime
) -> Received:
    """Take a body from an active source (`admission.source_at`).

    Raises NotAdmitted or BadSignature when it is not from the source, FeedError when it cannot be
    used; then the source says so in the console, and nothing else is stored.
    """
    check_bearer(source, headers.get("Authorization", ""), now=now)
    try:
        notification = parsed(source, body, headers, now=now)
    except BadSignature as error:
        # Anybody can cause this, so it fills no log.
        said = _in_its_language(source, error.whole)
        AlertSource.objects.filter(pk=source.pk).update(last_error=said)
        raise
    except FeedError as error:
        _log_refused(source, _in_its_language(source, error.whole), now)
        raise
    return _take(source, notification, now)


@transaction.atomic
def _take(source: AlertSource, notification: Notification, now: datetime) -> Received:
    locked = AlertSource.objects.select_for_update(of=("self",)).select_related("provider")
    source = locked.get(pk=source.pk)
    places = place_alerts(source, notification.alerts)
    stored = store_alerts(source=source, notification=notification, places=places, now=now)
    issues = tie_to_issues(source=source, stored=stored, now=now)
    problems = [place.remark for place in places if place.service is None and place.remark]
    Logged.objects.create(
        source=source,
        received_at=now,
        group_key=notification.group_key,
        alerts=len(notification.alerts),
        truncated=notification.truncated,
        outcome="unplaced" if problems else "taken",
        error=_in_its_language(source, problems[0]) if problems else "",
    )
    AlertSource.objects.filter(pk=source.pk).update(last_received_at=now, last_error="")
    Logged.objects.filter(source=source, received_at__lt=now - KEPT).delete()
    return Received(
        alerts=len(stored),
        issues=[issue.reference for issue in issues],
        problems=[str(problem) for problem in problems],
    )


def _in_its_language(source: AlertSource, said: Sentence) -> str:
    """Words for the log: in the language of the provider, whose people read it."""
    with translation.override(source.provider.language):
        return in_words(said)[:500]


@transaction.atomic
def _log_refused(source: AlertSource, error: str, now: datetime) -> None:
    Logged.objects.create(source=source, received_at=now, outcome="refused", error=error)
    AlertSource.objects.filter(pk=source.pk).update(last_error=error)
