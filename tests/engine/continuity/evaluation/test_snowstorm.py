"""The example that must work end to end: snow, an office out of reach, laptops at home."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from standfast.engine.continuity.document import load
from standfast.engine.continuity.evaluation import Evaluator, Standing, explain, staffing

FILE = Path(__file__).parents[4] / "examples/continuity/snowstorm.yaml"
AN_HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    return Evaluator(load(FILE.read_bytes()))


def test_104_of_150_service_engineers_can_work_and_without_the_policy_46(
    evaluator: Evaluator,
) -> None:
    snow = evaluator.organisation.scenarios["snowstorm"]
    (engineers,) = [
        each for each in staffing(evaluator, snow, AN_HOUR) if each.group == "service-engineers"
    ]
    assert (engineers.able, engineers.heads) == (104, 150)
    assert engineers.places == (("south-office", 46), ("home", 58))
    assert [(each.function, each.needed) for each in engineers.demands] == [
        ("incident-response", 60)
    ]
    assert engineers.without == (("laptops-at-home", 46),)
    assert engineers.short == ()


def test_incident_response_goes_on_with_the_policy_and_stops_without(evaluator: Evaluator) -> None:
    scenarios = evaluator.organisation.scenarios
    kept = evaluator.evaluate(scenarios["snowstorm"]).worst.functions["incident-response"]
    assert (kept.worst, kept.loss) == (Standing.UP, 0)
    lost = evaluator.evaluate(scenarios["snowstorm-without-laptops"]).worst.functions
    stopped = lost["incident-response"]
    assert stopped.worst is Standing.DOWN
    assert stopped.first_down == timedelta(0)
    assert (stopped.rto_breach, stopped.mtpd_breach) == (timedelta(hours=4), timedelta(days=1))
    assert stopped.back == timedelta(hours=36)
    # 4 h at 2,000, 20 h at 10,000, 12 h at 40,000.
    assert stopped.loss == 8_000 + 200_000 + 480_000


def test_the_reasons_can_be_read(evaluator: Evaluator) -> None:
    scenario = evaluator.organisation.scenarios["snowstorm-without-laptops"]
    state = evaluator.state(scenario, AN_HOUR)
    assert str(explain(state, "dispatch", evaluator.causes(scenario))).splitlines() == [
        "Dispatch of field crews is down",
        "  Incident response is down",
        "    46 of 150 service engineers can work; 60 are needed",
        "      46 work at South office",
        "      people cannot get into Headquarters because of Snowstorm over the headquarters",
    ]


def test_seats_that_are_missing_are_told(evaluator: Evaluator) -> None:
    scenario = evaluator.organisation.scenarios["snow-and-sign-in"]
    before = evaluator.state(scenario, timedelta(hours=9))
    assert before.able("service-engineers", ("ticketing", "diagnosis")) == 104
    text = str(explain(evaluator.state(scenario, timedelta(hours=10)), "incident-response",
                       evaluator.causes(scenario)))  # fmt: skip
    assert "VPN gateway does not work" in text
    assert "Sign-in service is out because of Identity outage" in text
    assert "by telephone with the lift's crew is ready in 1 h" in text


def test_what_may_happen_gives_a_best_and_a_worst_case(evaluator: Evaluator) -> None:
    scenario = evaluator.organisation.scenarios["snow-and-power"]
    found = evaluator.evaluate(scenario)
    assert [(cause.element, cause.probability) for cause in found.depends] == [("home", 0.5)]
    night = timedelta(hours=10)
    using = ("ticketing", "diagnosis")
    worst = evaluator.state(scenario, night).able("service-engineers", using)
    best = evaluator.state(scenario, night, worst=False).able("service-engineers", using)
    assert (worst, best) == (89, 104)
    assert found.best.loss < found.worst.loss
