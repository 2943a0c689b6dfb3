"""Monitoring sources with fixed credentials, their rules, and the alerts that wait for a person."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from standfast.apps.ingest.models import AlertSource
from standfast.apps.ingest.services.receiving import receive_notification
from standfast.apps.ingest.services.rules import RuleFields, save_rule
from standfast.apps.ingest.services.sources import credential_hash
from standfast.apps.tenancy.sealing import seal
from standfast.channels.webhook.signing import make_secret
from standfast.cli.demo.seeding.stored import Stored
from standfast.cli.demo.world.reading import read

# Known to everybody, so that a newcomer can post an alert to the demo with one line.
ALERT_TOKEN = "sfi_demo-lanterns-on-the-water"  # noqa: S105 - public on purpose
SIGNING_SECRET = make_secret(b"the demo's secret is no secret..")
REPEATED_AFTER = timedelta(minutes=4)


def source_keys() -> list[str]:
    """The keys of the sources; alerts are posted to the address that ends with one."""
    return [row["key"] for row in read("monitoring")["source"]]


def store_sources(stored: Stored) -> None:
    """Store the sources under fixed keys, and their rules."""
    at = stored.now - timedelta(days=300)
    for row in read("monitoring")["source"]:
        signed = row["kind"] == "generic"
        source = AlertSource.objects.create(
            provider=stored.provider,
            key=row["key"],
            name=row["name"],
            kind=row["kind"],
            token_hash="" if signed else credential_hash(ALERT_TOKEN),
            secret=seal(SIGNING_SECRET) if signed else "",
            created_at=at,
        )
        for rule in row.get("rule", []):
            fields = {name: value for name, value in rule.items() if name != "when"}
            save_rule(
                source=source,
                rule=None,
                fields=RuleFields(matchers=rule["when"], **fields),
                by=stored.person("engineer"),
                now=at,
            )


def receive_alerts(stored: Stored) -> None:
    """Let monitoring tell of a problem twice, as Alertmanager repeats itself."""
    row = read("open_now")["detected"]
    source = AlertSource.objects.get(key=row["source"])
    began = stored.now - timedelta(minutes=row["minutes_ago"])
    headers = {"Authorization": f"Bearer {ALERT_TOKEN}"}
    body = _notification(row, began)
    for at in (began, began + REPEATED_AFTER):
        receive_notification(source=source, body=body, headers=headers, now=at)


def _notification(row: dict[str, Any], began: datetime) -> bytes:
    """The version 4 webhook of Alertmanager."""
    alerts = [
        {
            "status": "firing",
            "labels": labels,
            "annotations": {"summary": row["summary"]},
            "startsAt": began.isoformat(),
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "",
        }
        for labels in row["alerts"]
    ]
    body = {
        "version": "4",
        "groupKey": row["group"],
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "standfast",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "",
        "alerts": alerts,
    }
    return json.dumps(body).encode()
