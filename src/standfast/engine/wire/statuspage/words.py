"""Our statuses in Statuspage's words, and the one word for a whole page.

Statuspage's own indicator looks at components alone, so its pages say “All Systems Operational”
above an open incident. Ours is the worse of components and open incidents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from standfast.engine.health.severity import Severity
from standfast.engine.health.status import Status, is_resolved, worst

INCIDENT_STATUSES: Final = ("investigating", "identified", "monitoring", "resolved", "postmortem")
MAINTENANCE_STATUSES: Final = ("scheduled", "in_progress", "verifying", "completed")
#: Mildest first; the place is how bad it is.
COMPONENT_STATUSES: Final = (
    "operational",
    "under_maintenance",
    "degraded_performance",
    "partial_outage",
    "major_outage",
)
IMPACTS: Final = ("none", "maintenance", "minor", "major", "critical")

_INCIDENT: Final[dict[Status, str]] = {
    Status.INVESTIGATING: "investigating",
    Status.REPORTED: "investigating",
    Status.INVESTIGATION_SUSPENDED: "investigating",
    Status.CONFIRMED: "identified",
    Status.SERVICE_DEGRADATION: "identified",
    Status.SERVICE_INTERRUPTION: "identified",
    Status.RESTORING_SERVICE: "identified",
    Status.EXTENDED_RECOVERY: "identified",
    Status.VERIFYING_SERVICE: "monitoring",
    Status.POST_INCIDENT_REVIEW_PUBLISHED: "postmortem",
}
_SEVERITY: Final = {Severity.NORMAL: "minor", Severity.HIGH: "major", Severity.CRITICAL: "critical"}
_OF_COMPONENT: Final = {
    "operational": "none",
    "under_maintenance": "maintenance",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}
_DESCRIPTIONS: Final = {
    "none": "All Systems Operational",
    "maintenance": "Service Under Maintenance",
    "minor": "Minor Service Outage",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}


def incident_status(status: str) -> str:
    """The status of an incident, or of one of its updates."""
    return _INCIDENT.get(Status(status), "resolved")


def component_status(status: str, *, severity: str) -> str:
    """What an issue with this status makes of its component.

    Verifying counts as operational, as the service works again then.
    """
    ours, severe = Status(status), Severity(severity) is not Severity.NORMAL
    if ours is Status.SERVICE_INTERRUPTION:
        return "major_outage" if severe else "partial_outage"
    if is_resolved(ours) or ours in {Status.VERIFYING_SERVICE, Status.SERVICE_OPERATIONAL}:
        return "operational"
    if ours in {Status.SERVICE_DEGRADATION, Status.CONFIRMED}:
        return "partial_outage" if severe else "degraded_performance"
    return "degraded_performance"


def impact(statuses: Iterable[str], *, severity: str, classification: str) -> str:
    """How bad an incident is, from its severity and the statuses that it had so far.

    A false positive had no impact; an advisory's is minor; an interruption's at least major.
    """
    had = {Status(status) for status in set(statuses)}
    if Status.FALSE_POSITIVE in had:
        return "none"
    if classification == "advisory":
        return "minor"
    found = _SEVERITY[Severity(severity)]
    if worst(had) is Status.SERVICE_INTERRUPTION:
        return _worse(found, "major")
    return found


def worst_component(statuses: Iterable[str]) -> str:
    """The worst of some statuses of components; of none, operational."""
    return max(statuses, key=COMPONENT_STATUSES.index, default="operational")


def page_status(components: Collection[str], impacts: Iterable[str]) -> dict[str, str]:
    """`{"indicator", "description"}` from components' statuses and the impacts of what is open.

    An outage of one component among others is a partial outage of the system.
    """
    level = _OF_COMPONENT[worst_component(components)]
    if level == "critical" and any(each != "major_outage" for each in components):
        level = "major"
    for each in impacts:
        level = _worse(level, each)
    description = _DESCRIPTIONS[level]
    if level == "minor" and "degraded_performance" in components:
        description = "Partially Degraded Service"
    return {"indicator": level, "description": description}


def _worse(one: str, other: str) -> str:
    return max(one, other, key=IMPACTS.index)
