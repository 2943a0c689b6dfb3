"""Gaps of objectives: the worst case by hand and by recursion, and each finding."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings

from standfast.engine.continuity.checks.finding import Finding, Severity, spoken
from standfast.engine.continuity.checks.recovery import check_recovery, recoveries, worst_of
from standfast.engine.continuity.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Criticality,
    Fallbacks,
    Function,
    Needs,
    Organisation,
    Reliability,
    Requirement,
    Step,
    System,
)
from tests.engine.continuity.checks.organisations import organisations


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def back(requirement: Requirement, at: dict[str, timedelta]) -> timedelta:
    match requirement:
        case Needs(name):
            return at[name]
        case AllOf(parts):
            return max((back(part, at) for part in parts), default=timedelta(0))
        case AnyOf(parts):
            return min(back(part, at) for part in parts)
        case AtLeast(_, parts):
            return sorted(back(part, at) for part in parts)[requirement.k - 1]
        case Fallbacks(primary, steps):
            return min(back(primary, at), *(step.activation for step in steps))
        case _:
            raise AssertionError(requirement)


@given(organisation=organisations(circles=False))
@settings(deadline=None, max_examples=40)
def test_the_worst_case_is_the_recursion_by_minimum_and_maximum(organisation: Organisation) -> None:
    at: dict[str, timedelta] = {}
    for name, system in organisation.systems.items():
        below = back(system.needs, at)
        assert system.recovery is not None
        at[name] = max(system.recovery, below + system.restart if below else below)
    away = recoveries(organisation)
    assert {name: away[name].length for name in at} == at
    function = organisation.functions["work"]
    assert function.rto is not None
    gap = [found for found in check_recovery(organisation) if found.rule == "rto-gap"]
    assert bool(gap) == (back(function.needs, at) > function.rto)


@given(organisation=organisations())
@settings(deadline=None, max_examples=40)
def test_circles_come_to_an_end_and_nobody_is_back_before_its_own_recovery(
    organisation: Organisation,
) -> None:
    away = recoveries(organisation)
    for name, system in organisation.systems.items():
        assert system.recovery is not None
        assert away[name].length >= system.recovery
        assert away[name].length >= worst_of(system.needs, away).length


CHAIN = Organisation(
    "Acme",
    systems={
        "identity": System("identity", recovery=hours(8), recovery_point=hours(1)),
        "payroll-app": System(
            "payroll-app", needs=Needs("identity"), recovery=hours(1), restart=hours(0.5)
        ),
        "printer": System("printer", reliability=Reliability(repair_hours=2.0)),
    },
    functions={
        "reporting": Function("reporting", needs=Needs("printer"), rto=hours(6)),
        "payroll": Function(
            "payroll",
            needs=AllOf((Needs("payroll-app"), Needs("reporting"))),
            criticality=Criticality.MISSION_CRITICAL,
            rto=hours(4),
            rpo=timedelta(minutes=15),
            mtpd=hours(4),
        ),
        "archive": Function("archive", criticality=Criticality.BUSINESS_CRITICAL, rto=hours(1)),
    },
)


def told(rule: str) -> Finding:
    (found,) = (found for found in check_recovery(CHAIN) if found.rule == rule)
    return found


@pytest.mark.parametrize(
    ("rule", "severity", "place", "sentence"),
    [
        (
            "rto-gap",
            Severity.PROBLEM,
            "functions.payroll.rto",
            "The RTO is 4h, but “identity” takes 8h 30min to be back:"
            " “payroll” needs “payroll-app” needs “identity”.",
        ),
        (
            "rto-without-margin",
            Severity.PROBLEM,
            "functions.payroll.rto",
            "The RTO (4h) leaves no time before the MTPD (4h).",
        ),
        (
            "rto-cascade",
            Severity.RISK,
            "functions.payroll.rto",
            "The RTO is 4h, but “reporting”, which it needs, may take 6h.",
        ),
        (
            "rpo-gap",
            Severity.PROBLEM,
            "functions.payroll.rpo",
            "Work of 15min may be lost, but restoring “identity” can lose 1h:"
            " “payroll” needs “payroll-app” needs “identity”.",
        ),
        (
            "objective-missing",
            Severity.HINT,
            "functions.archive",
            "A business-critical function without MTPD.",
        ),
    ],
)
def test_each_gap_is_told_with_its_chain(
    rule: str, severity: Severity, place: str, sentence: str
) -> None:
    found = told(rule)
    assert (found.severity, found.place, str(found.sentence)) == (severity, place, sentence)
    assert str(found.fix)


def test_a_fallback_that_is_ready_in_time_closes_the_gap() -> None:
    systems = {"phone": System("phone", recovery=hours(9))}
    needs = Fallbacks(Needs("phone"), (Step(AllOf(), activation=hours(1)),))
    for rto, gaps in ((hours(1), 0), (hours(0.5), 1)):
        function = Function("desk", needs=needs, rto=rto)
        organisation = Organisation("Acme", systems=systems, functions={"desk": function})
        assert len(list(check_recovery(organisation))) == gaps


@pytest.mark.parametrize(
    ("length", "text"),
    [(0, "0h"), (90, "1min 30s"), (3600 * 26, "1d 2h"), (86400 * 3, "3d"), (3661, "1h 1min")],
)
def test_durations_are_spoken_in_two_units(length: int, text: str) -> None:
    assert spoken(timedelta(seconds=length)) == text
