"""Small pages of our own for the Statuspage tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from standfast.engine.wire.statuspage.documents import Facts
from standfast.engine.wire.statuspage.facts import Component, Incident, Maintenance, Page, Update

NOW = datetime(2026, 11, 26, 12, 0, 0, 123_456, tzinfo=UTC)
PAGE = Page("contoso", "Contoso Cloud", "https://status.example.org/status/contoso/", NOW)
MAIL = Component("mail", "Mail", "partial_outage", NOW, NOW, 1, "Mailbox access")
CHAT = Component("chat", "Chat", "operational", NOW, NOW, 2)


def incident(*statuses: str, key: str = "EX1", **changes: Any) -> Incident:
    """An incident that had these statuses, oldest first, one update each."""
    updates = tuple(
        Update(str(number), status, f"Update {number}", NOW + timedelta(minutes=number))
        for number, status in enumerate(statuses, start=1)
    )
    last = statuses[-1]
    made = Incident(
        key=key,
        name="Mail is slow",
        status=last,
        severity="normal",
        classification="incident",
        url=f"https://status.example.org/status/contoso/issues/{key}/",
        created_at=NOW,
        updated_at=updates[-1].at,
        started_at=NOW - timedelta(minutes=9),
        resolved_at=updates[-1].at if last in {"serviceRestored", "falsePositive"} else None,
        components=(MAIL,),
        updates=updates[::-1],
    )
    return replace(made, **changes)


def maintenance(status: str = "scheduled", key: str = "MC1", **changes: Any) -> Maintenance:
    """Planned work tomorrow."""
    made = Maintenance(
        key=key,
        name="New storage",
        status=status,
        url="https://status.example.org/status/contoso/maintenance/MC1/",
        created_at=NOW,
        updated_at=NOW,
        scheduled_for=NOW + timedelta(days=1),
        scheduled_until=NOW + timedelta(days=1, hours=2),
        components=(CHAT,),
        updates=(Update("2", status, "It goes on.", NOW), Update("1", "scheduled", "Soon.", NOW)),
    )
    return replace(made, **changes)


def facts(**changes: Any) -> Facts:
    """Two components, an open incident, an ended one, planned work."""
    made = Facts(
        PAGE,
        (MAIL, CHAT),
        (
            incident("investigating", "serviceDegradation", key="EX2"),
            incident("investigating", "verifyingService", "serviceRestored", key="EX1"),
        ),
        (maintenance(),),
    )
    return replace(made, **changes)
