"""`standfast continuity probability`: figures for people and programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from standfast.cli import main

MODEL = """\
standfast: 1
name: Acme
systems:
  phone: {failures_per_year: 4, repair: 10h}
  mail: {failures_per_year: 4, repair: 10h}
functions:
  answer: {rto: 4h, needs: {any: [phone, mail]}}
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "model.yaml"
    file.write_text(MODEL, encoding="utf-8")
    return file


def run(*arguments: str | Path) -> Result:
    done = CliRunner().invoke(main, ["continuity", "probability", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done


def answer(*arguments: str | Path) -> Any:
    return json.loads(run(*arguments, "--format", "json").output)["tops"][0]


def test_a_function_with_an_alternative_is_down_when_both_are(model: Path) -> None:
    chance = 40 / 8806
    found = answer(model, "--limit", "8")
    assert found["unavailability"]["exact"] == pytest.approx(chance**2)
    assert found["hours_a_year"]["exact"] == pytest.approx(chance**2 * 8766)
    assert found["stops_a_year"] == pytest.approx(8 * chance)
    assert [mark["name"] for mark in found["curve"]["limits"]] == ["RTO", "8 h"]
    assert found["curve"]["expected_hours"] == pytest.approx(chance**2 * 5, rel=1e-2)
    assert [each["name"] for each in found["importance"]] == ["phone", "mail"]
    assert found["importance"][0]["reduction"] is None


def test_what_is_down_now_is_taken_into_account(model: Path) -> None:
    assert answer(model, "--down", "phone")["now"]["exact"] == pytest.approx(40 / 8806)


def test_people_read_the_year_and_the_marks(model: Path) -> None:
    said = run(model).output
    for line in ("answer", "Hours down a year: 0.181", "longer than RTO (4 h)", "phone"):
        assert line in said


def test_the_curve_is_printed_for_programs(model: Path) -> None:
    lines = run(model, "--format", "csv", "--until", "10").output.splitlines()
    assert lines[0] == "name,hours,probability"
    assert lines[1].startswith("answer,0,")
    assert lines[-1].startswith("answer,10,")
    assert len(lines) == 202
