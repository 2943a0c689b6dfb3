"""What two versions of a model say differently."""

from __future__ import annotations

from hypothesis import given, settings

from standfast.engine.continuity.comparing.changes import EntryChange, FieldChange, Kind, changes
from standfast.engine.continuity.document import load
from standfast.engine.continuity.model import Organisation
from tests.engine.continuity.checks.organisations import organisations

BEFORE = """
standfast: 1
name: Acme
systems:
  mail: {kind: cloud, recovery: 4h}
  files: {kind: cloud}
functions:
  desk: {needs: [mail], rto: 8h}
"""
AFTER = """
standfast: 1
name: Acme Ltd
systems:
  mail: {kind: cloud, recovery: 2h, owner: IT}
  phone: {kind: voice}
functions:
  desk: {rto: 480min, needs: {any: [mail, phone]}}
"""


def test_entries_are_added_removed_and_changed_by_field() -> None:
    assert changes(load(BEFORE), load(AFTER)) == (
        EntryChange("name", Kind.CHANGED, (FieldChange("name", "Acme", "Acme Ltd"),)),
        EntryChange(
            "systems.mail",
            Kind.CHANGED,
            (FieldChange("recovery", "4h", "2h"), FieldChange("owner", None, "IT")),
        ),
        EntryChange("systems.files", Kind.REMOVED),
        EntryChange("systems.phone", Kind.ADDED),
        EntryChange(
            "functions.desk",
            Kind.CHANGED,
            (FieldChange("needs", ["mail"], {"any": ["mail", "phone"]}),),
        ),
    )


@given(one=organisations(), two=organisations())
@settings(deadline=None, max_examples=30)
def test_only_what_differs_is_told(one: Organisation, two: Organisation) -> None:
    assert changes(one, one) == ()
    there, back = changes(one, two), changes(two, one)
    assert {change.place for change in there} == {change.place for change in back}
    assert all(change.fields for change in there if change.kind is Kind.CHANGED)
