from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from standfast.feeds.errors import FeedError
from standfast.feeds.generic import parse
from tests.feeds.samples import generic_body


def test_one_alert_is_read() -> None:
    (alert,) = parse(
        generic_body(
            severity="high", description="Two lines\nof text", url="https://runbook.example/17"
        )
    ).alerts

    assert (alert.fingerprint, alert.status) == ("disk-17", "firing")
    assert alert.labels == {
        "alertname": "Disk full",
        "component": "mbx-0173",
        "service": "exchange",
        "severity": "high",
    }
    assert alert.annotations == {"description": "Two lines\nof text"}
    assert alert.starts_at == datetime(2026, 3, 1, 11, 58, tzinfo=UTC)
    assert alert.generator_url == "https://runbook.example/17"


def test_labels_of_the_sender_are_kept() -> None:
    assert parse(generic_body(labels={"region": "eu-1"})).alerts[0].labels["region"] == "eu-1"


def test_several_alerts_make_a_group_that_fires_while_one_does() -> None:
    items = [
        json.loads(generic_body(id="a", status="resolved", ended_at="2026-03-01T12:00:00Z")),
        json.loads(generic_body(id="b")),
    ]

    notification = parse(json.dumps({"alerts": items}).encode())

    assert notification.status == "firing"
    assert [alert.fingerprint for alert in notification.alerts] == ["a", "b"]
    assert parse(json.dumps({"alerts": items[:1]}).encode()).status == "resolved"


def test_long_ids_stay_apart() -> None:
    fingerprints = {
        parse(generic_body(id="x" * 100 + end)).alerts[0].fingerprint for end in ("a", "b")
    }

    assert len(fingerprints) == 2
    assert all(len(fingerprint) == 64 for fingerprint in fingerprints)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"id": ""}, "id"),
        ({"id": 17}, "id"),
        ({"status": "broken"}, "status"),
        ({"title": None}, "title"),
        ({"title": "\x00"}, "title"),
        ({"started_at": None}, "started_at"),
        ({"started_at": "2026-03-01T11:58:00"}, "started_at"),
        ({"ended_at": "2026-03-01T12:00:00Z"}, "ended_at"),
        ({"status": "resolved", "ended_at": "2026-03-01T11:00:00Z"}, "ended_at"),
        ({"labels": {"service": "mail"}}, "labels.service"),
        ({"component": 173}, "component"),
        ({"compnent": "mbx-0173"}, "compnent"),
        ({"alerts": []}, "alerts"),
        ({"alerts": {}}, "alerts"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FeedError) as error:
        parse(generic_body(**changes))

    assert error.value.field == field


def test_what_is_wrong_in_a_list_is_named_with_its_place() -> None:
    item = json.loads(generic_body())

    with pytest.raises(FeedError) as error:
        parse(json.dumps({"alerts": [item, item | {"status": 1}]}).encode())

    assert error.value.field == "alerts[1].status"
