"""Alert rows: one for each instance, brought up to date by every mention of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import translation

from standfast.apps.ingest.models import Alert, AlertSource
from standfast.apps.ingest.queries.placing import Place
from standfast.feeds.alerts import Alert as Mentioned
from standfast.feeds.alerts import Notification

# Notifications overtake each other by seconds. A mention as firing this long after the end is no
# straggler: the monitoring system says that the same instance fires again.
STRAGGLING = timedelta(minutes=10)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """A mention, its row, and its place."""

    mentioned: Mentioned
    row: Alert
    place: Place


def group_key_of(notification: Notification, alert: Mentioned) -> str:
    """What belongs together; without groups every problem, by its id, is a group of its own."""
    return notification.group_key or f"id:{alert.fingerprint}"


def store_alerts(
    *,
    source: AlertSource,
    notification: Notification,
    places: Sequence[Place],
    now: datetime,
) -> list[Stored]:
    """Insert or update the row of each alert. The caller holds the source's row."""
    known = _known(source, notification.alerts)
    stored, fresh, changed = [], [], []
    for alert, place in zip(notification.alerts, places, strict=True):
        row = known.get((alert.fingerprint, alert.starts_at))
        if row is None:
            row = Alert(
                source=source,
                fingerprint=alert.fingerprint,
                starts_at=alert.starts_at,
                status=alert.status,
                ends_at=_end(alert, now),
                first_received_at=now,
                times_received=0,
            )
            fresh.append(row)
        else:
            _move_on(row, alert, now)
            changed.append(row)
        _describe(row, alert, group_key_of(notification, alert), now)
        put_in_place(row, place, language=source.provider.language)
        stored.append(Stored(alert, row, place))
    Alert.objects.bulk_create(fresh, batch_size=_CHUNK)
    Alert.objects.bulk_update(changed, _CHANGING, batch_size=_CHUNK)
    return stored


_CHANGING = [
    "status",
    "ends_at",
    "labels",
    "annotations",
    "generator_url",
    "group_key",
    "rule",
    "component",
    "service",
    "problem",
    "last_received_at",
    "times_received",
]


def _known(source: AlertSource, alerts: Sequence[Mentioned]) -> dict[tuple[str, datetime], Alert]:
    found: dict[tuple[str, datetime], Alert] = {}
    for start in range(0, len(alerts), _CHUNK):
        wanted = Q(fingerprint__in={each.fingerprint for each in alerts[start : start + _CHUNK]})
        rows = Alert.objects.filter(wanted, source=source).select_related("issue")
        found |= {(row.fingerprint, row.starts_at): row for row in rows}
    return found


def _move_on(row: Alert, alert: Mentioned, now: datetime) -> None:
    """What has ended stays ended, in whatever order its mentions arrive."""
    if alert.status == "resolved":
        row.ends_at = min(filter(None, [row.ends_at, _end(alert, now)]))
        row.status = "resolved"
    elif row.status == "resolved" and row.ends_at and now - row.ends_at > STRAGGLING:
        row.status, row.ends_at = "firing", None


def _end(alert: Mentioned, now: datetime) -> datetime | None:
    return (alert.ends_at or now) if alert.status == "resolved" else None


def put_in_place(row: Alert, place: Place, *, language: str) -> None:
    """Write the place on the row (unsaved), its problem in `language`: who mends it reads it."""
    row.rule, row.component, row.service = place.rule, place.component, place.service
    with translation.override(language):
        row.problem = place.problem


def _describe(row: Alert, alert: Mentioned, group: str, now: datetime) -> None:
    row.labels, row.annotations = dict(alert.labels), dict(alert.annotations)
    row.generator_url = alert.generator_url
    row.group_key = group
    row.last_received_at = now
    row.times_received += 1
