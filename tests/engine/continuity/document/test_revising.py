"""A document keeps its comments and its form when what it says is changed."""

from __future__ import annotations

import difflib
import textwrap
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from standfast.engine.continuity.document import dump, load, revise, to_data
from standfast.engine.continuity.model import AllOf, Function, Needs, Organisation, System

EXAMPLES = Path(__file__).parents[4] / "examples/continuity"

DOCUMENT = textwrap.dedent(
    """\
    # Who we are.
    standfast: 1
    name: 'Office'   # quoted
    systems:
      # the old one
      erp: {recovery: PT4H}  # ISO
      lan:
        kind: lan
    functions:
      payroll:  # monthly
        needs:
        - erp  # the ledger
        - lan
        rto: 240min
      sales:
        needs: erp
    """
)


def with_function(organisation: Organisation, function: Function) -> Organisation:
    functions = {**organisation.functions, function.name: function}
    return replace(organisation, functions=functions)


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}]


def test_nothing_changes_when_nothing_is_changed() -> None:
    assert revise(DOCUMENT, load(DOCUMENT)) == DOCUMENT


def test_only_the_changed_value_is_touched() -> None:
    before = load(DOCUMENT)
    payroll = replace(before.functions["payroll"], rto=timedelta(hours=2))
    after = revise(DOCUMENT, with_function(before, payroll))
    assert changed_lines(DOCUMENT, after) == ["-    rto: 240min", "+    rto: 2h"]


def test_an_item_of_a_list_comes_and_goes_beside_the_comments_of_the_others() -> None:
    before = load(DOCUMENT)
    systems = {**before.systems, "crm": System("crm")}
    more = AllOf((Needs("erp"), Needs("lan"), Needs("crm")))
    payroll = replace(before.functions["payroll"], needs=more)
    wider = revise(DOCUMENT, with_function(replace(before, systems=systems), payroll))
    assert changed_lines(DOCUMENT, wider) == ["+  crm: {}", "+    - crm"]
    fewer = replace(before.functions["payroll"], needs=AllOf((Needs("erp"),)))
    narrower = revise(DOCUMENT, with_function(before, fewer))
    assert changed_lines(DOCUMENT, narrower) == ["-    - lan"]


def test_an_element_that_is_gone_is_taken_out() -> None:
    before = load(DOCUMENT)
    left = {name: each for name, each in before.functions.items() if name != "sales"}
    after = revise(DOCUMENT, replace(before, functions=left))
    assert changed_lines(DOCUMENT, after) == ["-  sales:", "-    needs: erp"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_written_model_reads_back_the_same(path: Path) -> None:
    model = load(path.read_bytes())
    again = load(dump(model))
    assert to_data(again) == to_data(model)
    for table in ("groups", "locations", "systems", "paths", "parties", "functions", "policies"):
        assert getattr(again, table) == getattr(model, table)
    assert again.events == model.events
    assert again.scenarios == model.scenarios


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_comments_of_every_example_survive_a_change(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    model = load(text)
    changed = replace(model, currency="XTS")
    assert len(changed_lines(text, revise(text, changed))) <= 2
