"""`simulate`, `mitigate` and `compare` as they are typed: every form, every exit status."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from standfast.cli import main

MODEL = """\
standfast: 1
name: Acme
currency: EUR
groups:
  clerks: {heads: 10, at: office}
locations:
  office: {failures_per_year: 2, repair: 30h}
  home: {kind: home}
systems:
  mail: {kind: cloud, provider: cloud, failures_per_year: 6, repair: 8h, recovery: 4h}
  phone: {kind: voice, unavailability: 2 %}
  ledger: {}
functions:
  desk: {title: Help desk, needs: {any: [mail, phone]}, rto: 2h, mtpd: 8h, loss: 100}
  books: {needs: [{staff: clerks, at_least: 50 %}, mail, ledger], rto: 4h, loss: {0h: 10, 8h: 100}}
policies:
  laptops:
    title: Laptops for three in ten
    cost: 100
    changes: [{work_elsewhere: clerks, at: home, heads: 30 %}]
  more-laptops:
    title: Laptops for three more in ten
    cost: 100
    changes: [{work_elsewhere: clerks, at: home, heads: 30 %}]
  second-line: {title: A second line, cost: 5, changes: [{improve: phone, unavailability: 1 %}]}
"""
TREE = """\
<opsa-mef><define-fault-tree name="t">
<define-gate name="top"><or><basic-event name="a"/><basic-event name="b"/></or></define-gate>
<define-basic-event name="a"><float value="0.1"/></define-basic-event>
<define-basic-event name="b"><float value="0.2"/></define-basic-event>
</define-fault-tree></opsa-mef>
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.yaml"
    path.write_text(MODEL, encoding="utf-8")
    return path


def run(*arguments: str | Path, status: int = 0) -> Result:
    done = CliRunner().invoke(main, ["continuity", *map(str, arguments)])
    assert done.exit_code == status, done.output
    return done


def data(*arguments: str | Path) -> Any:
    return json.loads(run(*arguments, "--format", "json").stdout)


def test_years_are_told_in_words_with_what_was_assumed(model: Path) -> None:
    done = run("simulate", model, "--years", "500")
    assert "Acme: 500 years (seed 1)" in done.stdout
    assert "Help desk" in done.stdout
    assert "RTO breached" in done.stdout
    assert "All together lose" in done.stdout
    assert "Taken never to fail, for nobody says how often: " in done.stderr
    assert "only a share is known: phone." in done.stderr


def test_years_are_the_same_for_the_same_seed_in_every_form(model: Path) -> None:
    arguments = ("simulate", model, "--years", "300", "--seed", "7")
    found = data(*arguments)
    assert found == data(*arguments)
    assert found["years"] == 300
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").stdout)))
    assert [row["name"] for row in rows] == ["desk", "books"]
    assert float(rows[0]["hours_down"]) == found["functions"][0]["hours_down"]
    ET.fromstring(run(*arguments, "--format", "svg").stdout)
    page = run(*arguments, "--format", "html").stdout
    assert "<svg" in page
    assert "Help desk" in page
    assert "<script" not in page


def test_a_crew_that_queues_lengthens_outages(model: Path) -> None:
    alone = data("simulate", model, "--years", "2000", "--of", "books")
    crew = ("--crew", "it=1:mail,office,ledger@mon-fri 09-17")
    queued = data("simulate", model, "--years", "2000", "--of", "books", *crew)
    assert queued["functions"][0]["hours_down"] > 2 * alone["functions"][0]["hours_down"]


def test_random_moments_are_tried_for_models_and_fault_trees(model: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree.xml"
    tree.write_text(TREE, encoding="utf-8")
    found = data("simulate", tree, "--precision", "0.01")
    (top,) = found["tops"]
    assert found["stopped"] == "precision"
    assert top["low"] <= 1 - 0.9 * 0.8 <= top["high"]
    assert "random moments" in run("simulate", model, "--trials", "1000").stdout
    rows = run("simulate", tree, "--format", "csv").stdout.splitlines()
    assert rows[0] == "name,probability,low,high,failures"


def test_measures_are_ranked_paired_and_chosen(model: Path) -> None:
    text = run("mitigate", model, "--spend", "250").stdout
    assert "1. A second line" in text
    assert "only work together" in text
    assert "Best set for at most 250: Laptops for three in ten + Laptops for three more" in text
    found = data("mitigate", model, "--spend", "100")
    assert found["unit"] == "EUR"
    assert found["best"]["measures"] == ["second-line"]
    assert found["best"]["exact"]
    assert found["best"]["proven"]
    rows = list(csv.DictReader(io.StringIO(run("mitigate", model, "--format", "csv").stdout)))
    assert len(rows) == 3
    ET.fromstring(run("mitigate", model, "--format", "svg").stdout)
    assert "What each measure buys" in run("mitigate", model, "--format", "html").stdout
    assert "stands in for the first" in run("mitigate", model, "--generic").stdout


def test_a_change_is_told_with_what_it_does(model: Path, tmp_path: Path) -> None:
    after = tmp_path / "after.yaml"
    after.write_text(MODEL.replace("any: [mail, phone]", "all: [mail, phone]"), encoding="utf-8")
    done = run("compare", model, after)
    assert "~ functions.desk" in done.stdout
    assert "new single points of failure: " in done.stdout
    assert "cut sets, Systems: 1 → 2" in done.stdout
    run("compare", model, after, "--fail-on", "worse", status=1)
    run("compare", after, model, "--fail-on", "worse")
    run("compare", after, model, "--fail-on", "changed", status=1)
    assert "none: both say the same" in run("compare", model, model, "--fail-on", "changed").stdout
    found = data("compare", model, after)
    assert found["functions"][0]["single_points_new"] == ["mail", "phone"]
    rows = run("compare", model, after, "--format", "csv").stdout.splitlines()
    assert rows[0] == "place,kind,field,before,after"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("simulate", "--of", "dsk"), "--of: there is no “dsk”. Did you mean “desk”?"),
        (("simulate", "--crew", "it"), "is not NAME=SIZE:ELEMENTS"),
        (("simulate", "--crew", "it=1:male"), "Did you mean “mail”?"),
        (("simulate", "--crew", "it=0:mail"), "has 0 members"),
        (("simulate", "--crew", "it=1:mail@mon-sometime"), "duty is written as DAYS HH-HH"),
        (("simulate", "--crew", "it=1:mail@mon 18-08"), "the later one last"),
        (("simulate", "--crew", "it=1:mail", "--trials", "9"), "trials know no time"),
        (("simulate", "--trials", "9", "--format", "svg"), "take text, json or csv"),
        (("mitigate", "--event", "flod"), "--event: there is no “flod”."),
        (("mitigate", "--spend", "-1"), "not in the range"),
    ],
)
def test_wrong_options_end_with_2_and_say_what_was_meant(
    model: Path, arguments: tuple[str, ...], told: str
) -> None:
    command, *options = arguments
    done = run(command, model, *options, status=2)
    assert told in done.stderr
    assert done.stdout == ""


def test_cut_sets_are_drawn_listed_and_exported(model: Path, tmp_path: Path) -> None:
    rows = run("cutsets", model, "--format", "csv", "--order", "1").stdout.splitlines()
    assert rows[0] == "name,order,probability,people,location,systems,events"
    assert any(row.startswith("books,1,") and row.endswith(",mail") for row in rows)
    ET.fromstring(run("cutsets", model, "--of", "books", "--format", "svg").stdout)
    several = run("cutsets", model, "--format", "svg", status=2)
    assert "choose it with --of desk or books" in several.stderr
    page = run("cutsets", model, "--format", "html").stdout
    assert page.count("<svg") == 2
    assert "By area" in page
    tree = tmp_path / "model.xml"
    tree.write_text(run("export", model).stdout, encoding="utf-8")
    counts = [
        {top["name"]: top["by_order"] for top in data("cutsets", file, "--top", "0")["tops"]}
        for file in (model, tree)
    ]
    assert counts[0] == counts[1]
