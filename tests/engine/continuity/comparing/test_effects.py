"""What a change does: points that come and go, downtime, regions, findings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from standfast.engine.continuity.comparing.effects import effects
from standfast.engine.continuity.document import load
from standfast.engine.continuity.gates import Area
from standfast.engine.continuity.model import Organisation
from tests.engine.continuity.checks.organisations import organisations

BEFORE = """
standfast: 1
name: Acme
systems:
  mail: {kind: cloud, recovery: 4h, unavailability: 1 %}
  phone: {kind: voice, unavailability: 2 %}
functions:
  desk: {needs: [mail], rto: 2h}
  sales: {needs: {any: [mail, phone]}}
"""
AFTER = """
standfast: 1
name: Acme
systems:
  mail: {kind: cloud, recovery: 4h, unavailability: 1 %}
  phone: {kind: voice, unavailability: 2 %}
functions:
  desk: {needs: {any: [mail, phone]}, rto: 2h}
  sales: {needs: [mail, phone]}
  audit: {needs: [phone]}
"""


def test_points_gaps_and_downtime_move_with_the_change() -> None:
    found = effects(load(BEFORE), load(AFTER))
    desk, sales, audit = found.functions
    assert (desk.points_gone, desk.points_new) == (("mail",), ())
    assert list(desk.hours) == pytest.approx([87.66, 8766 * 0.0002])
    assert desk.regions == {}  # one set of two systems instead of one set of one
    assert (sales.points_gone, set(sales.points_new)) == ((), {"mail", "phone"})
    assert sales.regions == {frozenset({Area.SYSTEMS}): (1, 2)}
    assert audit.before is None
    assert [effect.name for effect in found.worse] == ["sales"]
    assert [gone.rule for gone in found.findings_gone] == ["rto-gap"]
    assert found.findings_new == ()
    assert all(effect.changed for effect in found.functions)


@given(organisation=organisations())
@settings(deadline=None, max_examples=20)
def test_a_model_beside_itself_has_no_effect(organisation: Organisation) -> None:
    found = effects(organisation, organisation)
    assert not any(effect.changed for effect in found.functions)
    assert not found.findings_gone
    assert not found.findings_new
