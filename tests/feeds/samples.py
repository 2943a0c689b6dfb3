"""Bodies for the feed tests: small ones of our own, and real ones kept beside the checkout."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from standfast.feeds.alerts import Alert

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SAMPLES = Path(
    os.environ.get("SAMPLES_FOLDER")
    or Path(__file__).resolve().parents[2].parent / "shared" / "samples"
)
REAL = sorted((SAMPLES / "alertmanager").glob("*.json"))


def alertmanager_alert(**changes: Any) -> dict[str, Any]:
    """One firing alert about a mailbox database, as Alertmanager writes it."""
    return {
        "status": "firing",
        "labels": {"alertname": "DatabaseDown", "mailbox_database": "mbx-0173"},
        "annotations": {"summary": "Mailbox database mbx-0173 is down."},
        "startsAt": "2026-03-01T11:58:41.839286136Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example.net/graph?g0.expr=up",
        "fingerprint": "acf61f0e84a449c5",
    } | changes


def alertmanager_body(alerts: Sequence[Any] | None = None, **changes: Any) -> bytes:
    """A notification of version 4 with the given alerts, or one."""
    document = {
        "version": "4",
        "groupKey": '{}:{alertname="DatabaseDown"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "standfast",
        "alerts": [alertmanager_alert()] if alerts is None else list(alerts),
    }
    return json.dumps(document | changes).encode()


def generic_body(**changes: Any) -> bytes:
    """One alert of our own webhook; None removes a member."""
    document = {
        "id": "disk-17",
        "status": "firing",
        "title": "Disk full",
        "component": "mbx-0173",
        "service": "exchange",
        "started_at": "2026-03-01T11:58:00Z",
    } | changes
    return json.dumps(
        {name: value for name, value in document.items() if value is not None}
    ).encode()


def an_alert(annotations: dict[str, str] | None = None, **labels: str) -> Alert:
    """A firing alert with these labels."""
    return Alert(
        fingerprint="acf61f0e84a449c5",
        status="firing",
        labels=labels,
        annotations=annotations or {},
        starts_at=NOW,
    )
