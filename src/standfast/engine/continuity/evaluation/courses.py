"""From changes to courses: spells of every function, breaches of objectives, losses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from standfast.engine.continuity.evaluation.causes import ENDLESS, Cause
from standfast.engine.continuity.evaluation.results import Course, FunctionCourse, Spell
from standfast.engine.continuity.evaluation.running import live_through
from standfast.engine.continuity.evaluation.state import State
from standfast.engine.continuity.model.functions import Function
from standfast.engine.continuity.workforce import UNIT

# How far ahead losses are counted when something stays down and no function says what is too long.
_AT_LEAST = 24 * 3600.0
Change = tuple[float, int]  # from when (seconds), which capacity (units)


def course_of(normal: State, causes: Iterable[Cause], horizon: float | None = None) -> Course:
    """Live through it and note how every function fares."""
    network = normal.network
    causes = tuple(causes)
    begin = min([0.0, *(cause.start for cause in causes)])
    changes: dict[int, list[Change]] = {}  # of the functions that are touched, by node
    moments: list[float] = []
    for state, changed in live_through(normal, causes):
        moments.append(state.now)
        for node in changed & network.function_nodes.keys():
            mine = changes.setdefault(node, [(begin, normal.values[node])])
            _note(mine, state.now, state.values[node])
    ends = horizon if horizon is not None else _horizon(normal, changes, moments)
    courses = dict(_quiet(normal, begin))
    for node, mine in changes.items():
        function = network.function_nodes[node]
        if mine != [(begin, normal.values[node])]:
            courses[function.name] = _fares(function, normal.values[node], mine, ends)
    return Course(
        courses,
        tuple(timedelta(seconds=moment) for moment in moments),
        timedelta(seconds=ends),
    )


def _note(changes: list[Change], now: float, value: int) -> None:
    if changes[-1][0] == now:
        changes.pop()
    if not changes or changes[-1][1] != value:
        changes.append((now, value))


def _horizon(normal: State, changes: dict[int, list[Change]], moments: Sequence[float]) -> float:
    """The last change; when something is still not back, so much later that it hurts."""
    last = moments[-1] if moments else 0.0
    still = [
        normal.network.function_nodes[node]
        for node, mine in changes.items()
        if mine[-1][1] < normal.values[node]
    ]
    if not still:
        return max(last, 0.0)
    bearable = [each.mtpd or each.rto for each in still]
    longest = max((length.total_seconds() for length in bearable if length), default=_AT_LEAST)
    return max(last, 0.0) + longest


def _fares(
    function: Function, normal: int, changes: Sequence[Change], horizon: float
) -> FunctionCourse:
    ends = [when for when, _ in changes[1:]] + [ENDLESS]
    spells = tuple(
        Spell(timedelta(seconds=start), _time(end), value / UNIT)
        for (start, value), end in zip(changes, ends, strict=True)
    )
    downs = [
        (start, end)
        for (start, value), end in zip(changes, ends, strict=True)
        if value == 0 and normal > 0
    ]
    return FunctionCourse(
        name=function.name,
        spells=spells,
        normal=normal / UNIT,
        rto_breach=_breach(downs, function.rto),
        mtpd_breach=_breach(downs, function.mtpd),
        down_for=timedelta(
            seconds=sum(max(0.0, min(end, horizon) - start) for start, end in downs)
        ),
        loss=_loss(function, normal, list(zip(changes, ends, strict=True)), horizon),
        loses=bool(function.loss),
    )


def _quiet(normal: State, begin: float) -> dict[str, FunctionCourse]:
    """How functions fare that a scenario does not touch, which are most; kept with the network."""
    known = normal.network.quiet
    if begin not in known:
        known.clear()  # scenarios mostly begin at the same moment
        known[begin] = {
            name: _fares(function, normal.value(name), [(begin, normal.value(name))], begin)
            for name, function in normal.network.organisation.functions.items()
        }
    return known[begin]


def _time(seconds: float) -> timedelta | None:
    return None if seconds == ENDLESS else timedelta(seconds=seconds)


def _breach(downs: Sequence[tuple[float, float]], bearable: timedelta | None) -> timedelta | None:
    """The first moment when it has been down for longer than is bearable."""
    if bearable is None:
        return None
    limit = bearable.total_seconds()
    for start, end in downs:
        if end - start > limit:
            return timedelta(seconds=start + limit)
    return None


def _loss(
    function: Function, normal: int, spells: Sequence[tuple[Change, float]], horizon: float
) -> float:
    """Add up the rate for what is missing; the curve begins when a disruption does."""
    if not function.loss:
        return 0.0
    began, total = 0.0, 0.0
    disrupted = False
    for (start, value), end in spells:
        if value >= normal:
            disrupted = False
            continue
        if not disrupted:
            disrupted, began = True, start
        missing = (normal - value) / UNIT
        total += missing * _spent(function, start - began, min(end, horizon) - began)
    return total


def _spent(function: Function, start: float, end: float) -> float:
    """What the hours from `start` to `end` of a disruption cost, at nothing left."""
    times = [rate.after.total_seconds() for rate in function.loss[1:]] + [ENDLESS]
    total = 0.0
    for rate, until in zip(function.loss, times, strict=True):
        seconds = min(end, until) - max(start, rate.after.total_seconds())
        if seconds > 0:
            total += rate.per_hour * seconds / 3600
    return total
