"""Planned maintenance for tests, made through the services as people make it."""

from __future__ import annotations

from datetime import datetime, timedelta

from standfast.apps.messagecenter.models import Maintenance
from standfast.apps.messagecenter.services.drafting import create_maintenance
from standfast.apps.messagecenter.services.fields import MaintenanceFields
from standfast.apps.messagecenter.services.scheduling import schedule
from tests.factories import NOW, SYSTEM
from tests.factories_incidents import World

START = NOW + timedelta(days=3)
END = START + timedelta(hours=2)
TITLE = {"en": "New storage for mailboxes", "zh-hant": "更換信箱儲存設備"}
BODY = {"en": "Mail is slow in these hours.", "zh-hant": "這段期間郵件較慢。"}
NOTE = {"en": "The parts arrive later.", "zh-hant": "零件較晚送達。"}


def maintenance_fields(world: World, **changes: object) -> MaintenanceFields:
    """Sensible fields of a maintenance of the whole service, with some changed."""
    values: dict[str, object] = {
        "title": TITLE,
        "body": BODY,
        "services": (world.service,),
        "start_at": START,
        "end_at": END,
    }
    return MaintenanceFields(**{**values, **changes})  # type: ignore[arg-type]


def draft_maintenance(world: World, *, now: datetime = NOW, **changes: object) -> Maintenance:
    """Store a draft of the world's provider."""
    fields = maintenance_fields(world, **changes)
    return create_maintenance(provider=world.provider, fields=fields, by=SYSTEM, now=now)


def schedule_maintenance(world: World, *, now: datetime = NOW, **changes: object) -> Maintenance:
    """Draft and schedule a maintenance; as stored afterwards."""
    draft = draft_maintenance(world, now=now, **changes)
    schedule(maintenance=draft, version=draft.version, by=SYSTEM, now=now)
    return again(draft)


def again(maintenance: Maintenance) -> Maintenance:
    """The maintenance as it is stored now."""
    return Maintenance.objects.select_related("provider", "audience").get(pk=maintenance.pk)
