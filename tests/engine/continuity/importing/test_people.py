"""People from CSV: the header found, encodings guessed, rows counted, mistakes told."""

from __future__ import annotations

import codecs
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.continuity.importing.faults import ImportRefused
from standfast.engine.continuity.importing.merging import known_location, merged, taken_names
from standfast.engine.continuity.importing.people import read_people
from standfast.engine.continuity.model import Amount, Group, Location, Organisation, Place

PEOPLE = """\
Export of 2026-03-01
Name;Team;Office;Job title;Works from home
Ada;Service Desk;Taipei;agent;yes
Bo;Service Desk;Taipei;agent;no
Chen;Service Desk;Kaohsiung;lead;yes

Dee;Payroll;Taipei;clerk;
"""


def test_a_row_for_each_person_is_counted_by_group_place_and_laptop() -> None:
    found = read_people(PEOPLE.encode())
    desk = found.groups["service-desk"]
    assert (desk.heads, desk.title, desk.roles) == (3, "Service Desk", ("agent", "lead"))
    assert desk.places == (Place("taipei", Amount(count=2)), Place("kaohsiung", Amount(count=1)))
    assert desk.elsewhere == (Place("home", Amount(count=2)),)
    assert found.groups["payroll"].elsewhere == ()
    assert list(found.locations) == ["taipei", "kaohsiung", "home"]


def test_a_row_for_so_many_is_counted_too() -> None:
    text = 'department,site,head count,remote\nEngineers,HQ,"1,500",35 %\nEngineers,South,46,0\n'
    found = read_people(text.encode()).groups["engineers"]
    assert found.heads == 1546
    assert found.elsewhere == (Place("home", Amount(count=525)),)


@pytest.mark.parametrize(
    "content",
    [
        "部門,地點,人數\n客服,台北,12\n".encode(),
        "部門,地點,人數\n客服,台北,12\n".encode("utf-8-sig"),
        "部門,地點,人數\n客服,台北,12\n".encode("cp950"),
        codecs.BOM_UTF16_LE + "部門\t地點\t人數\n客服\t台北\t12\n".encode("utf-16-le"),
    ],
    ids=["utf-8", "utf-8 with mark", "big5", "utf-16"],
)
def test_chinese_is_read_in_the_encodings_that_spreadsheets_write(content: bytes) -> None:
    found = read_people(content)
    assert found.groups["客服"].places == (Place("台北", Amount(count=12)),)


def test_latin_is_read_when_it_is_nothing_else() -> None:
    found = read_people("team,site\nBüro,Zürich\n".encode("cp1252"))
    assert list(found.groups) == ["büro"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no column says the group"),
        ("name,age\nAda,36\n", "line 1: no column says the group (“group”, “team”"),
        ("team,site\n", "line 1: there is no row below the header"),
        (
            "team,heads\nDesk,many\n",
            "line 2, heads: a whole number of people is needed, not “many”",
        ),
        ("team,heads\nDesk,-3\n", "line 2, heads: a whole number"),
        ("team,remote\nDesk,perhaps\n", "line 2, remote: yes, no or a share"),
        ("team,remote\nDesk,140 %\n", "line 2, remote: yes, no or a share"),
        ("team,site\nDesk,HQ\n,HQ\n", "line 3, group: the row does not say which group"),
    ],
)
def test_bad_rows_are_told_with_line_and_column(text: str, told: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read_people(text.encode())
    assert told in str(refused.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(ImportRefused):
        assert len(read_people(content)) > 0


def test_people_join_places_that_the_model_has_and_overwrite_nothing() -> None:
    model = Organisation(
        "Acme",
        groups={"payroll": Group("payroll", 2)},
        locations={"tpe": Location("tpe", title="Taipei")},
    )
    found = read_people(PEOPLE.encode(), known=known_location(model), taken=taken_names(model))
    result = merged(model, found)
    assert result.groups["payroll"].heads == 2
    assert result.groups["payroll-2"].places == (Place("tpe", Amount(count=1)),)
    assert list(result.locations) == ["tpe", "kaohsiung", "home"]
    with pytest.raises(ValueError, match="the model has “home” already"):
        merged(result, found)
