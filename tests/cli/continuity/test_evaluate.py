"""`standfast continuity evaluate` and `check`: what they say, in every form, and how they end."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from standfast.cli import main

EXAMPLE = Path(__file__).parents[3] / "examples/continuity/snowstorm.yaml"


def run(command: str, *arguments: str, file: Path = EXAMPLE) -> Result:
    return CliRunner().invoke(main, ["continuity", command, str(file), *arguments])


def data(*arguments: str) -> Any:
    done = run("evaluate", *arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_the_snowstorm_is_answered_with_numbers() -> None:
    done = run("evaluate", "--scenario", "snowstorm")
    assert done.exit_code == 0, done.output
    assert "104 of 150 service engineers can work" in done.output
    assert "40 % (60) are needed for Incident response" in done.output
    assert "without “Service engineers keep their laptops at home” 46." in done.output
    assert "\x1b[" not in done.output


def test_a_policy_can_be_taken_away_on_the_command_line() -> None:
    found = data("--event", "snowstorm", "--without", "laptops-at-home")
    response = next(each for each in found["functions"] if each["name"] == "incident-response")
    assert (response["worst"], response["rto_breach_s"], response["mtpd_breach_s"]) == (
        "down", 4 * 3600, 24 * 3600,
    )  # fmt: skip
    assert "46 of 150 service engineers" in response["why"]["because"][0]["text"]


def test_events_of_the_library_and_outages_are_at_hand() -> None:
    found = data("--event", "wan-cut@2h+3h", "--down", "ticketing@-1h+2h", "--down", "vpn=50%")
    response = next(each for each in found["functions"] if each["name"] == "incident-response")
    assert [(each["start_s"] / 3600, each["state"]) for each in response["spells"]] == [
        (-1, "down"), (1, "up"), (2, "down"), (5, "up"),
    ]  # fmt: skip


def test_without_a_choice_every_scenario_is_evaluated() -> None:
    assert [each["scenario"] for each in data()] == [
        "snowstorm", "snowstorm-without-laptops", "snow-and-power", "snow-and-sign-in",
    ]  # fmt: skip


def test_csv_has_a_row_for_each_spell_and_case() -> None:
    done = run("evaluate", "--scenario", "snow-and-power", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.output)))
    assert {row["case"] for row in rows} == {"worst", "best"}
    assert {row["state"] for row in rows if row["function"] == "dispatch"} == {"up", "degraded"}


def test_a_drawing_and_a_page_are_printed() -> None:
    svg = run("evaluate", "--scenario", "snowstorm", "--format", "svg")
    assert svg.output.startswith("<svg ")
    assert run("evaluate", "--format", "svg").exit_code == 2
    html = run("evaluate", "--format", "html").output
    assert html.startswith("<!doctype html>")
    assert html.count("<svg ") == 4


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--fail-on", "down"), 1),
        (("--fail-on", "down", "--criticality", "mission-critical"), 0),
        (("--fail-on", "degraded", "--criticality", "business-critical"), 1),
        (("--fail-on", "rto"), 0),
        (("--fail-on", "mtpd", "--without", "laptops-at-home"), 1),
    ],
)
def test_the_exit_status_says_what_was_asked(arguments: tuple[str, ...], status: int) -> None:
    assert run("evaluate", "--scenario", "snowstorm", *arguments).exit_code == status


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scenario", "snow"), "--scenario: there is no “snow”. Did you mean “snowstorm”?"),
        (("--event", "blizzard"), "--event: there is no “blizzard”. There are:"),
        (("--down", "erp"), "--down: there is no “erp”"),
        (("--down", "vpn=140%"), "write a share such as =40%"),
        (("--down", "vpn@soon"), "“soon” is no duration"),
        (("--down", "vpn/entry"), "there is no “vpn”"),
        (("--event", "@@"), "is not NAME@START+LENGTH"),
        (("--without", "laptops"), "--without: there is no “laptops”. Did you mean"),
        (("--horizon", "later"), "--horizon: “later” is no duration"),
    ],
)
def test_wrong_options_are_named(arguments: tuple[str, ...], said: str) -> None:
    done = run("evaluate", *arguments)
    assert done.exit_code == 2
    assert said in done.output


def test_a_wrong_document_is_told_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("standfast: 1\nname: x\ngroups: {g: {heads: -1}}\nfoo: 1\n", encoding="utf-8")
    for command in ("check", "evaluate"):
        done = run(command, file=file)
        assert done.exit_code == 2
        assert f"{file}: line 3, groups.g.heads" in done.output
        assert f"{file}: line 4, foo" in done.output


def test_check_tells_gaps_and_single_points_of_failure() -> None:
    done = run("check")
    assert done.exit_code == 0
    assert "The document is right: 25 elements, 4 functions" in done.output
    assert "5 single failures stop this mission-critical function" in done.output
    assert run("check", "--fail-on", "problem").exit_code == 1
    assert run("check", "--fail-on", "problem", "--rule", "hairpin").exit_code == 0


def test_check_speaks_to_programs() -> None:
    found = json.loads(run("check", "--format", "json").output)
    assert {"severity", "rule", "place", "said", "fix", "elements"} == set(found["findings"][0])
    rows = list(csv.DictReader(io.StringIO(run("check", "--format", "csv").output)))
    assert len(rows) == len(found["findings"])


def test_check_prints_the_schema_for_editors() -> None:
    done = CliRunner().invoke(main, ["continuity", "check", "--schema"])
    assert json.loads(done.output)["title"] == "Standfast continuity model"
