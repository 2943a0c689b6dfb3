"""A provider with an Alertmanager, for tests, and what it sends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from standfast.apps.ingest.models import AlertSource, LabelRule
from standfast.apps.ingest.services.receiving import Received, receive_notification
from standfast.apps.ingest.services.rules import RuleFields, save_rule
from standfast.apps.ingest.services.sources import create_source
from tests.factories import NOW, SYSTEM
from tests.factories_incidents import World, make_world

STARTS = "2026-03-02T08:55:00.839286136Z"
ENDS = "2026-03-02T08:59:00Z"


@dataclass(frozen=True, slots=True)
class Monitored:
    """The world of the incidents' tests with an Alertmanager and one rule on `database`."""

    world: World
    source: AlertSource
    token: str
    rule: LabelRule

    def receive(self, body: bytes, *, now: datetime = NOW) -> Received:
        headers = {"Authorization": f"Bearer {self.token}"}
        return receive_notification(source=self.source, body=body, headers=headers, now=now)


def make_monitored(**rule: object) -> Monitored:
    """Make the world and its monitoring."""
    world = make_world()
    source, token = create_source(
        provider=world.provider, name="Prometheus", kind="alertmanager", by=SYSTEM, now=NOW
    )
    return Monitored(world, source, token, make_rule(source, **rule))


def make_rule(source: AlertSource, **changes: object) -> LabelRule:
    """Make a rule that takes alerts with a label `database`."""
    fields: dict[str, Any] = {
        "name": "databases",
        "matchers": [("database", "=~", ".+")],
        "component": "{database}",
        "service": "mail",
        "title": {"en": "Mailbox database {database} is down"},
        "status": "serviceDegradation",
        "severity": "high",
    }
    return save_rule(
        source=source, rule=None, fields=RuleFields(**(fields | changes)), by=SYSTEM, now=NOW
    )


def alert(database: str = "MBX-1", *, over: bool = False, **changes: Any) -> dict[str, Any]:
    """One alert as Alertmanager writes it."""
    return {
        "status": "resolved" if over else "firing",
        "labels": {"alertname": "DatabaseDown", "database": database},
        "annotations": {"summary": f"{database} does not answer."},
        "startsAt": STARTS,
        "endsAt": ENDS if over else "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example.net/graph",
        "fingerprint": f"fp-{database}",
    } | changes


def body(*alerts: dict[str, Any], group: str = "{}:{}", **changes: Any) -> bytes:
    """A notification of version 4."""
    document = {
        "version": "4",
        "groupKey": group,
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "standfast",
        "alerts": list(alerts) or [alert()],
    }
    return json.dumps(document | changes).encode()


def signed(secret: str, document: dict[str, Any], *, at: datetime) -> tuple[bytes, dict[str, str]]:
    """A body of the generic webhook with its signature headers."""
    text = json.dumps(document)
    return text.encode(), {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at.astimezone(UTC), text),
    }


def databases(names: Sequence[str]) -> list[dict[str, Any]]:
    """Firing alerts about several databases."""
    return [alert(name) for name in names]
