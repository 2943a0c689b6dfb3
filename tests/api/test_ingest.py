"""The address that monitoring systems post to: who gets in, what is refused, how it is answered."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from standfast.apps.catalog.index import forget_index
from standfast.apps.incidents.models import Issue
from standfast.apps.ingest.models import Alert, AlertSource, Notification
from standfast.apps.ingest.services.sources import change_source, create_source, rotate_credential
from tests.factories import SYSTEM, make_component, make_placement, make_tenant
from tests.factories_ingest import Monitored, alert, body, make_monitored, signed
from tests.feeds.samples import REAL

urlpatterns = [path("api/ingest/", include("standfast.api.ingest"))]


@pytest.fixture(autouse=True)
def _only_this_api(settings: Settings) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    forget_index()
    yield
    forget_index()


@pytest.fixture
def monitored(db: None) -> Monitored:
    return make_monitored()


def post(key: str, sent: bytes, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().post(
        f"/api/ingest/{key}/", sent, content_type="application/json", headers=named
    )


def send(monitored: Monitored, sent: bytes) -> Any:
    return post(monitored.source.key, sent, authorization=f"Bearer {monitored.token}")


def test_a_notification_is_taken(monitored: Monitored) -> None:
    response = send(monitored, body())
    assert response.status_code == 200
    assert response.json() == {
        "status": "taken",
        "alerts": 1,
        "issues": [Issue.objects.get().reference],
        "problems": [],
    }


def test_everybody_without_business_gets_the_same_answer(monitored: Monitored) -> None:
    off, token = create_source(
        provider=monitored.world.provider,
        name="off",
        kind="alertmanager",
        by=SYSTEM,
        now=datetime.now(UTC),
    )
    change_source(source=off, name="off", is_active=False, by=SYSTEM, now=datetime.now(UTC))
    hook, _secret = create_source(
        provider=monitored.world.provider,
        name="hook",
        kind="generic",
        by=SYSTEM,
        now=datetime.now(UTC),
    )
    key = monitored.source.key
    answers = [
        post("nobody-knows", body(), authorization=f"Bearer {monitored.token}"),
        post(key, body()),
        post(key, body(), authorization="Bearer wrong"),
        post(key, body(), authorization=f"Basic {monitored.token}"),
        post(off.key, body(), authorization=f"Bearer {token}"),
        post(hook.key, b"{}"),
        post(hook.key, b"{}", webhook_id="1", webhook_timestamp="1", webhook_signature="v1,x"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert not Alert.objects.exists()
    assert not Notification.objects.exists()
    hook.refresh_from_db()
    assert "webhook-timestamp" in hook.last_error


def test_the_generic_webhook_is_signed(monitored: Monitored) -> None:
    source, secret = create_source(
        provider=monitored.world.provider,
        name="hook",
        kind="generic",
        by=SYSTEM,
        now=datetime.now(UTC),
    )
    document = {
        "id": "disk-17",
        "status": "firing",
        "title": "Disk full",
        "service": "mail",
        "component": "MBX-1",
        "started_at": "2026-03-02T08:00:00Z",
    }
    sent, headers = signed(secret, document, at=datetime.now(UTC))
    for _ in range(2):
        response = post(source.key, sent, **headers)
        assert response.status_code == 200, response.content
    issue = Issue.objects.get()
    assert (issue.title, issue.stage) == ({"en": "Disk full"}, "detected")
    assert post(source.key, sent + b" ", **headers).status_code == 401
    old, headers = signed(secret, document, at=datetime.now(UTC) - timedelta(minutes=6))
    assert post(source.key, old, **headers).status_code == 401


def test_after_a_rotation_both_credentials_work_for_a_day(monitored: Monitored) -> None:
    now = datetime.now(UTC)
    newer = rotate_credential(source=monitored.source, by=SYSTEM, now=now)
    key = monitored.source.key
    for token in (monitored.token, newer):
        assert post(key, body(), authorization=f"Bearer {token}").status_code == 200
    AlertSource.objects.update(before_until=now - timedelta(seconds=1))
    assert send(monitored, body()).status_code == 401
    assert post(key, body(), authorization=f"Bearer {newer}").status_code == 200


def test_a_large_body_is_refused_before_it_is_read(
    monitored: Monitored, settings: Settings
) -> None:
    settings.STANDFAST_MAX_BODY_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000
    response = send(monitored, b"x" * 20_000_000)
    assert response.status_code == 413
    assert response.json()["error"]["field"] == "body"
    assert "2,000 bytes" in response.json()["error"]["message"]
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (b"not json", "body"),
        (b"[]", "body"),
        (b'{"version": "4"}', "status"),
        (body(alert(startsAt=7)), "alerts[0].startsAt"),
        (body(alert(startsAt="2026-03-02T08:00:00")), "alerts[0].startsAt"),
        (body(alert(labels=["a"])), "alerts[0].labels"),
        (body(alert(status="sleeping")), "alerts[0].status"),
        (body(truncatedAlerts=-1), "truncatedAlerts"),
    ],
)
def test_a_wrong_body_names_the_field(monitored: Monitored, sent: bytes, field: str) -> None:
    response = send(monitored, sent)
    assert response.status_code == 422, response.content
    error = response.json()["error"]
    assert error["field"] == field
    assert error["message"]
    assert not Alert.objects.exists()
    assert Notification.objects.get().outcome == "refused"


def test_control_characters_and_the_year_one_are_harmless(monitored: Monitored) -> None:
    sent = alert(labels={"alertname": "A\u0000B\u202e", "database": "MBX-1"})
    assert send(monitored, body(sent)).status_code == 200
    row = Alert.objects.get()
    assert row.labels["alertname"] == "AB"
    assert row.ends_at is None


def test_only_post_is_answered(monitored: Monitored) -> None:
    assert Client().get(f"/api/ingest/{monitored.source.key}/").status_code == 405


@pytest.mark.parametrize("sample", REAL, ids=lambda sample: sample.name)
def test_real_notifications_are_taken_and_wait_for_a_rule(
    monitored: Monitored, sample: Any
) -> None:
    sent = sample.read_bytes()
    response = send(monitored, sent)
    assert response.status_code == 200, response.content
    assert Alert.objects.count() == len(json.loads(sent)["alerts"]) or not response.json()["alerts"]
    assert Alert.objects.exclude(problem="").count() == Alert.objects.count()


@pytest.mark.django_db(transaction=True)
def test_identical_notifications_at_once_make_one_issue() -> None:
    monitored = make_monitored()
    component = make_component(monitored.world.provider, "MBX-7")
    make_placement(make_tenant(), component, monitored.world.service)
    sent = body(alert("MBX-7"))
    start = threading.Barrier(4)
    answers: list[int] = []

    def one() -> None:
        start.wait()
        try:
            answers.append(send(monitored, sent).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 4
    assert Issue.objects.count() == 1
    assert Alert.objects.get().times_received == 4
    assert Notification.objects.count() == 4
