"""Venn diagram, loss curve and bars: well-formed, said in words, escaped."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from standfast.engine.continuity.drawing.bars import Bar, bars
from standfast.engine.continuity.drawing.curve import exceedance_curve, round_step
from standfast.engine.continuity.drawing.venn import shown, venn
from standfast.engine.continuity.gates import Area

SVG = "{http://www.w3.org/2000/svg}"
PEOPLE, LOCATION, SYSTEMS = Area.PEOPLE, Area.LOCATION, Area.SYSTEMS


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter(f"{SVG}text")]


def description(svg: str) -> str:
    found = ET.fromstring(svg).find(f"{SVG}desc")
    assert found is not None
    return found.text or ""


def test_every_region_has_its_count_and_is_said_in_words() -> None:
    counts = {
        frozenset({PEOPLE}): 3,
        frozenset({PEOPLE, SYSTEMS}): 12_345_678_901,
        frozenset({PEOPLE, LOCATION, SYSTEMS}): 7,
        frozenset[Area](): 2,
    }
    picture = venn(counts, function="payroll & <more>")
    assert {"3", "1.2·10¹⁰", "7", "outside of all three: 2"} <= set(texts(picture))
    assert texts(picture).count("0") == 4
    assert "People + Systems: 1.2·10¹⁰" in description(picture)
    assert len(list(ET.fromstring(picture).iter(f"{SVG}circle"))) == 3


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (999_999, "999,999"), (82_000_000_000, "8.2·10¹⁰")]
)
def test_counts_are_short(number: int, text: str) -> None:
    assert shown(number) == text


def test_a_curve_falls_and_its_percentiles_are_said() -> None:
    points = [(0.0, 0.7), (100.0, 0.4), (500.0, 0.01), (900.0, 0.0)]
    marks = [(0.5, 60.0), (0.99, 500.0)]
    picture = exceedance_curve(points, name="payroll", unit="EUR", marks=marks)
    assert "99.0% of years lose 500 EUR or less" in description(picture)
    path = next(ET.fromstring(picture).iter(f"{SVG}path")).attrib["d"].split()
    heights = [float(path[place + 1]) for place, mark in enumerate(path) if mark == "V"]
    assert heights == sorted(heights)
    assert {"100 %", "10 %", "1 %", "200"} <= set(texts(picture))


def test_a_curve_without_losses_says_so() -> None:
    for points in ([(0.0, 0.0)], []):
        picture = exceedance_curve(points, name="payroll", unit="EUR")
        assert "No year of the simulation lost anything." in texts(picture)


@example([(5e-324, 0.0)])
@given(st.lists(st.tuples(st.floats(0, 1e9), st.floats(0, 1)), min_size=1, max_size=20).map(sorted))
def test_any_curve_is_well_formed(points: list[tuple[float, float]]) -> None:
    ET.fromstring(exceedance_curve(points, name="<any>", unit="€"))


@given(st.floats(1e-6, 1e12))
def test_steps_are_round_and_large_enough(size: float) -> None:
    assert size * 0.99 <= round_step(size) <= 10.1 * size


def test_bars_are_as_long_as_their_values_and_chosen_ones_are_marked() -> None:
    rows = [Bar("generator", 80.0, "80 EUR"), Bar("locks", 40.0, "40 EUR", True), Bar("x", -1, "–")]
    picture = bars(rows, title="Ranking")
    widths = [float(box.attrib["width"]) for box in ET.fromstring(picture).iter(f"{SVG}rect")]
    assert widths == [310.0, 155.0, 1.5]
    assert "✓ locks" in texts(picture)
    assert description(picture).startswith("generator: 80 EUR; locks: 40 EUR")
    assert "Nothing to rank." in texts(bars([], title="Ranking"))
