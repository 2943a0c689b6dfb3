"""The JSON objects of Statuspage's API, with every field that its clients read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from standfast.engine.wire.statuspage.facts import Component, Incident, Maintenance, Page, Update
from standfast.engine.wire.statuspage.words import component_status, impact, incident_status

_LETTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
Shape = dict[str, Any]


@lru_cache(maxsize=16_384)  # a document names its page with every component
def stable_id(kind: str, key: str) -> str:
    """Twelve letters and digits that stand for one thing for ever, as Statuspage's ids look."""
    number = int.from_bytes(hashlib.sha256(f"{kind}:{key}".encode()).digest()[:9])
    letters = []
    for _ in range(12):
        number, place = divmod(number, 36)
        letters.append(_LETTERS[place])
    return "".join(letters)


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def page_shape(page: Page) -> Shape:
    """The page itself."""
    return {
        "id": stable_id("page", page.key),
        "name": page.name,
        "url": page.url,
        "time_zone": page.time_zone,
        "updated_at": moment(page.updated_at),
    }


def component_shape(component: Component, page_key: str) -> Shape:
    """One component."""
    return {
        "id": component_id(component.key),
        "name": component.name,
        "status": component.status,
        "created_at": moment(component.created_at),
        "updated_at": moment(component.updated_at),
        "position": component.position,
        "description": component.description or None,
        "showcase": True,
        "start_date": component.created_at.astimezone(UTC).date().isoformat(),
        "group_id": None,
        "page_id": stable_id("page", page_key),
        "group": False,
        "only_show_if_degraded": False,
    }


def component_id(key: str) -> str:
    """The id of a component, the same on every page that shows it."""
    return stable_id("component", key)


def incident_shape(incident: Incident, page_key: str) -> Shape:
    """One incident with its updates and components."""
    before = [update.status for update in incident.updates[1:]]
    changes = [
        _component_changes(incident.components, _made(old, incident), _made(each.status, incident))
        for each, old in zip(incident.updates, [*before, None], strict=False)
    ]
    statuses = [incident_status(update.status) for update in incident.updates]
    began_monitoring = _since(incident.updates, statuses, "monitoring")
    return {
        **_common(incident, page_key, incident.started_at),
        "status": incident_status(incident.status),
        "monitoring_at": moment(began_monitoring),
        "resolved_at": moment(incident.resolved_at),
        "impact": impact_of(incident),
        "incident_updates": _updates(incident, statuses, changes),
    }


def impact_of(incident: Incident) -> str:
    """The impact of an incident so far."""
    had = (incident.status, *(update.status for update in incident.updates))
    return impact(had, severity=incident.severity, classification=incident.classification)


def maintenance_shape(maintenance: Maintenance, page_key: str) -> Shape:
    """One maintenance with its updates and components."""
    before = [update.status for update in maintenance.updates[1:]]
    changes = [
        _component_changes(maintenance.components, _work(old), _work(each.status))
        for each, old in zip(maintenance.updates, [*before, None], strict=False)
    ]
    statuses = [update.status for update in maintenance.updates]
    return {
        **_common(maintenance, page_key, maintenance.created_at),
        "status": maintenance.status,
        "monitoring_at": moment(_since(maintenance.updates, statuses, "verifying")),
        "resolved_at": moment(maintenance.completed_at),
        "impact": "maintenance",
        "incident_updates": _updates(maintenance, statuses, changes),
        "scheduled_for": moment(maintenance.scheduled_for),
        "scheduled_until": moment(maintenance.scheduled_until),
    }


def _common(thing: Incident | Maintenance, page_key: str, started_at: datetime) -> Shape:
    return {
        "id": stable_id("incident", thing.key),
        "name": thing.name,
        "created_at": moment(thing.created_at),
        "updated_at": moment(thing.updated_at),
        "shortlink": thing.url,
        "started_at": moment(started_at),
        "page_id": stable_id("page", page_key),
        "components": [component_shape(each, page_key) for each in thing.components],
        "reminder_intervals": None,
    }


def _updates(
    thing: Incident | Maintenance, statuses: Sequence[str], changes: Sequence[list[Shape]]
) -> list[Shape]:
    return [
        {
            "id": stable_id("update", f"{thing.key}/{update.key}"),
            "status": status,
            "body": update.body,
            "incident_id": stable_id("incident", thing.key),
            "created_at": moment(update.at),
            "updated_at": moment(update.at),
            "display_at": moment(update.at),
            "affected_components": change or None,
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }
        for update, status, change in zip(thing.updates, statuses, changes, strict=True)
    ]


def _component_changes(components: Sequence[Component], old: str, new: str) -> list[Shape]:
    return [
        {"code": component_id(each.key), "name": each.name, "old_status": old, "new_status": new}
        for each in components
    ]


def _made(status: str | None, incident: Incident) -> str:
    if status is None:
        return "operational"
    return component_status(status, severity=incident.severity)


def _work(status: str | None) -> str:
    return "under_maintenance" if status in {"in_progress", "verifying"} else "operational"


def _since(updates: Sequence[Update], statuses: Sequence[str], wanted: str) -> datetime | None:
    """When the newest run of updates with a status began; the updates are newest first."""
    began = None
    for update, status in zip(updates, statuses, strict=True):
        if status == wanted:
            began = update.at
        elif began is not None:
            break
    return began
