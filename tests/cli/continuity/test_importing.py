"""`standfast continuity import`: documents printed, added to, and refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from standfast.cli import main
from standfast.engine.continuity.document import load

MODEL = """\
# Our own words stay.
standfast: 1
name: Acme
locations:
  tpe: {title: Taipei}  # the headquarters
"""
PEOPLE = "team,office,heads,remote\nDesk,Taipei,12,50 %\nField,Tainan,3,no\n"


def run(*arguments: str | Path, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["continuity", "import", *map(str, arguments)], input=text)


def test_a_topology_becomes_a_document_that_can_be_read() -> None:
    done = run("topology", "-", "--direction", "needs", text="web database\nweb cache\n")
    assert done.exit_code == 0, done.output
    assert sorted(load(done.output).systems) == ["cache", "database", "web"]


def test_people_are_added_to_a_model_whose_comments_stay(tmp_path: Path) -> None:
    model, people = tmp_path / "model.yaml", tmp_path / "people.csv"
    model.write_text(MODEL, encoding="utf-8")
    people.write_text(PEOPLE, encoding="utf-8")
    dry = run("people", people, "--into", model, "--dry-run")
    assert model.read_text(encoding="utf-8") == MODEL
    done = run("people", people, "--into", model)
    assert done.output == f"{model}: added 2 groups, 2 locations and 0 systems.\n"
    written = model.read_text(encoding="utf-8")
    assert dry.output == written
    assert "# Our own words stay." in written
    assert "# the headquarters" in written
    organisation = load(written)
    assert organisation.groups["desk"].places[0].location == "tpe"
    assert list(organisation.locations) == ["tpe", "home", "tainan"]


@pytest.mark.parametrize(
    ("arguments", "text", "told"),
    [
        (("people", "-"), "team,heads\nDesk,x\n", "standard input: line 2, heads: a whole number"),
        (("topology", "-"), "<graphml>", "standard input: line 1: this is not XML"),
        (("topology", "-", "--kind", "boat"), "a b\n", "--kind: “boat” is none of application"),
        (("topology", "nowhere.xml"), "", "'nowhere.xml' does not exist"),
    ],
)
def test_bad_input_is_said_without_a_traceback_and_ends_with_2(
    arguments: tuple[str, ...], text: str, told: str
) -> None:
    done = run(*arguments, text=text)
    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_a_model_that_is_wrong_is_not_touched(tmp_path: Path) -> None:
    model, people = tmp_path / "model.yaml", tmp_path / "people.csv"
    model.write_text("standfast: 1\nnam: Acme\n", encoding="utf-8")
    people.write_text(PEOPLE, encoding="utf-8")
    done = run("people", people, "--into", model)
    assert done.exit_code == 2
    assert f"{model}: line 2" in done.stderr
    assert "Did you mean" in done.stderr
