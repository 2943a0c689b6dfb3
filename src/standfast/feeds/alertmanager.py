"""Prometheus Alertmanager's webhook, version 4, and Grafana's variant of it, version "1".

What the wild teaches: a firing alert ends in the year 1; a group stays firing while members are
resolved; times have nine fraction digits; the fingerprint may be missing.
"""

from __future__ import annotations

from typing import Any, cast

from standfast.engine.health.refusal import gettext_noop
from standfast.feeds.alerts import (
    Alert,
    AlertStatus,
    Notification,
    fingerprint_of,
    latest_of_each,
    shortened_key,
)
from standfast.feeds.errors import FeedError
from standfast.feeds.reading import (
    ALERT_LIMIT,
    BODY_LIMIT,
    as_choice,
    as_count,
    as_instant,
    as_instant_or_none,
    as_labels,
    as_link,
    as_list,
    as_notes,
    as_object,
    as_text,
    parse_object,
    required,
)

VERSIONS = ("4", "1")
STATUSES = ("firing", "resolved")


def parse(body: bytes, *, limit: int = BODY_LIMIT) -> Notification:
    """The notification in `body`; raises `FeedError` naming the field when it cannot be used."""
    document = parse_object(body, limit=limit)
    as_choice(required(document, "version"), "version", VERSIONS)
    status = as_choice(required(document, "status"), "status", STATUSES)
    items = as_list(required(document, "alerts"), "alerts", limit=ALERT_LIMIT)
    if not items:
        raise FeedError("alerts", gettext_noop("is empty; Alertmanager sends at least one alert."))
    return Notification(
        group_key=shortened_key(as_text(document.get("groupKey", ""), "groupKey", longest=limit)),
        status=cast("AlertStatus", status),
        truncated=as_count(document.get("truncatedAlerts", 0), "truncatedAlerts"),
        alerts=latest_of_each(
            _alert(as_object(item, f"alerts[{place}]"), f"alerts[{place}].")
            for place, item in enumerate(items)
        ),
    )


def _alert(item: dict[str, Any], path: str) -> Alert:
    status = cast(
        "AlertStatus", as_choice(required(item, "status", path), f"{path}status", STATUSES)
    )
    labels = as_labels(required(item, "labels", path), f"{path}labels")
    if not labels:
        raise FeedError(
            f"{path}labels", gettext_noop("is empty; an alert needs at least one label.")
        )
    ends_at = as_instant_or_none(item.get("endsAt"), f"{path}endsAt")
    return Alert(
        fingerprint=_fingerprint(item.get("fingerprint"), labels, path),
        status=status,
        labels=labels,
        annotations=as_notes(item.get("annotations") or {}, f"{path}annotations"),
        starts_at=as_instant(required(item, "startsAt", path), f"{path}startsAt"),
        # While an alert fires, its end is only when Prometheus would forget it.
        ends_at=ends_at if status == "resolved" else None,
        generator_url=as_link(item.get("generatorURL"), f"{path}generatorURL"),
    )


def _fingerprint(value: object, labels: dict[str, str], path: str) -> str:
    given = as_text(value or "", f"{path}fingerprint", longest=64)
    return given or fingerprint_of(labels)
