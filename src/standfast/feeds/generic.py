"""Our own webhook for any program that finds a problem: small, signed (see `signature`).

The body is one alert, or `{"alerts": [...]}` with several:

    {"id": "disk-17", "status": "firing", "title": "Disk full on mbx-0173",
     "component": "mbx-0173", "service": "exchange", "started_at": "2026-01-31T14:00:00Z",
     "ended_at": null, "severity": "high", "description": "…", "url": "https://…", "labels": {}}

Required are id, status, title and started_at. The id and the start name the instance: sending it
again updates it, sending it as resolved ends it. What the label rules see are `labels` and, as
labels, alertname (the title), component, service and severity.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, cast

from standfast.engine.health.refusal import gettext_noop
from standfast.feeds.alerts import Alert, AlertStatus, Notification, latest_of_each
from standfast.feeds.errors import FeedError
from standfast.feeds.reading import (
    ALERT_LIMIT,
    BODY_LIMIT,
    as_choice,
    as_instant,
    as_instant_or_none,
    as_labels,
    as_link,
    as_list,
    as_note,
    as_object,
    as_text,
    parse_object,
    required,
)

STATUSES = ("firing", "resolved")
#: Member of the body → label that it becomes.
AS_LABELS = {
    "title": "alertname",
    "component": "component",
    "service": "service",
    "severity": "severity",
}
MEMBERS = frozenset(
    {"id", "status", "started_at", "ended_at", "description", "url", "labels", *AS_LABELS}
)


def parse(body: bytes, *, limit: int = BODY_LIMIT) -> Notification:
    """The notification in `body`; raises `FeedError` naming the field when it cannot be used."""
    document = parse_object(body, limit=limit)
    if "alerts" in document:
        items = as_list(document["alerts"], "alerts", limit=ALERT_LIMIT)
        if not items:
            raise FeedError("alerts", gettext_noop("is empty; send at least one alert."))
        alerts = latest_of_each(
            _alert(as_object(item, f"alerts[{place}]"), f"alerts[{place}].")
            for place, item in enumerate(items)
        )
    else:
        alerts = (_alert(document, ""),)
    firing = any(alert.status == "firing" for alert in alerts)
    return Notification(
        group_key="",
        status="firing" if firing else "resolved",
        truncated=0,
        alerts=alerts,
    )


def _alert(item: dict[str, Any], path: str) -> Alert:
    if unknown := sorted(item.keys() - MEMBERS):
        raise FeedError(
            f"{path}{unknown[0]}"[:200],
            gettext_noop("is not known here; use %(allowed)s."),
            allowed=", ".join(sorted(MEMBERS)),
        )
    status = as_choice(required(item, "status", path), f"{path}status", STATUSES)
    starts_at = as_instant(required(item, "started_at", path), f"{path}started_at")
    ends_at = as_instant_or_none(item.get("ended_at"), f"{path}ended_at")
    if status == "firing" and ends_at is not None:
        raise FeedError(f"{path}ended_at", gettext_noop("is set although the status is firing."))
    if ends_at is not None and ends_at < starts_at:
        raise FeedError(f"{path}ended_at", gettext_noop("is before started_at."))
    description = as_note(item.get("description") or "", f"{path}description")
    return Alert(
        fingerprint=_fingerprint(required(item, "id", path), path),
        status=cast("AlertStatus", status),
        labels=_labels(item, path),
        annotations={"description": description} if description else {},
        starts_at=starts_at,
        ends_at=ends_at,
        generator_url=as_link(item.get("url"), f"{path}url"),
    )


def _fingerprint(value: object, path: str) -> str:
    given = as_text(value, f"{path}id")
    if not given:
        raise FeedError(f"{path}id", gettext_noop("is empty; give each problem an id of its own."))
    return given if len(given) <= 64 else sha256(given.encode()).hexdigest()


def _labels(item: dict[str, Any], path: str) -> dict[str, str]:
    labels = as_labels(item.get("labels") or {}, f"{path}labels")
    for member, label in AS_LABELS.items():
        if label in labels:
            raise FeedError(
                f"{path}labels.{label}",
                gettext_noop("is taken; the member %(member)s sets it."),
                member=member,
            )
        if item.get(member) is not None:
            labels[label] = as_text(item[member], f"{path}{member}")
    if not labels.get("alertname"):
        raise FeedError(
            f"{path}title", gettext_noop("is missing; say in a few words what is wrong.")
        )
    return labels
