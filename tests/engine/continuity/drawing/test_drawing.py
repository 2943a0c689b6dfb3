"""Pictures are well-formed, say in words what they show, and never need colours."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from standfast.engine.continuity.document import load
from standfast.engine.continuity.drawing import (
    Axis,
    GanttWords,
    Section,
    Table,
    gantt,
    page,
    spoken,
)
from standfast.engine.continuity.evaluation import Evaluator

SVG = "{http://www.w3.org/2000/svg}"
MODEL = load((Path(__file__).parents[4] / "examples/continuity/snowstorm.yaml").read_bytes())
EVALUATOR = Evaluator(MODEL)


def drawn(scenario: str, **options: object) -> Element:
    evaluation = EVALUATOR.evaluate(MODEL.scenarios[scenario])
    found: Element = fromstring(gantt(evaluation, MODEL, **options))  # type: ignore[arg-type]
    return found


def words(svg: Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


def test_a_picture_has_a_title_and_says_what_it_shows() -> None:
    svg = drawn("snowstorm-without-laptops")
    title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text == "Snowstorm, had the laptops stayed in the office: functions over time"
    assert "Incident response: down 0, up 1 d 12 h" in (description.text or "")
    assert svg.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_bars_carry_words_and_breached_objectives_a_cross() -> None:
    found = words(drawn("snowstorm-without-laptops"))
    assert {"down", "up", "RTO ✕", "MTPD ✕"} <= set(found)
    assert "75 %" in words(drawn("snowstorm"))


def test_the_best_case_is_drawn_when_it_depends() -> None:
    assert GanttWords().best in words(drawn("snow-and-power"))
    assert GanttWords().best not in words(drawn("snowstorm"))


def test_only_affected_functions_are_drawn_when_asked() -> None:
    found = words(drawn("snowstorm", only_affected=True))
    assert "Payroll" in found
    assert "Incident response" not in found


def test_a_picture_speaks_other_languages() -> None:
    assert "停擺" in words(drawn("snowstorm", words=GanttWords(down="停擺")))


@pytest.mark.parametrize("hours", [1, 7, 30, 400, 9000, 200_000])
def test_an_axis_has_a_few_round_marks(hours: int) -> None:
    axis = Axis(timedelta(hours=-1), timedelta(hours=hours), 0, 100)
    marks = list(axis.marks())
    assert 2 <= len(marks) <= 11
    assert all(0 <= x <= 100 for x, _ in marks)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(0), "0"),
        (timedelta(minutes=-90), "−1 h 30 min"),
        (timedelta(days=1, hours=12, minutes=5), "1 d 12 h"),
    ],
)
def test_durations_are_spoken_in_two_units(length: timedelta, said: str) -> None:
    assert spoken(length) == said


def test_a_page_escapes_what_people_wrote() -> None:
    table = Table("<b>", ["<i>"], [["<script>"]])
    text = page("<h1>", [Section("<u>", "<p>", tables=[table])], intro="&")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert text.count("<h1>") == 1
