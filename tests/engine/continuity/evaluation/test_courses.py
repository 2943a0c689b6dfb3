"""Functions over time: fallbacks come and go, objectives are breached, losses add up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.engine.continuity.document import load
from standfast.engine.continuity.evaluation import Evaluator, FunctionCourse, explain
from standfast.engine.continuity.model import Occurrence, Outage, Scenario


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


MODEL = """
standfast: 1
name: Works
groups:
  crew: {heads: 10, at: plant}
locations:
  plant: {}
systems:
  power: {kind: power, at: plant}
  erp: {needs: power, recovery: 6h, restart: 2h}
  generator: {kind: power}
  ring-a: {needs: ring-b}
  ring-b: {needs: [ring-a, power]}
functions:
  billing:
    rto: 2h
    mtpd: 10h
    loss: {0h: 10, 4h: 100}
    needs:
      normally: erp
      otherwise:
        - {name: on paper, after: 3h, capacity: 50 %, lasts: 4h}
  shipping:
    minimum_capacity: 60 %
    loss: 40
    needs: {normally: erp, otherwise: {use: generator, after: 1h, capacity: 50 %}}
  milling: {needs: {staff: crew, at_least: 8, minimum: 4}}
  circling: {needs: ring-a}
events:
  flu: {lasts: 5h, effects: [{on: crew, share: 30 %}]}
  strike: {lasts: 2h, effects: [{on: crew, share: 40 %, after: 1h}]}
  power-cut: {lasts: 4h, effects: [{on: power}, {on: erp}]}
"""
EVALUATOR = Evaluator(load(MODEL))


def course(function: str, *, outages: tuple[Outage, ...] = (), **events: float) -> FunctionCourse:
    happens = tuple(Occurrence(name.replace("_", "-"), at=hours(at)) for name, at in events.items())
    found = EVALUATOR.evaluate(Scenario("test", happens, outages))
    return found.worst.functions[function]


def spells(found: FunctionCourse) -> list[tuple[float, float]]:
    return [(spell.start / hours(1), spell.capacity) for spell in found.spells]


def test_a_fallback_is_ready_after_its_time_and_used_up_after_another() -> None:
    billing = course("billing", outages=(Outage("erp", at=hours(1), lasts=hours(12)),))
    assert spells(billing) == [(0, 1), (1, 0), (4, 0.5), (8, 0), (13, 1)]
    assert billing.rto_breach == hours(3)
    assert billing.mtpd_breach is None
    # 3 h and 1 h down, then 4 h at half, then 5 h down; the dear rate begins after four hours.
    assert billing.loss == 3 * 10 + 0.5 * (1 * 10 + 3 * 100) + 5 * 100


def test_an_outage_lasts_as_long_as_its_element_takes_to_recover() -> None:
    assert spells(course("billing", outages=(Outage("erp"),))) == [(0, 0), (3, 0.5), (6, 1)]


def test_a_system_restarts_once_the_outside_cause_is_gone() -> None:
    assert spells(course("billing", power_cut=0)) == [(0, 0), (3, 0.5), (6, 1)]
    assert spells(course("circling", power_cut=0)) == [(0, 0), (4, 1)]


def test_an_outage_without_end_breaches_everything_and_is_counted_to_a_horizon() -> None:
    billing = course("billing", outages=(Outage("power"),))
    assert spells(billing) == [(0, 0), (3, 0.5), (7, 0)]
    assert (billing.rto_breach, billing.mtpd_breach) == (hours(2), hours(17))
    assert billing.back is None
    horizon = EVALUATOR.evaluate(Scenario("test", outages=(Outage("power"),))).worst.horizon
    assert horizon == hours(7 + 10)


def test_an_outage_may_have_begun_before() -> None:
    billing = course("billing", outages=(Outage("erp", at=hours(-1), lasts=hours(4)),))
    assert spells(billing) == [(-1, 0), (2, 0.5), (3, 1)]
    assert billing.rto_breach == hours(1)


def test_less_than_the_minimum_is_down_and_says_so() -> None:
    scenario = Scenario("test", outages=(Outage("erp"),))
    assert spells(course("shipping", outages=(Outage("erp"),))) == [(0, 0), (6, 1)]
    text = str(explain(EVALUATOR.state(scenario, hours(2)), "shipping"))
    assert text.splitlines()[0] == "shipping is down: 50 % of it is left, 60 % is its minimum"
    assert "    instead: generator, which gives 50 %" in text.splitlines()


def test_parts_of_people_add_up_and_give_a_part_of_the_capacity() -> None:
    assert spells(course("milling", flu=0, strike=1)) == [
        (0, 7 / 8), (2, 0), (3, 7 / 8), (5, 1),
    ]  # fmt: skip


def test_a_circle_works_until_something_outside_of_it_fails() -> None:
    assert spells(course("circling")) == [(0, 1)]
    assert spells(course("circling", power_cut=2)) == [(0, 1), (2, 0), (6, 1)]
    text = str(explain(EVALUATOR.state(Scenario("x", (Occurrence("power-cut"),)), hours(1)),
                       "circling"))  # fmt: skip
    assert "power does not work" in text


def test_an_event_or_element_that_does_not_exist_is_named() -> None:
    with pytest.raises(KeyError, match="no event “storm”"):
        EVALUATOR.evaluate(Scenario("test", (Occurrence("storm"),)))
    with pytest.raises(KeyError, match="no element “crm”"):
        EVALUATOR.evaluate(Scenario("test", outages=(Outage("crm"),)))
    with pytest.raises(KeyError, match="no policy “x”"):
        EVALUATOR.evaluate(Scenario("test", with_policies=("x",)))
