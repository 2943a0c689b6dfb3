from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.health.severity import Severity
from standfast.engine.health.status import OPEN, RESOLVED, Status
from standfast.engine.wire.statuspage.words import (
    COMPONENT_STATUSES,
    IMPACTS,
    INCIDENT_STATUSES,
    component_status,
    impact,
    incident_status,
    page_status,
)

STATUSES = st.sampled_from(list(Status))
SEVERITIES = st.sampled_from(list(Severity))


@given(STATUSES, SEVERITIES)
def test_every_status_has_words_that_statuspage_knows(status: Status, severity: Severity) -> None:
    assert incident_status(status) in INCIDENT_STATUSES
    assert component_status(status, severity=severity) in COMPONENT_STATUSES
    for classification in ("incident", "advisory"):
        assert impact([status], severity=severity, classification=classification) in IMPACTS


def test_what_is_over_is_resolved_and_what_is_open_is_not() -> None:
    for status in RESOLVED:
        assert incident_status(status) in {"resolved", "postmortem"}
        assert component_status(status, severity="critical") == "operational"
    for status in OPEN:
        assert incident_status(status) in {"investigating", "identified", "monitoring"}


@pytest.mark.parametrize(
    ("status", "severity", "word"),
    [
        ("serviceInterruption", "normal", "partial_outage"),
        ("serviceInterruption", "high", "major_outage"),
        ("serviceDegradation", "normal", "degraded_performance"),
        ("serviceDegradation", "critical", "partial_outage"),
        ("investigating", "critical", "degraded_performance"),
        ("verifyingService", "critical", "operational"),
    ],
)
def test_a_component_is_as_bad_as_its_issue(status: str, severity: str, word: str) -> None:
    assert component_status(status, severity=severity) == word


def test_the_impact_stays_when_an_incident_is_resolved() -> None:
    had = ["investigating", "serviceInterruption", "serviceRestored"]
    assert impact(had, severity="normal", classification="incident") == "major"
    assert impact(had, severity="critical", classification="incident") == "critical"
    assert impact(had, severity="critical", classification="advisory") == "minor"
    assert impact([*had, "falsePositive"], severity="high", classification="incident") == "none"


@pytest.mark.parametrize(
    ("components", "impacts", "indicator", "description"),
    [
        ([], [], "none", "All Systems Operational"),
        (["operational"], ["minor"], "minor", "Minor Service Outage"),
        (["degraded_performance"], [], "minor", "Partially Degraded Service"),
        (["partial_outage", "operational"], ["minor"], "major", "Partial System Outage"),
        (["major_outage", "operational"], [], "major", "Partial System Outage"),
        (["major_outage", "major_outage"], [], "critical", "Major Service Outage"),
        (["operational"], ["critical"], "critical", "Major Service Outage"),
        (["under_maintenance"], [], "maintenance", "Service Under Maintenance"),
        (["operational"], ["maintenance"], "maintenance", "Service Under Maintenance"),
        (["under_maintenance"], ["minor"], "minor", "Minor Service Outage"),
    ],
)
def test_the_page_is_as_bad_as_the_worse_of_components_and_incidents(
    components: list[str], impacts: list[str], indicator: str, description: str
) -> None:
    found = page_status(components, impacts)
    assert found == {"indicator": indicator, "description": description}


@given(st.lists(st.sampled_from(COMPONENT_STATUSES)), st.lists(st.sampled_from(IMPACTS)))
def test_nothing_is_called_operational_beside_an_open_incident(
    components: list[str], impacts: list[str]
) -> None:
    found = page_status(components, impacts)["indicator"]
    assert all(IMPACTS.index(found) >= IMPACTS.index(each) for each in impacts)
