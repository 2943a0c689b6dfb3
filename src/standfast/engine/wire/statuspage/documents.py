"""The documents of `api/v2/`, as bytes joined from parts that were written once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from standfast.engine.wire.statuspage.facts import Component, Incident, Maintenance, Page
from standfast.engine.wire.statuspage.shapes import (
    component_shape,
    impact_of,
    incident_shape,
    maintenance_shape,
    page_shape,
)
from standfast.engine.wire.statuspage.words import page_status

#: How many incidents and maintenances their lists show.
LONGEST_LIST: Final = 50
CONTENT_TYPE: Final = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Facts:
    """A whole page. `incidents` and `maintenances` newest first, ended ones included."""

    page: Page
    components: tuple[Component, ...]
    incidents: tuple[Incident, ...] = ()
    maintenances: tuple[Maintenance, ...] = ()


def written(shape: Mapping[str, Any]) -> bytes:
    """One object as compact JSON."""
    return json.dumps(shape, separators=(",", ":"), ensure_ascii=False).encode()


def joined(page: bytes, **members: bytes | Sequence[bytes]) -> bytes:
    """A document: the page, then lists of objects and single objects, all written before."""
    parts = [b'{"page":', page]
    for name, value in members.items():
        parts.append(b',"%b":' % name.encode())
        if isinstance(value, bytes):
            parts.append(value)
        else:
            parts += (b"[", b",".join(value), b"]")
    parts.append(b"}")
    return b"".join(parts)


def documents(facts: Facts) -> dict[str, bytes]:
    """All documents by their name below `api/v2/`."""
    page, key = written(page_shape(facts.page)), facts.page.key
    components = [written(component_shape(each, key)) for each in facts.components]
    incidents = [(each, written(incident_shape(each, key))) for each in facts.incidents]
    works = [(each, written(maintenance_shape(each, key))) for each in facts.maintenances]
    unresolved = [text for each, text in incidents if each.is_open]
    latest = [text for _, text in incidents[:LONGEST_LIST]]
    active = [text for each, text in works if each.status in {"in_progress", "verifying"}]
    upcoming = [text for each, text in works if each.status == "scheduled"]
    status = written(status_of(facts.components, facts.incidents, facts.maintenances))
    return {
        "summary.json": joined(
            page,
            components=components,
            incidents=unresolved,
            scheduled_maintenances=[*active, *upcoming],
            status=status,
        ),
        "status.json": joined(page, status=status),
        "components.json": joined(page, components=components),
        "incidents.json": joined(page, incidents=latest),
        "incidents/unresolved.json": joined(page, incidents=unresolved),
        "scheduled-maintenances.json": joined(
            page, scheduled_maintenances=[text for _, text in works[:LONGEST_LIST]]
        ),
        "scheduled-maintenances/upcoming.json": joined(page, scheduled_maintenances=upcoming),
        "scheduled-maintenances/active.json": joined(page, scheduled_maintenances=active),
    }


def last_change(
    components: Iterable[Component],
    incidents: Iterable[Incident],
    maintenances: Iterable[Maintenance],
    *,
    since: datetime,
) -> datetime:
    """When something on the page changed last; `since` when nothing ever did.

    Components remember the incidents that are over.
    """
    moments = [
        *(each.updated_at for each in components),
        *(each.updated_at for each in incidents if each.is_open),
        *(each.updated_at for each in maintenances if each.completed_at is None),
    ]
    return max(moments, default=since)


def status_of(
    components: Iterable[Component],
    incidents: Iterable[Incident],
    maintenances: Iterable[Maintenance] = (),
) -> dict[str, str]:
    """The status of the page: the worse of its components and of what is open."""
    going_on = [impact_of(each) for each in incidents if each.is_open]
    if any(each.status in {"in_progress", "verifying"} for each in maintenances):
        going_on.append("maintenance")
    return page_status([each.status for each in components], going_on)
