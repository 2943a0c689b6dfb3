"""`standfast continuity cutsets`: answers for people and programs, exit statuses, and its start."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from standfast.cli import main

THEATRE = """\
<opsa-mef><define-fault-tree name="Theatre">
<define-gate name="Theatre"><and><basic-event name="Mains"/><gate name="Backup"/></and>
</define-gate>
<define-gate name="Backup"><or><basic-event name="Generator"/><basic-event name="Relay"/></or>
</define-gate></define-fault-tree></opsa-mef>"""
EVENTS = """\
<opsa-mef><model-data>
<define-basic-event name="Mains"><float value="0.03"/></define-basic-event>
<define-basic-event name="Generator"><float value="0.02"/></define-basic-event>
<define-basic-event name="Relay"><float value="0.05"/></define-basic-event>
</model-data></opsa-mef>"""
MODEL = """\
standfast: 1
name: Acme
systems:
  phone: {}
  mail: {}
functions:
  answer: {criticality: mission-critical, needs: {any: [phone, mail]}}
  call: {criticality: important, needs: phone}
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["continuity", "cutsets", *map(str, arguments)])


def answer(*arguments: str | Path) -> Any:
    done = run(*arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@pytest.fixture
def theatre(tmp_path: Path) -> list[Path]:
    files = [tmp_path / "theatre.xml", tmp_path / "events.xml"]
    for file, text in zip(files, (THEATRE, EVENTS), strict=True):
        file.write_text(text, encoding="utf-8")
    return files


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "model.yaml"
    file.write_text(MODEL, encoding="utf-8")
    return file


def test_a_fault_tree_and_its_events_are_answered_for_programs(theatre: list[Path]) -> None:
    found = answer(*theatre)
    assert found["count"] == 2
    assert found["by_order"] == [0, 0, 2]
    assert found["probability"] == pytest.approx(0.03 * (0.02 + 0.05 - 0.001))
    assert found["complete"] is True
    assert found["time_s"] >= 0
    assert found["most_probable"][0] == {
        "events": ["Mains", "Relay"],
        "probability": pytest.approx(0.0015),
    }


def test_a_fault_tree_without_its_events_is_still_counted(theatre: list[Path]) -> None:
    found = answer(theatre[0])
    assert (found["count"], found["probability"]) == (2, None)
    assert found["probability_unknown"] == ["Mains", "Generator", "Relay"]


def test_people_read_counts_probability_and_sets(theatre: list[Path]) -> None:
    said = run(*theatre, "--order", "2").output
    for line in ("2 minimal cut sets", "of 2 failures", "0.00207", "Mains + Relay"):
        assert line in said


def test_what_is_down_already_leaves_less_to_fail(theatre: list[Path]) -> None:
    found = answer(*theatre, "--down", "Mains")
    assert found["single_points"] == ["Generator", "Relay"]


def test_a_model_is_answered_function_by_function(model: Path) -> None:
    found = answer(model)
    assert {each["name"]: each["by_order"] for each in found["tops"]} == {
        "answer": [0, 0, 1],
        "call": [0, 1],
    }
    assert found["tops"][1]["by_region"]["systems"] == 1
    assert [each["name"] for each in answer(model, "--of", "call")["tops"]] == ["call"]


def test_a_model_is_exported_for_other_tools_and_gives_the_same_answer(
    model: Path, tmp_path: Path
) -> None:
    exported = tmp_path / "exported.xml"
    exported.write_text(run(model, "--of", "answer", "--format", "xml").output, encoding="utf-8")
    found = answer(exported)
    assert (found["name"], found["by_order"]) == ("answer", [0, 0, 1])


@pytest.mark.parametrize(
    ("level", "status"), [("mission-critical", 0), ("important", 1), ("any", 1)]
)
def test_a_single_point_of_failure_fails_where_it_matters(
    model: Path, level: str, status: int
) -> None:
    done = run(model, "--fail-on-single-point", level)
    assert done.exit_code == status
    assert ("A single failure stops call." in done.output) == bool(status)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--of", "Teatre"), "--of: there is no “Teatre”; did you mean “Theatre”?"),
        (("--down", "Main"), "--down: there is no “Main”; did you mean “Mains”?"),
    ],
)
def test_unknown_names_get_the_nearest(
    theatre: list[Path], arguments: tuple[str, ...], told: str
) -> None:
    done = run(*theatre, *arguments)
    assert done.exit_code == 2
    assert told in done.output


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.xml"
    file.write_text("<opsa-mef>\n<define-gate></opsa-mef>", encoding="utf-8")
    done = run(file)
    assert done.exit_code == 2
    assert f"{file}, line 2:" in done.output


HEAVY = ("numpy", "numba", "django", "ruamel", "highspy", "pyarrow")
PROGRAM = """
import sys
from standfast.cli import main
main(["continuity", "cutsets", *sys.argv[1:]], standalone_mode=False)
print(*(name for name in {heavy!r} if name in sys.modules), file=sys.stderr)
"""


def test_a_small_fault_tree_loads_nothing_heavy(theatre: list[Path]) -> None:
    program = PROGRAM.format(heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", program, *theatre], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == ""
