"""The statuses of Microsoft Graph's `serviceHealthStatus`, their order and their roll-up."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from standfast.engine.health.refusal import Refused, gettext_noop


class Status(StrEnum):
    """One Graph status; the value is the word on the wire."""

    SERVICE_OPERATIONAL = "serviceOperational"
    INVESTIGATING = "investigating"
    SERVICE_DEGRADATION = "serviceDegradation"
    SERVICE_INTERRUPTION = "serviceInterruption"
    RESTORING_SERVICE = "restoringService"
    EXTENDED_RECOVERY = "extendedRecovery"
    VERIFYING_SERVICE = "verifyingService"
    INVESTIGATION_SUSPENDED = "investigationSuspended"
    SERVICE_RESTORED = "serviceRestored"
    FALSE_POSITIVE = "falsePositive"
    POST_INCIDENT_REVIEW_PUBLISHED = "postIncidentReviewPublished"
    # Reserved by Microsoft: read from others, never sent.
    CONFIRMED = "confirmed"
    REPORTED = "reported"
    MITIGATED = "mitigated"
    MITIGATED_EXTERNAL = "mitigatedExternal"
    RESOLVED = "resolved"
    RESOLVED_EXTERNAL = "resolvedExternal"


#: Every status from worst to best; the place in this list is the severity of a status.
WORST_FIRST: Final[tuple[Status, ...]] = (
    Status.SERVICE_INTERRUPTION,
    Status.SERVICE_DEGRADATION,
    Status.CONFIRMED,
    Status.EXTENDED_RECOVERY,
    Status.RESTORING_SERVICE,
    Status.VERIFYING_SERVICE,
    Status.INVESTIGATING,
    Status.REPORTED,
    Status.INVESTIGATION_SUSPENDED,
    Status.MITIGATED,
    Status.MITIGATED_EXTERNAL,
    Status.SERVICE_RESTORED,
    Status.RESOLVED,
    Status.RESOLVED_EXTERNAL,
    Status.POST_INCIDENT_REVIEW_PUBLISHED,
    Status.FALSE_POSITIVE,
    Status.SERVICE_OPERATIONAL,
)

#: What each reserved status is shown as.
SHOWN_AS: Final[dict[Status, Status]] = {
    Status.CONFIRMED: Status.SERVICE_DEGRADATION,
    Status.REPORTED: Status.INVESTIGATING,
    Status.MITIGATED: Status.SERVICE_RESTORED,
    Status.MITIGATED_EXTERNAL: Status.SERVICE_RESTORED,
    Status.RESOLVED: Status.SERVICE_RESTORED,
    Status.RESOLVED_EXTERNAL: Status.SERVICE_RESTORED,
}
RESERVED: Final[frozenset[Status]] = frozenset(SHOWN_AS)
EMITTED: Final[frozenset[Status]] = frozenset(Status) - RESERVED

#: An issue with one of these is over.
RESOLVED: Final[frozenset[Status]] = frozenset(
    {
        Status.SERVICE_RESTORED,
        Status.FALSE_POSITIVE,
        Status.POST_INCIDENT_REVIEW_PUBLISHED,
        Status.MITIGATED,
        Status.MITIGATED_EXTERNAL,
        Status.RESOLVED,
        Status.RESOLVED_EXTERNAL,
    }
)
#: What an open issue of ours may have.
OPEN: Final[frozenset[Status]] = EMITTED - RESOLVED - {Status.SERVICE_OPERATIONAL}
#: What an issue of ours may have; `serviceOperational` belongs to services only.
OF_ISSUES: Final[frozenset[Status]] = EMITTED - {Status.SERVICE_OPERATIONAL}

# By member and by plain text, which hash differently.
_RANK: Final[dict[str, int]] = {
    written: len(WORST_FIRST) - place
    for place, status in enumerate(WORST_FIRST)
    for written in (status, status.value)
}
_BY_LOWER: Final[dict[str, Status]] = {status.value.lower(): status for status in Status}


def parse_status(value: str, *, field: str = "status") -> Status:
    """The status that `value` names, in any case; raises `Refused` for an unknown one."""
    try:
        return _BY_LOWER[value.lower()]
    except KeyError:
        raise Refused(
            field,
            gettext_noop("“%(value)s” is not a status; use one of %(allowed)s."),
            value=value[:60],
            allowed=in_words(EMITTED),
        ) from None


def rank(status: str) -> int:
    """How bad a status is: a higher number is worse, no two are equal. Raises ValueError."""
    found = _RANK.get(status)
    return _RANK[Status(status)] if found is None else found


def is_resolved(status: str) -> bool:
    """Whether an issue with this status is over."""
    return status in RESOLVED


def worst(statuses: Iterable[str]) -> Status:
    """The worst of the statuses; of none, `serviceOperational`."""
    return max(map(Status, statuses), key=rank, default=Status.SERVICE_OPERATIONAL)


def roll_up(issue_statuses: Iterable[str]) -> Status:
    """A service's overview status: the worst of its unresolved issues, never a reserved one."""
    return worst(
        SHOWN_AS.get(Status(status), Status(status))
        for status in issue_statuses
        if not is_resolved(status)
    )


def in_words(statuses: Iterable[str]) -> str:
    """The statuses as a list in words, worst first."""
    return ", ".join(sorted(statuses, key=rank, reverse=True))
