"""A compiled model lived through, beside its exact downtime; what is assumed is told."""

from __future__ import annotations

import pytest

from standfast.engine.continuity.compiling import compile_model
from standfast.engine.continuity.document import load
from standfast.engine.continuity.mitigation.worth import Worth
from standfast.engine.continuity.simulation.organisations import exposed
from standfast.engine.continuity.simulation.years import Budget, live_through

MODEL = """
standfast: 1
name: Acme
currency: EUR
locations:
  office: {failures_per_year: 1, repair: 20h}
systems:
  mail: {kind: cloud, failures_per_year: 6, repair: 8h}
  phone: {kind: voice, unavailability: 2 %}
  ledger: {at: office}
functions:
  desk: {needs: {any: [mail, phone]}, rto: 2h, mtpd: 8h, loss: 100}
  books: {needs: [ledger, mail], rto: 4h, loss: {0h: 10, 8h: 100}}
events:
  storm:
    lasts: 30h
    per_year: 2
    effects: [{on: office}, {on: phone, perhaps: 50 %}]
"""


def test_lived_years_agree_with_the_exact_answer() -> None:
    organisation = load(MODEL)
    found = exposed(organisation, compile_model(organisation))
    assert found.unknown == ("ledger",)
    assert found.assumed == ("phone",)
    worth = Worth(organisation, ())
    years = live_through(found.exposure, seed=3, budget=Budget(years=20_000))
    for name in organisation.functions:
        wanted, lived = worth.state(name).downtime, years.tops[name]
        assert lived.downtime.mean == pytest.approx(wanted.hours, rel=0.05)
        assert lived.loss.mean == pytest.approx(wanted.loss, rel=0.06)
        assert lived.outages == pytest.approx(wanted.failures, rel=0.05)
    assert years.tops["desk"].rto_breaches > years.tops["desk"].mtpd_breaches > 0
