"""Trying a payload against a source's rules without storing anything."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from standfast.apps.ingest.models import AlertSource
from standfast.apps.ingest.queries.placing import Place, place_alerts
from standfast.feeds.alerts import Alert
from standfast.feeds.registry import get_feed


@dataclass(frozen=True, slots=True)
class Trial:
    """One alert of the payload and what the rules make of it."""

    alert: Alert
    place: Place


def try_payload(source: AlertSource, body: str) -> list[Trial]:
    """What receiving this body would find. Raises FeedError naming the field that is wrong."""
    limit = settings.STANDFAST_MAX_BODY_BYTES
    notification = get_feed(source.kind).parse(body.encode("utf-8", "replace"), limit=limit)
    places = place_alerts(source, notification.alerts)
    return [Trial(*pair) for pair in zip(notification.alerts, places, strict=True)]
