"""A document is read into the model it means, or refused with every mistake in it."""

from __future__ import annotations

import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from standfast.engine.continuity.document import DocumentError, Problem, load
from standfast.engine.continuity.model import (
    AllOf,
    Amount,
    AnyOf,
    AtLeast,
    Effect,
    Fallbacks,
    LossRate,
    Needs,
    Outage,
    Place,
    Staff,
    Step,
)

EXAMPLES = Path(__file__).parents[4] / "examples/continuity"

OFFICE = """
standfast: 1
name: Small office
groups:
  clerks: {heads: 10, at: office, elsewhere: {home: 40 %}}
locations:
  office: {}
  home: {kind: home}
systems:
  erp: {needs: [lan], failures_per_year: 2, repair: 90min}
  lan: {kind: lan, at: office}
access_paths:
  desk: {at: office, needs: lan}
functions:
  payroll:
    rto: PT4H
    mtpd: 2d
    loss: {0h: 100, 1h 30min: 900.5}
    needs: [erp, {staff: clerks, at_least: 40 %, minimum: 2, using: erp}]
"""


def mistakes(text: str) -> tuple[Problem, ...]:
    with pytest.raises(DocumentError) as caught:
        load(textwrap.dedent(text))
    return caught.value.problems


def with_function(needs: str) -> str:
    return OFFICE + f"  extra:\n    needs: {needs}\n"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_can_be_read(path: Path) -> None:
    assert load(path.read_bytes()).functions


def test_values_mean_what_they_say() -> None:
    office = load(OFFICE)
    clerks = office.groups["clerks"]
    assert clerks.places == (Place("office", Amount(share=1.0)),)
    assert clerks.elsewhere == (Place("home", Amount(share=0.4)),)
    assert office.systems["erp"].reliability.repair_hours == 1.5
    payroll = office.functions["payroll"]
    assert (payroll.rto, payroll.mtpd) == (timedelta(hours=4), timedelta(days=2))
    assert payroll.loss == (LossRate(timedelta(0), 100), LossRate(timedelta(minutes=90), 900.5))
    staff = Staff("clerks", Amount(share=0.4), Amount(count=2), using=("erp",))
    assert payroll.needs == AllOf((Needs("erp"), staff))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("erp", Needs("erp")),
        ("[]", AllOf()),
        ("{all: [erp, lan]}", AllOf((Needs("erp"), Needs("lan")))),
        ("{any: [erp, lan]}", AnyOf((Needs("erp"), Needs("lan")))),
        ("{at_least: 1, of: [erp, lan]}", AtLeast(Amount(count=1), (Needs("erp"), Needs("lan")))),
        (
            "{normally: erp, otherwise: {after: 1h, capacity: 50 %, lasts: 2d, name: by hand}}",
            Fallbacks(
                Needs("erp"),
                (Step(AllOf(), "by hand", timedelta(hours=1), 0.5, timedelta(days=2)),),
            ),
        ),
    ],
)
def test_needs_nest_in_their_forms(written: str, meant: object) -> None:
    assert load(with_function(written)).functions["extra"].needs == meant


@pytest.mark.parametrize(
    ("needs", "said", "suggestion"),
    [
        ("erpp", "“erpp” is not a name in", "erp"),
        ("clerks", "“clerks” is in “groups”", ""),
        ("extra", "“extra” cannot need itself", ""),
        ("{at_least: 3, of: [erp, lan]}", "at least 3 of 2 is not possible", ""),
        ("{any: []}", "“any” of nothing", ""),
        ("{al: [erp]}", "a need is a name", "all"),
        ("{staff: clerks, at_least: 11}", "11 of “clerks” are needed, but there are only 10", ""),
        ("{staff: clerks, at_least: 0}", "at least nobody", ""),
        ("{staff: clerks, at_least: 2, minimum: 50 %}", "the minimum of “clerks” (50 %)", ""),
        ("{staff: clerk, at_least: 2}", "“clerk” is not a name in “groups”", "clerks"),
        ("{staff: clerks, at_leest: 2}", "“at_leest” is not a key of “staff”", "at_least"),
        ("{staff: clerks, at_least: 140 %}", "a number such as 12 or a share", ""),
        ("{normally: erp, otherwise: {capacity: 0 %}}", "does nothing", ""),
        ("true", "a name is needed, not true", ""),
    ],
)
def test_an_impossible_need_is_refused(needs: str, said: str, suggestion: str) -> None:
    problems = mistakes(with_function(needs))
    assert any(said in each.message for each in problems), problems
    assert suggestion in {each.suggestion for each in problems}
    assert all(each.path.startswith("functions.extra") for each in problems)
    assert {each.line for each in problems} == {21}


def test_all_mistakes_are_told_at_once_with_path_and_line() -> None:
    problems = mistakes(
        """\
        standfast: 1
        name: Office
        sysems: {}
        groups:
          clerks: {heads: -3}
        functions:
          payroll:
            rto: -4h
            criticality: mission critical
            minimum_capacity: 1.5
            needs: [payrol]
        """
    )
    assert [(each.line, each.path, each.suggestion) for each in problems] == [
        (3, "sysems", "systems"),
        (5, "groups.clerks.heads", ""),
        (8, "functions.payroll.rto", ""),
        (9, "functions.payroll.criticality", "mission-critical"),
        (10, "functions.payroll.minimum_capacity", ""),
        (11, "functions.payroll.needs[0]", "payroll"),
    ]
    assert str(problems[0]) == (
        "line 3, sysems: “sysems” is not a key of a continuity model. Did you mean “systems”?"
    )


@pytest.mark.parametrize(
    ("table", "written", "said"),
    [
        ("locations", "attic: {within: cellar}\n  cellar: {within: attic}", "contain each other"),
        ("locations", "attic: {latitude: 95, longitude: 0}", "from -90 to 90"),
        ("locations", "attic: {latitude: 5}", "both latitude and longitude"),
        ("locations", "attic: {needs: payroll}", "“payroll” is in “functions”"),
        ("locations", "lan: {}", "“lan” is a name in “locations” already"),
        ("locations", "a/b: {}", "“a/b” is no name"),
        ("systems", "crm: {unavailability: 101 %}", "outside of 0 % to 100 %"),
        ("systems", "crm: {recovery: 4}", "a duration such as “4h”"),
        ("systems", "crm: {recovery: 4 fortnights}", "a duration such as “4h”"),
        ("systems", "crm: [lan]", "a system is a mapping"),
        ("groups", "cooks: {}", "needs “heads”"),
        ("groups", "cooks: {heads: 3, at: {office: 2, home: 2}}", "more people have a place"),
        ("groups", "cooks: {heads: 5, at: {office: 2, home: 2}}", "1 of the 5 people have no"),
        ("access_paths", "tunnel: {at: home, needs: payroll}", "“payroll” is in “functions”"),
        ("access_paths", "tunnel: {at: home, seats: 3, reserved: {clerks: 4}}", "more seats"),
        ("access_paths", "tunnel: {at: home, reserved: {clerks: 4}}", "“seats” does not say"),
        ("functions", "sales: {rto: 2d, mtpd: 1d}", "the RTO (48h) is longer than the MTPD (24h)"),
        ("functions", "sales: {loss: {4h: 1, 2h: 5}}", "must grow"),
    ],
)
def test_what_contradicts_itself_is_refused(table: str, written: str, said: str) -> None:
    text = OFFICE.replace(f"\n{table}:\n", f"\n{table}:\n  {written}\n")
    assert any(said in each.message for each in mistakes(text)), mistakes(text)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("events: {snow: {effects: [{on: offixe}]}}", "“offixe” is not a name"),
        ("events: {snow: {effects: [{on: erp, aspect: entry}]}}", "“erp” is no location"),
        ("events: {snow: {effects: [{on: erp, perhaps: 120 %}]}}", "outside of 0 % to 100 %"),
        ("events: {snow: {effects: [{on: erp, share: 0 %}]}}", "does nothing"),
        ("events: {snow: {at: office}}", "add “like”"),
        ("events: {snow: {like: sever-weather}}", "is none of"),
        ("scenarios: {bad: {down: [{element: erp, aspect: entry}]}}", "“erp” is no location"),
        ("scenarios: {bad: {events: [storm]}}", "“storm” is not a name in “events”"),
        ("policies: {better: {changes: [{improve: erp}]}}", "say what becomes better"),
        ("policies: {better: {changes: [{improv: erp}]}}", "a change has one of"),
        ("policies: {better: {changes: [{more_seats: desk, seats: 0}]}}", "from 1 on"),
    ],
)
def test_events_scenarios_and_policies_are_checked(written: str, said: str) -> None:
    problems = mistakes(OFFICE + written + "\n")
    assert any(said in each.message for each in problems), problems


def test_a_group_with_too_many_crowded_locations_is_to_be_split() -> None:
    places = "".join(f"  l{n}: {{}}\n" for n in range(9))
    paths = "".join(f"  p{n}: {{at: l{n}, seats: 1}}\n" for n in range(9))
    at = ", ".join(f"l{n}: 1" for n in range(9))
    (problem,) = mistakes(
        f"standfast: 1\nname: x\nlocations:\n{places}access_paths:\n{paths}"
        f"groups:\n  g: {{heads: 9, at: {{{at}}}}}\n"
    )
    assert "9 locations whose access paths have limited seats" in problem.message


def test_cycles_between_systems_and_functions_are_allowed() -> None:
    text = OFFICE.replace("lan: {kind: lan, at: office}", "lan: {kind: lan, needs: [erp, payroll]}")
    assert load(text).systems["lan"].needs == AllOf((Needs("erp"), Needs("payroll")))


def test_an_event_like_one_of_the_library_hits_what_is_there() -> None:
    added = "events: {cut: {like: lan-failure, lasts: 1h}, ill: {like: pandemic}}"
    text = OFFICE + added + "\nscenarios: {now: {down: [{element: lan, at: -1h}], events: cut}}\n"
    office = load(text)
    assert office.events["cut"].effects == (Effect("lan"),)
    assert office.events["cut"].duration == timedelta(hours=1)
    assert Effect("clerks", share=0.4) in office.events["ill"].effects
    assert office.scenarios["now"].outages == (Outage("lan", at=timedelta(hours=-1)),)


def test_a_vpn_model_brings_its_facts() -> None:
    text = OFFICE.replace("needs: lan}", "needs: lan, connectivity: {vpn: forced-tunnel}}")
    facts = load(text).paths["desk"].connectivity
    assert (facts.tells_cloud_apart, facts.bypass) == (False, ())


def test_a_document_of_a_later_version_is_not_guessed_at() -> None:
    (problem,) = mistakes("standfast: 2\nname: Later\nnovelties: []\n")
    assert "of version 2; this program reads up to 1" in problem.message


def test_only_so_many_mistakes_are_told() -> None:
    lines = "\n".join(f"  f{number}: {{rto: soon}}" for number in range(1000))
    problems = mistakes(f"standfast: 1\nname: Bad\nfunctions:\n{lines}\n")
    assert len(problems) == 201
    assert any("there are more" in each.message for each in problems)
