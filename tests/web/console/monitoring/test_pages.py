"""Monitoring in the console: from a new source to an alert that has its place."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from standfast.apps.catalog.index import forget_index
from standfast.apps.incidents.models import Issue
from standfast.apps.ingest.models import Alert, AlertSource, LabelRule
from tests.factories import make_component, make_member
from tests.factories_ingest import Monitored, alert, body, make_monitored, make_rule

HOME = "/console/northlight/monitoring/"
RULE = {
    "name": "Databases",
    "service": "mail",
    "component": "{database}",
    "title_en": "{database} is down",
    "title_zh_hant": "{database} 停止運作",
    "classification": "incident",
    "status": "serviceDegradation",
    "severity": "high",
    "matcher_label": ["database", ""],
    "matcher_operator": ["=~", "="],
    "matcher_value": ["MBX-.*", ""],
}


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    forget_index()
    yield
    forget_index()


@pytest.fixture
def monitored(db: None) -> Monitored:
    return make_monitored()


@pytest.fixture
def engineer(monitored: Monitored) -> Client:
    return signed_in(monitored, "engineer")


def signed_in(monitored: Monitored, role: str) -> Client:
    client = Client()
    client.force_login(
        make_member(monitored.world.provider, role),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return html.unescape(response.content.decode())


def test_a_new_source_shows_its_token_once_and_what_to_paste(engineer: Client) -> None:
    made = engineer.post(f"{HOME}new/", {"name": "Prometheus EU", "kind": "alertmanager"})
    source = AlertSource.objects.get(name="Prometheus EU")
    assert made["Location"] == f"{HOME}{source.pk}/"
    first = text_of(engineer.get(made["Location"]))
    token = re.search(r"sfi_[\w-]{40,}", first)
    assert token
    assert f"credentials: {token[0]}" in first
    assert f"/api/ingest/{source.key}/" in first
    assert token[0] not in text_of(engineer.get(made["Location"]))


@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="curl and openssl are needed"
)
@pytest.mark.django_db(transaction=True)
def test_the_commands_to_paste_really_sign(live_server: Any, settings: Settings) -> None:
    settings.BASE_URL = live_server.url
    monitored = make_monitored()
    engineer = signed_in(monitored, "engineer")
    made = engineer.post(f"{HOME}new/", {"name": "Scripts", "kind": "generic"})
    page = text_of(engineer.get(made["Location"]))
    commands = re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert commands
    run = subprocess.run(["bash", "-c", commands[1]], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)["status"] == "taken", run.stdout
    assert Alert.objects.get().labels["alertname"] == "Disk full"


def test_a_rule_is_added_changed_moved_and_deleted(monitored: Monitored, engineer: Client) -> None:
    source = monitored.source
    engineer.post(f"{HOME}{source.pk}/rules/new/", RULE)
    rule = LabelRule.objects.get(name="Databases")
    assert rule.matchers == [["database", "=~", "MBX-.*"]]
    assert rule.title == {"en": "{database} is down", "zh-hant": "{database} 停止運作"}
    engineer.post(f"{HOME}rules/{rule.pk}/move/", {"to": "up"})
    assert list(source.rules.values_list("name", flat=True)) == ["Databases", "databases"]
    page = text_of(engineer.get(f"{HOME}rules/{rule.pk}/"))
    assert "MBX-.*" in page
    engineer.post(f"{HOME}rules/{rule.pk}/", RULE | {"severity": "critical"})
    rule.refresh_from_db()
    assert (rule.severity, rule.position) == ("critical", 0)
    engineer.post(f"{HOME}rules/{rule.pk}/delete/")
    assert source.rules.count() == 1


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"matcher_value": ["MBX-(", ""]}, "not a pattern"),
        ({"matcher_label": ["", ""]}, "names no label"),
        ({"component": "{database"}, "double it"),
        ({"feature": "nothing"}, "no such feature"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_the_reason(
    monitored: Monitored, engineer: Client, change: dict[str, Any], complaint: str
) -> None:
    page = text_of(engineer.post(f"{HOME}{monitored.source.pk}/rules/new/", RULE | change))
    assert complaint in page
    assert 'value="Databases"' in page, "what was typed is kept"
    assert LabelRule.objects.count() == 1


def test_on_a_chinese_page_everything_that_is_wrong_is_said_in_chinese(
    monitored: Monitored, engineer: Client
) -> None:
    home, chinese = f"{HOME}{monitored.source.pk}/", {"Accept-Language": "zh-hant"}
    broken = RULE | {"matcher_value": ["MBX-(", ""]}
    rule = text_of(engineer.post(f"{home}rules/new/", broken, headers=chinese))
    assert "「MBX-(」不是 RE2 認得的" in rule
    wrong = {"payload": '{"version": 4}'}
    payload = text_of(engineer.post(f"{home}try/", wrong, headers=chinese))
    assert "version：必須是下列其中之一：4, 1（目前是：數字）" in payload
    lost = {"payload": body(alert("MBX-9")).decode()}
    trial = text_of(engineer.post(f"{home}try/", lost, headers=chinese))
    assert "沒有元件「MBX-9」" in trial


def test_trying_a_payload_shows_the_place_and_stores_nothing(
    monitored: Monitored, engineer: Client
) -> None:
    address = f"{HOME}{monitored.source.pk}/try/"
    page = text_of(engineer.post(address, {"payload": body(alert("MBX-2")).decode()}))
    assert "Mailbox database MBX-2 is down" in page
    assert 'database=~".+"' in page
    wrong = text_of(engineer.post(address, {"payload": '{"version": "4"}'}))
    assert "status: is missing" in wrong
    assert not Alert.objects.exists()


def test_an_alert_without_a_place_is_shown_and_placed_later(
    monitored: Monitored, engineer: Client
) -> None:
    monitored.receive(body(alert("MBX-9")), now=datetime.now(UTC))
    assert "1 alert has no place" in text_of(engineer.get(HOME))
    assert "MBX-9" in text_of(engineer.get(f"{HOME}unplaced/"))
    again = f"{HOME}{monitored.source.pk}/again/"
    assert "still find no place" in text_of(engineer.post(again, follow=True))
    make_component(monitored.world.provider, "MBX-9")
    assert "1 alert has a place now" in text_of(engineer.post(again, follow=True))
    assert Issue.objects.count() == 1
    assert "Taken, without a place" in text_of(engineer.get(f"{HOME}{monitored.source.pk}/log/"))


def test_a_source_is_renamed_switched_off_rotated_and_deleted(
    monitored: Monitored, engineer: Client
) -> None:
    address = f"{HOME}{monitored.source.pk}/"
    engineer.post(f"{address}change/", {"name": "Renamed", "active": "off"})
    page = text_of(engineer.get(address))
    assert "Renamed" in page
    assert "Switched off" in page
    before = AlertSource.objects.get().token_hash
    assert "sfi_" in text_of(engineer.post(f"{address}rotate/", follow=True))
    assert AlertSource.objects.get().token_hash != before
    engineer.post(f"{address}delete/")
    assert not AlertSource.objects.exists()


def test_a_viewer_looks_and_changes_nothing(monitored: Monitored) -> None:
    viewer = signed_in(monitored, "viewer")
    rule = make_rule(monitored.source, name="second")
    address = f"{HOME}{monitored.source.pk}/"
    for page in (HOME, address, f"{address}log/", f"{address}try/", f"{HOME}unplaced/"):
        assert "rules/new" not in text_of(viewer.get(page))
    for write in (
        f"{HOME}new/",
        f"{address}change/",
        f"{address}rotate/",
        f"{address}delete/",
        f"{address}again/",
        f"{address}rules/new/",
        f"{HOME}rules/{rule.pk}/",
        f"{HOME}rules/{rule.pk}/move/",
        f"{HOME}rules/{rule.pk}/delete/",
    ):
        assert viewer.post(write, RULE).status_code == 404
    assert LabelRule.objects.count() == 2
