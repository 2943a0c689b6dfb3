"""Monitoring sources, their rules and what they sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from standfast.apps.ingest.models import Alert, AlertSource, LabelRule, Notification
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.access import Access

PAGE_SIZE = 50
QUIET_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source does. `state` is off, waiting (never heard of), failing, quiet or ok."""

    source: AlertSource
    state: str
    firing: int
    unplaced: int
    rules: int


def sources_of(provider: Organisation, *, now: datetime) -> list[SourceHealth]:
    """The provider's sources with their health, by name."""
    rows = AlertSource.objects.filter(provider=provider).annotate(
        firing=Count("alerts", filter=Q(alerts__status="firing"), distinct=True),
        unplaced=Count(
            "alerts",
            filter=Q(alerts__status="firing", alerts__issue__isnull=True) & ~Q(alerts__problem=""),
            distinct=True,
        ),
        rule_count=Count("rules", distinct=True),
    )
    return [
        SourceHealth(row, state_of(row, now=now), row.firing, row.unplaced, row.rule_count)
        for row in rows.order_by("name", "id")
    ]


def state_of(source: AlertSource, *, now: datetime) -> str:
    """One word for how the source does."""
    if not source.is_active:
        return "off"
    if source.last_error:
        return "failing"
    if source.last_received_at is None:
        return "waiting"
    return "quiet" if now - source.last_received_at > QUIET_AFTER else "ok"


def get_source_for(access: Access, source_id: int) -> AlertSource:
    """One source of the provider. Raises NoAccess."""
    found = (
        AlertSource.objects.filter(provider=access.organisation, pk=source_id)
        .select_related("provider")
        .first()
    )
    if access.face != "provider" or found is None:
        raise NoAccess
    return found


def source_by_key(key: str) -> AlertSource | None:
    """The source that an address names; who may post there is checked by the caller."""
    return AlertSource.objects.filter(key=key).select_related("provider").first()


def rules_of(source: AlertSource) -> list[LabelRule]:
    """The rules in the order in which they are asked."""
    return list(source.rules.order_by("position", "id"))


def get_rule_for(access: Access, rule_id: int) -> LabelRule:
    """One rule of one of the provider's sources. Raises NoAccess."""
    rows = LabelRule.objects.filter(source__provider=access.organisation)
    found = rows.filter(pk=rule_id).select_related("source__provider").first()
    if access.face != "provider" or found is None:
        raise NoAccess
    return found


def notifications_of(source: AlertSource, *, page: int | str = 1) -> Page[Notification]:
    """What the source sent, newest first."""
    return Paginator(source.notifications.order_by("-id"), PAGE_SIZE).get_page(page)


def unplaced_alerts(
    provider: Organisation, *, source: AlertSource | None = None, page: int | str = 1
) -> Page[Alert]:
    """Alerts that no issue knows of because they name no place, firing ones first."""
    rows = Alert.objects.filter(source__provider=provider, issue__isnull=True).exclude(problem="")
    if source is not None:
        rows = rows.filter(source=source)
    rows = rows.select_related("source").order_by("status", "-last_received_at")
    return Paginator(rows, PAGE_SIZE).get_page(page)
