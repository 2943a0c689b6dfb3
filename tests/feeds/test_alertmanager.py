from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.feeds.alertmanager import parse
from standfast.feeds.alerts import fingerprint_of
from standfast.feeds.errors import BodyTooLarge, FeedError
from tests.feeds.samples import REAL, SAMPLES, alertmanager_alert, alertmanager_body

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def one(**changes: Any) -> bytes:
    return alertmanager_body([alertmanager_alert(**changes)])


def test_an_alert_is_read() -> None:
    notification = parse(alertmanager_body())
    (alert,) = notification.alerts

    assert notification.group_key == '{}:{alertname="DatabaseDown"}'
    assert (notification.status, notification.truncated) == ("firing", 0)
    assert (alert.fingerprint, alert.status) == ("acf61f0e84a449c5", "firing")
    assert alert.labels["mailbox_database"] == "mbx-0173"
    assert alert.annotations["summary"] == "Mailbox database mbx-0173 is down."
    assert alert.starts_at == datetime(2026, 3, 1, 11, 58, 41, 839286, tzinfo=UTC)
    assert alert.ends_at is None
    assert alert.generator_url.startswith("https://prometheus.example.net/")


def test_a_group_fires_while_members_are_resolved() -> None:
    resolved = alertmanager_alert(
        status="resolved", endsAt="2026-03-01T11:59:46.914Z", fingerprint="21e69dfe714f93fa"
    )

    notification = parse(alertmanager_body([resolved, alertmanager_alert()]))

    assert notification.status == "firing"
    assert [alert.status for alert in notification.alerts] == ["resolved", "firing"]
    assert notification.alerts[0].ends_at == datetime(2026, 3, 1, 11, 59, 46, 914000, tzinfo=UTC)


@pytest.mark.parametrize(
    "end",
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00-05:00", "", None],
)
def test_the_year_one_is_no_end(end: str | None) -> None:
    assert parse(one(status="resolved", endsAt=end)).alerts[0].ends_at is None


def test_the_end_of_a_firing_alert_is_only_a_time_out() -> None:
    assert parse(one(endsAt="2026-03-01T12:03:00Z")).alerts[0].ends_at is None


def test_offsets_become_utc() -> None:
    alert = parse(one(startsAt="2021-10-12T09:51:03.157076-05:30")).alerts[0]

    assert alert.starts_at == datetime(2021, 10, 12, 15, 21, 3, 157076, tzinfo=UTC)
    assert alert.starts_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        ("0001-01-01T00:00:00Z", "must be a time"),
        ("9999-12-31T23:59:59-05:00", "not a possible time"),
        ("2026-02-30T00:00:00Z", "not a possible time"),
        ("2026-03-01T11:58:41", "has no zone"),
        ("yesterday", "is not a time"),
        (1767268721, "must be text, not a number"),
        (None, "must be a time"),
    ],
)
def test_an_impossible_start_is_named(start: object, problem: str) -> None:
    with pytest.raises(FeedError, match=problem) as error:
        parse(one(startsAt=start))

    assert error.value.field == "alerts[0].startsAt"


def test_a_missing_fingerprint_is_computed_as_prometheus_does() -> None:
    alert = alertmanager_alert()
    del alert["fingerprint"]

    assert parse(alertmanager_body([alert])).alerts[0].fingerprint == fingerprint_of(
        alert["labels"]
    )


def test_truncation_is_told() -> None:
    assert parse(alertmanager_body(truncatedAlerts=7)).truncated == 7


def test_a_repeated_instance_counts_once_and_the_last_holds() -> None:
    body = alertmanager_body([alertmanager_alert(), alertmanager_alert(status="resolved")])

    assert [alert.status for alert in parse(body).alerts] == ["resolved"]


def test_long_group_keys_are_shortened_and_stay_apart() -> None:
    keys = {parse(alertmanager_body(groupKey="x" * 5000 + end)).group_key for end in "ab"}

    assert len(keys) == 2
    assert all(len(key) <= 500 for key in keys)


def test_control_characters_surrogates_and_direction_overrides_are_dropped() -> None:
    alert = parse(
        one(
            labels={"alertname": "Disk\x00 \x1b[31mfull\ud800\u202e", "b\x07": "c\r\nd"},
            annotations={"summary": "first\nsecond\x00"},
        )
    ).alerts[0]

    assert alert.labels == {"alertname": "Disk [31mfull", "b": "cd"}
    assert alert.annotations == {"summary": "first\nsecond"}


def test_a_long_annotation_is_cut_but_a_long_label_is_refused() -> None:
    assert len(parse(one(annotations={"a": "x" * 9000})).alerts[0].annotations["a"]) == 4000
    with pytest.raises(FeedError, match=r"alerts\[0\]\.labels\.a: .*at most 1,024"):
        parse(one(labels={"a": "x" * 1025}))


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "/graph", "", None, "http://[", "x" * 9999]
)
def test_a_link_that_is_none_is_dropped(link: str | None) -> None:
    assert parse(one(generatorURL=link)).alerts[0].generator_url == ""


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"{", "body"),
        (b"\xff\xfe", "body"),
        (b'{"version": NaN}', "body"),
        (b"[" * 100_000, "body"),
        (b"{}", "version"),
        (alertmanager_body(version="3"), "version"),
        (alertmanager_body(version=4), "version"),
        (alertmanager_body(status="pending"), "status"),
        (alertmanager_body(alerts=[]), "alerts"),
        (alertmanager_body(groupKey=5), "groupKey"),
        (alertmanager_body(truncatedAlerts="2"), "truncatedAlerts"),
        (alertmanager_body(truncatedAlerts=True), "truncatedAlerts"),
        (alertmanager_body(truncatedAlerts=-1), "truncatedAlerts"),
        (alertmanager_body(["x"]), "alerts[0]"),
        (alertmanager_body([alertmanager_alert(), {}]), "alerts[1].status"),
        (one(status="FIRING"), "alerts[0].status"),
        (one(labels=[]), "alerts[0].labels"),
        (one(labels={}), "alerts[0].labels"),
        (one(labels={"a": 1}), "alerts[0].labels.a"),
        (one(labels={f"l{number}": "" for number in range(65)}), "alerts[0].labels"),
        (one(annotations={"a": None}), "alerts[0].annotations.a"),
        (one(annotations="text"), "alerts[0].annotations"),
        (one(fingerprint="x" * 65), "alerts[0].fingerprint"),
    ],
)
def test_what_is_wrong_is_named(body: bytes, field: str) -> None:
    with pytest.raises(FeedError) as error:
        parse(body)

    assert error.value.field == field
    assert error.value.message


def test_too_much_at_once_is_refused() -> None:
    with pytest.raises(BodyTooLarge, match="send at most 10,000"):
        parse(b" " * 10_001, limit=10_000)
    with pytest.raises(BodyTooLarge, match="send at most 1,000 at once"):
        parse(alertmanager_body([{}] * 1001))


@given(json_values)
def test_any_json_is_read_or_refused_with_a_field(value: object) -> None:
    for body in (
        json.dumps(value, allow_nan=True).encode(),
        alertmanager_body([value]),
        one(labels=value, annotations=value),
        one(startsAt=value, endsAt=value, fingerprint=value),
    ):
        try:
            notification = parse(body)
        except FeedError as error:
            named = error.field
        else:
            named = "nothing"
            assert all(alert.starts_at.tzinfo is UTC for alert in notification.alerts)
        assert named


@pytest.mark.skipif(not REAL, reason=f"no real samples in {SAMPLES.name}; set SAMPLES_FOLDER")
def test_real_notifications_are_read() -> None:
    for path in REAL:
        document = json.loads(path.read_bytes())
        notification = parse(path.read_bytes())

        assert len(notification.alerts) == len(document["alerts"]), path.name
        assert notification.group_key == document["groupKey"]
        for alert, item in zip(notification.alerts, document["alerts"], strict=True):
            assert alert.status == item["status"]
            assert dict(alert.labels) == item["labels"]
            assert (alert.ends_at is None) == (alert.status == "firing")


@pytest.mark.skipif(not REAL, reason=f"no real samples in {SAMPLES.name}; set SAMPLES_FOLDER")
def test_computed_fingerprints_are_those_of_a_real_alertmanager() -> None:
    captured: list[Path] = [path for path in REAL if path.name.startswith("am-")]

    for path in captured:
        for alert in parse(path.read_bytes()).alerts:
            assert fingerprint_of(alert.labels) == alert.fingerprint
