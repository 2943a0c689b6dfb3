"""Alerts without a place, tried again after somebody mended the rules or the catalog."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from standfast.apps.ingest.models import Alert, AlertSource
from standfast.apps.ingest.queries.placing import place_alerts
from standfast.apps.ingest.services.opening import tie_to_issues
from standfast.apps.ingest.services.storing import Stored, put_in_place
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.services.audit import record
from standfast.feeds.alerts import Alert as Mentioned
from standfast.feeds.alerts import AlertStatus

NOT_OLDER_THAN = timedelta(days=30)
AT_ONCE = 1_000


@transaction.atomic
def place_again(*, source: AlertSource, by: Actor, now: datetime) -> int:
    """Ask the rules again about alerts that have no place. Returns how many have one now."""
    locked = AlertSource.objects.select_for_update(of=("self",)).select_related("provider")
    source = locked.get(pk=source.pk)
    rows = Alert.objects.filter(
        source=source, issue__isnull=True, last_received_at__gte=now - NOT_OLDER_THAN
    ).exclude(problem="")[:AT_ONCE]
    mentioned = [_mentioned(row) for row in rows]
    places = place_alerts(source, mentioned)
    stored = [Stored(*each) for each in zip(mentioned, rows, places, strict=True)]
    placed = [each for each in stored if each.place.service is not None]
    for each in stored:
        put_in_place(each.row, each.place, language=source.provider.language)
    Alert.objects.bulk_update(
        [each.row for each in stored], ["rule", "component", "service", "problem"], batch_size=500
    )
    tie_to_issues(source=source, stored=placed, now=now)
    record(
        by=by,
        organisation=source.provider,
        action="source.placed_again",
        kind="alert source",
        key=source.key,
        now=now,
        asked=len(stored),
        placed=len(placed),
    )
    return len(placed)


def _mentioned(row: Alert) -> Mentioned:
    return Mentioned(
        fingerprint=row.fingerprint,
        status=cast("AlertStatus", row.status),
        labels=row.labels,
        annotations=row.annotations,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        generator_url=row.generator_url,
    )
