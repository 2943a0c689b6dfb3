"""What is down now: how long each function has, and what is to be believed of recovery times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from standfast.engine.continuity.document import load
from standfast.engine.continuity.evaluation import (
    Countdown,
    Down,
    Evaluator,
    Standing,
    countdowns,
    happening,
)

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
MODEL = load(
    """
standfast: 1
name: Works
systems:
  erp: {recovery: 6h}
  crm: {}
functions:
  billing:
    rto: 4h
    mtpd: 1d
    needs: {normally: erp, otherwise: {name: by hand, lasts: 5h}}
  payroll: {rto: 2h, mtpd: 8h, needs: erp}
  sales: {rto: 1d, needs: crm}
"""
)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def ask(*downs: Down) -> dict[str, Countdown]:
    scenario = happening(MODEL, downs, now=NOW)
    found = countdowns(MODEL, Evaluator(MODEL).evaluate(scenario))
    return {each.function: each for each in found}


def test_a_function_has_what_is_left_of_its_objectives() -> None:
    found = ask(Down("erp", since=NOW - hours(3)))
    payroll = found["payroll"]
    assert (payroll.standing, payroll.since) == (Standing.DOWN, hours(3))
    assert (payroll.rto_left, payroll.mtpd_left) == (hours(-1), hours(5))
    assert payroll.back_in == hours(3)
    assert list(found) == ["payroll", "billing"]


def test_a_function_on_a_fallback_is_told_when_it_will_stop() -> None:
    billing = ask(Down("erp", since=NOW - hours(3)))["billing"]
    assert billing.standing is Standing.UP
    assert (billing.since, billing.stops_in) == (None, hours(2))
    assert billing.rto_left == hours(6)


def test_what_should_be_back_by_now_and_is_not_has_no_known_end() -> None:
    payroll = ask(Down("erp", since=NOW - hours(10)))["payroll"]
    assert payroll.back_in is None
    assert payroll.mtpd_left == hours(-2)
    promised = ask(Down("erp", since=NOW - hours(10), until=NOW + hours(1)))["payroll"]
    assert promised.back_in == hours(1)
    broken = ask(Down("erp", since=NOW - hours(10), until=NOW - hours(1)))["payroll"]
    assert broken.back_in is None


def test_what_nobody_knows_is_the_worst_case_only() -> None:
    scenario = happening(MODEL, [Down("crm", NOW, certain=False, probability=0.5)], now=NOW)
    found = Evaluator(MODEL).evaluate(scenario)
    assert found.worst.functions["sales"].worst is Standing.DOWN
    assert found.best.functions["sales"].worst is Standing.UP


def test_an_unknown_element_is_named() -> None:
    with pytest.raises(KeyError, match="no element “hr”"):
        happening(MODEL, [Down("hr", NOW)], now=NOW)
