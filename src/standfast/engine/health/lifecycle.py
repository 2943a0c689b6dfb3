"""The life of an issue as two explicit tables: its stage (ours) and its status (Graph's).

The stage says who may see the issue; the status says, to those who may, how the service is.
Posting without a change of status is always allowed while the issue is open.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from standfast.engine.health.refusal import Refused, gettext_noop
from standfast.engine.health.status import OF_ISSUES, OPEN, Status, in_words, is_resolved


class Stage(StrEnum):
    """Where an issue is in our own process; tenants see published and resolved ones."""

    DETECTED = "detected"
    DRAFT = "draft"
    PUBLISHED = "published"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


VISIBLE: Final[frozenset[Stage]] = frozenset({Stage.PUBLISHED, Stage.RESOLVED})

#: Stage → the stages that may follow. Resolved → published is the reopening.
STAGES: Final[dict[Stage, frozenset[Stage]]] = {
    Stage.DETECTED: frozenset({Stage.DRAFT, Stage.PUBLISHED, Stage.DISMISSED}),
    Stage.DRAFT: frozenset({Stage.PUBLISHED, Stage.DISMISSED}),
    Stage.PUBLISHED: frozenset({Stage.RESOLVED}),
    Stage.RESOLVED: frozenset({Stage.PUBLISHED}),
    Stage.DISMISSED: frozenset({Stage.DRAFT}),
}

_I = Status.INVESTIGATING
_S = Status.INVESTIGATION_SUSPENDED
_D = Status.SERVICE_DEGRADATION
_X = Status.SERVICE_INTERRUPTION
_R = Status.RESTORING_SERVICE
_E = Status.EXTENDED_RECOVERY
_V = Status.VERIFYING_SERVICE
_OK = Status.SERVICE_RESTORED
_FALSE = Status.FALSE_POSITIVE
_PIR = Status.POST_INCIDENT_REVIEW_PUBLISHED

#: Status → the statuses that may follow. Once a fix is applied the trouble was real, so nothing
#: leads from there to a false positive; and a slow recovery needs a confirmed problem first.
STATUSES: Final[dict[Status, frozenset[Status]]] = {
    _I: frozenset({_D, _X, _R, _V, _S, _OK, _FALSE}),
    _S: frozenset({_I, _D, _X, _R, _V, _OK, _FALSE}),
    _D: frozenset({_I, _X, _R, _E, _V, _S, _OK, _FALSE}),
    _X: frozenset({_I, _D, _R, _E, _V, _S, _OK, _FALSE}),
    _R: frozenset({_I, _D, _X, _E, _V, _OK}),
    _E: frozenset({_I, _D, _X, _R, _V, _OK}),
    _V: frozenset({_I, _D, _X, _R, _E, _OK}),
    _OK: frozenset({_PIR}),
    _FALSE: frozenset(),
    _PIR: frozenset(),
}
#: What a resolved issue may be reopened with.
REOPENED: Final[frozenset[Status]] = frozenset({_I, _D, _X, _R, _E})
#: What an issue may be published with first; restored for one that is told after the fact.
FIRST: Final[frozenset[Status]] = OPEN | {_OK}


class TransitionRefused(Refused):
    """The life cycle has no such step; the message says which steps it has."""


def allowed_next(current: str, *, reopen: bool = False) -> frozenset[Status]:
    """The statuses that a post may announce after `current`, the same one included while open."""
    status = Status(current)
    if reopen:
        return REOPENED if is_resolved(status) else frozenset()
    return STATUSES[status] | ({status} if status in OPEN else frozenset())


def check_transition(current: str, new: str, *, reopen: bool = False) -> Status:
    """The new status, when a post may change `current` to it; else raises `TransitionRefused`.

    A resolved issue takes no more posts, save the published review and an explicit reopening.
    """
    target = _issue_status(new)
    allowed = allowed_next(current, reopen=reopen)
    if target in allowed:
        return target
    if reopen and not is_resolved(current):
        raise TransitionRefused(
            "reopen",
            gettext_noop("The issue is open (%(current)s), so there is nothing to reopen."),
            current=str(current),
        )
    if is_resolved(current) and not reopen:
        raise TransitionRefused(
            "status",
            gettext_noop(
                "The issue is closed (%(current)s); reopen it to post, with one of %(allowed)s."
            ),
            current=str(current),
            allowed=in_words(REOPENED),
        )
    if target is _FALSE:
        raise TransitionRefused(
            "status",
            gettext_noop(
                "After %(current)s the problem was real, so it cannot be a false positive;"
                " use one of %(allowed)s."
            ),
            current=str(current),
            allowed=in_words(allowed),
        )
    if target is _PIR:
        raise TransitionRefused(
            "status",
            gettext_noop(
                "A review is published after serviceRestored only, not after %(current)s."
            ),
            current=str(current),
        )
    raise TransitionRefused(
        "status",
        gettext_noop("%(new)s cannot follow %(current)s; use one of %(allowed)s."),
        new=str(target),
        current=str(current),
        allowed=in_words(allowed),
    )


def check_first(status: str) -> Status:
    """The status, when an issue may be published with it; else raises `TransitionRefused`."""
    target = _issue_status(status)
    if target not in FIRST:
        raise TransitionRefused(
            "status",
            gettext_noop("A new issue cannot start with %(new)s; use one of %(allowed)s."),
            new=str(target),
            allowed=in_words(FIRST),
        )
    return target


def check_stage(current: str, new: str) -> Stage:
    """The new stage, when it may follow `current`; else raises `TransitionRefused`."""
    here, there = Stage(current), Stage(new)
    if there not in STAGES[here]:
        raise TransitionRefused(
            "stage",
            gettext_noop("A %(current)s issue cannot become %(new)s; it can become %(allowed)s."),
            current=here.value,
            new=there.value,
            allowed=", ".join(sorted(STAGES[here])),
        )
    return there


def stage_of(status: str) -> Stage:
    """The stage of an issue that tenants see, by its status: published or resolved."""
    return Stage.RESOLVED if is_resolved(status) else Stage.PUBLISHED


def _issue_status(value: str) -> Status:
    try:
        status = Status(value)
    except ValueError:
        status = None
    if status is None or status not in OF_ISSUES:
        raise TransitionRefused(
            "status",
            gettext_noop("“%(value)s” is not a status of an issue; use one of %(allowed)s."),
            value=str(value)[:60],
            allowed=in_words(OF_ISSUES),
        )
    return status
