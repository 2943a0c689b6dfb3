"""What is down right now, and how long each function still has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from standfast.engine.continuity.evaluation.results import Evaluation, FunctionCourse, Standing
from standfast.engine.continuity.model.elements import Party, System
from standfast.engine.continuity.model.events import WITHOUT_END, Aspect, Outage, Scenario
from standfast.engine.continuity.model.organisation import Organisation

_NOW = timedelta(0)


@dataclass(frozen=True, slots=True)
class Down:
    """An element that is down, wholly or in part, since a moment.

    `certain` false: nobody knows whether it is. `until`: when it is said to be back; without that
    its recovery time counts, and nothing when that is over already.
    """

    element: str
    since: datetime
    share: float = 1.0
    aspect: Aspect = Aspect.WHOLE
    certain: bool = True
    probability: float | None = None
    until: datetime | None = None


def happening(organisation: Organisation, downs: Iterable[Down], *, now: datetime) -> Scenario:
    """The scenario of what is down now: times count from `now`, and the past is in it.

    Raises KeyError for an element that does not exist.
    """
    return Scenario("now", outages=tuple(_outage(organisation, down, now) for down in downs))


def _outage(organisation: Organisation, down: Down, now: datetime) -> Outage:
    element = organisation.element(down.element)
    if element is None:
        raise KeyError(f"there is no element “{down.element}”")
    started = min(down.since - now, _NOW)
    lasts = None if down.until is None else down.until - now - started
    if lasts is None and isinstance(element, System | Party):
        lasts = element.recovery
    # It is down now, so whoever said that it would be back by now was wrong.
    if lasts is None or started + lasts <= _NOW:
        lasts = WITHOUT_END
    return Outage(
        down.element, started, lasts, down.share, down.aspect, down.certain, down.probability
    )


@dataclass(frozen=True, slots=True)
class Countdown:
    """How a function stands now, and how long it has until RTO and MTPD are breached.

    `since`: how long it has been down (None: it is not). `rto_left` and `mtpd_left`: time left,
    less than nothing when it is over; None where there is no such objective, or it is not down now
    and will not be. `stops_in`: when it will stop, if it is not down yet. `back_in`: when it is
    expected to be back.
    """

    function: str
    standing: Standing
    capacity: float
    since: timedelta | None
    stops_in: timedelta | None
    rto_left: timedelta | None
    mtpd_left: timedelta | None
    back_in: timedelta | None


def countdowns(organisation: Organisation, evaluation: Evaluation) -> tuple[Countdown, ...]:
    """Every function that is hit or will be, in the worst case, most urgent first."""
    found = [
        _countdown(organisation, course)
        for course in evaluation.worst.functions.values()
        if course.worst is not Standing.UP
    ]
    return tuple(sorted(found, key=_urgency))


def _countdown(organisation: Organisation, course: FunctionCourse) -> Countdown:
    function = organisation.functions[course.name]
    now = course.at(_NOW)
    # The stretch of down that counts: the present one, or the next that comes.
    stretch = next(
        (
            spell
            for spell in course.spells
            if spell.standing is Standing.DOWN and (spell.end is None or spell.end > _NOW)
        ),
        None,
    )
    start = None if stretch is None else stretch.start
    down_now = start is not None and start <= _NOW
    return Countdown(
        function=course.name,
        standing=now.standing,
        capacity=now.capacity,
        since=-start if start is not None and down_now else None,
        stops_in=start if not down_now else None,
        rto_left=_left(start, function.rto),
        mtpd_left=_left(start, function.mtpd),
        back_in=course.back if course.back is None or course.back > _NOW else None,
    )


def _left(start: timedelta | None, objective: timedelta | None) -> timedelta | None:
    return None if start is None or objective is None else start + objective


def _urgency(countdown: Countdown) -> tuple[bool, timedelta, str]:
    lefts = [left for left in (countdown.rto_left, countdown.mtpd_left) if left is not None]
    return not lefts, min(lefts, default=timedelta(0)), countdown.function
