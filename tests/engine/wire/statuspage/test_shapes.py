from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from standfast.engine.wire.statuspage.shapes import (
    component_shape,
    incident_shape,
    maintenance_shape,
    moment,
    page_shape,
    stable_id,
)
from tests.engine.wire.statuspage.pages import CHAT, MAIL, NOW, PAGE, incident, maintenance


def test_ids_look_like_statuspage_s_and_never_change() -> None:
    assert stable_id("page", "contoso") == stable_id("page", "contoso")
    assert len({stable_id(kind, "x") for kind in ("page", "component", "incident")}) == 3
    assert stable_id("incident", "EX123456") == "qsxk3pdc6isx"
    found = {stable_id("incident", str(number)) for number in range(2000)}
    assert len(found) == 2000
    assert all(re.fullmatch("[0-9a-z]{12}", each) for each in found)


def test_times_have_milliseconds_and_are_in_utc() -> None:
    taipei = datetime(2026, 11, 26, 20, tzinfo=timezone(timedelta(hours=8)))
    assert moment(taipei) == "2026-11-26T12:00:00.000Z"
    assert moment(NOW) == "2026-11-26T12:00:00.123Z"
    assert moment(None) is None


def test_an_incident_s_updates_say_what_each_changed() -> None:
    made = incident("investigating", "serviceInterruption", "verifyingService", "serviceRestored")
    shape = incident_shape(made, "contoso")
    assert [each["status"] for each in shape["incident_updates"]] == [
        *("resolved", "monitoring", "identified", "investigating"),
    ]
    changes = [each["affected_components"][0] for each in shape["incident_updates"]]
    assert [(each["old_status"], each["new_status"]) for each in changes] == [
        ("operational", "operational"),
        ("partial_outage", "operational"),
        ("degraded_performance", "partial_outage"),
        ("operational", "degraded_performance"),
    ]
    assert shape["monitoring_at"] == moment(NOW + timedelta(minutes=3))
    assert shape["resolved_at"] == moment(NOW + timedelta(minutes=4))
    assert shape["impact"] == "major"


def test_everything_refers_to_the_ids_of_its_page() -> None:
    page = page_shape(PAGE)["id"]
    shape = incident_shape(incident("investigating"), PAGE.key)
    component = component_shape(MAIL, PAGE.key)
    assert shape["page_id"] == component["page_id"] == page
    assert shape["components"] == [component]
    assert shape["incident_updates"][0]["incident_id"] == shape["id"]
    assert shape["incident_updates"][0]["affected_components"][0]["code"] == component["id"]
    # The same service is the same component on every page.
    assert component_shape(MAIL, "fabrikam")["id"] == component["id"]


def test_monitoring_began_with_the_newest_run_of_such_updates() -> None:
    again = incident(
        "verifyingService", "serviceDegradation", "verifyingService", "verifyingService"
    )
    assert incident_shape(again, "x")["monitoring_at"] == moment(NOW + timedelta(minutes=3))
    assert incident_shape(incident("investigating"), "x")["monitoring_at"] is None


def test_work_in_progress_takes_its_components_into_maintenance() -> None:
    shape = maintenance_shape(maintenance("in_progress"), "contoso")
    assert shape["impact"] == "maintenance"
    assert shape["status"] == "in_progress"
    newest = shape["incident_updates"][0]["affected_components"][0]
    assert (newest["name"], newest["old_status"], newest["new_status"]) == (
        *(CHAT.name, "operational"),
        "under_maintenance",
    )
    assert shape["scheduled_until"] > shape["scheduled_for"]
