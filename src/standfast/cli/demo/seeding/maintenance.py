"""Planned maintenance, written by the services that people use, with `now` in the past."""

from __future__ import annotations

from datetime import datetime

from standfast.apps.catalog.models import Component
from standfast.apps.messagecenter.models import FeedAddress, Maintenance
from standfast.apps.messagecenter.queries.addresses import secret_digest
from standfast.apps.messagecenter.services.drafting import create_maintenance
from standfast.apps.messagecenter.services.fields import MaintenanceFields
from standfast.apps.messagecenter.services.running import complete, start
from standfast.apps.messagecenter.services.scheduling import cancel, move, schedule
from standfast.apps.tenancy.actor import Actor
from standfast.cli.demo.seeding.stored import Stored
from standfast.cli.demo.world.maintenance import MaintenancePlan, Step

CALENDAR = "demo-calendar-of-harrowmere"
FOLLOWED = "harrowmere-foods"


def store_calendar(stored: Stored) -> None:
    """A private address whose secret everybody knows, so that the greeting can print it."""
    FeedAddress.objects.create(
        organisation=stored.tenants[FOLLOWED],
        user=stored.people[f"admin@{FOLLOWED}.example"],
        name="Calendar on the phone",
        secret_hash=secret_digest(CALENDAR),
        hint=CALENDAR[:4],
        created_at=stored.now,
    )


def store_maintenance(plan: MaintenancePlan, stored: Stored) -> Maintenance:
    """Draft it and do its steps."""
    hour = stored.now.replace(minute=0, second=0, microsecond=0)
    begins, by = hour + plan.start, stored.person("communicator")
    moved_later = sum((step.by for step in plan.steps), start=plan.length * 0)
    ids = [stored.components[key] for key in plan.components]
    found = create_maintenance(
        provider=stored.provider,
        fields=MaintenanceFields(
            title=plan.title,
            body=plan.body,
            services=tuple(stored.services[key] for key in plan.services),
            components=tuple(Component.objects.filter(pk__in=ids)),
            start_at=begins - moved_later,
            end_at=begins - moved_later + plan.length,
            is_public=plan.is_public,
        ),
        by=by,
        now=stored.now + plan.steps[0].at,
    )
    for step in plan.steps:
        _do(found, step, by, stored.now + step.at)
        found = Maintenance.objects.get(pk=found.pk)
    return found


def _do(found: Maintenance, step: Step, by: Actor, now: datetime) -> None:
    match step.what:
        case "schedule":
            schedule(maintenance=found, version=None, by=by, now=now)
        case "move":
            assert found.start_at is not None, "a plan has a window"
            assert found.end_at is not None, "a plan has a window"
            move(
                maintenance=found,
                version=None,
                start_at=found.start_at + step.by,
                end_at=found.end_at + step.by,
                note=step.note,
                by=by,
                now=now,
            )
        case "cancel":
            cancel(maintenance=found, version=None, note=step.note, by=by, now=now)
        case "start":
            start(maintenance=found, version=None, by=by, now=now)
        case "complete":
            complete(maintenance=found, version=None, note=step.note, by=by, now=now)
