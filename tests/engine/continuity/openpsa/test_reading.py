"""Open-PSA fault trees: what is read, what is refused and how that is said."""

from __future__ import annotations

import pytest

from standfast.engine.continuity.cutsets.stopping import Stopping, stopping
from standfast.engine.continuity.openpsa.errors import OpenPsaError
from standfast.engine.continuity.openpsa.reading import Source, read


def document(body: str, data: str = "") -> bytes:
    return (
        f'<opsa-mef><define-fault-tree name="t">{body}</define-fault-tree>'
        f"<model-data>{data}</model-data></opsa-mef>"
    ).encode()


def gate(formula: str, name: str = "top") -> str:
    return f'<define-gate name="{name}">{formula}</define-gate>'


def event(name: str, value: str = '<float value="0.5"/>') -> str:
    return f'<define-basic-event name="{name}">{value}</define-basic-event>'


def basic(*names: str) -> str:
    return "".join(f'<basic-event name="{name}"/>' for name in names)


def answer(body: str, data: str = "", *more: bytes) -> Stopping:
    sources = [Source("a.xml", document(body, data))]
    sources += [Source(f"more{number}.xml", content) for number, content in enumerate(more)]
    graph = read(sources).graph
    (top,) = graph.tops.values()
    return stopping(graph, top)


def sets(found: Stopping) -> set[str]:
    return {"".join(each.names) for each in found.cut_sets.ordered()}


A_AND_B = f"<and>{basic('a', 'b')}</and>"


@pytest.mark.parametrize(
    ("formula", "wanted", "chance"),
    [
        (f"<or>{basic('a', 'b')}</or>", {"a", "b"}, 0.75),
        (A_AND_B, {"ab"}, 0.25),
        (basic("a"), {"a"}, 0.5),
        (f'<atleast min="2">{basic("a", "b", "c")}</atleast>', {"ab", "ac", "bc"}, 0.5),
        (f'<cardinality min="1" max="1">{basic("a", "b", "c")}</cardinality>', {*"abc"}, 0.375),
        (f"<xor>{basic('a', 'b')}</xor>", {"a", "b"}, 0.5),
        (f"<nand>{basic('a', 'b')}</nand>", {""}, 0.75),
        (f"<nor>{basic('a', 'b')}</nor>", {""}, 0.25),
        (f"<and><not>{basic('a')}</not>{basic('b')}</and>", {"b"}, 0.25),
        (f"<iff>{basic('a', 'b')}</iff>", {""}, 0.5),
        (f"<and><imply>{basic('a', 'b')}</imply>{basic('c')}</and>", {"c"}, 0.375),
        (f"<or>{basic('a')}{A_AND_B}<and>{basic('b', 'c')}</and></or>", {"a", "bc"}, 0.625),
        (f'<or><constant value="false"/>{basic("a")}</or>', {"a"}, 0.5),
        (f'<or><constant value="true"/>{basic("a")}</or>', {""}, 1.0),
        (f'<and><constant value="false"/>{basic("a")}</and>', set(), 0.0),
        (f'<atleast min="2"><constant value="true"/>{basic("a", "b")}</atleast>', {*"ab"}, 0.75),
    ],
)
def test_every_connective_means_what_the_format_says(
    formula: str, wanted: set[str], chance: float
) -> None:
    found = answer(gate(formula), event("a") + event("b") + event("c"))
    assert sets(found) == wanted
    assert found.probability.exact == pytest.approx(chance)


@pytest.mark.parametrize(
    ("value", "chance"),
    [
        ('<float value="1e-3"/>', 0.001),
        ('<int value="1"/>', 1.0),
        ('<parameter name="p"/>', 0.25),
        ('<mul><parameter name="p"/><float value="0.5"/></mul>', 0.125),
        ('<sub><float value="1"/><float value="0.9"/></sub>', 0.1),
        ('<exponential><float value="1e-4"/><system-mission-time/></exponential>', 0.5835546),
        (
            '<GLM><float value="0"/><float value="1e-3"/><float value="0.1"/>'
            '<float value="1e9"/></GLM>',
            0.001 / 0.101,
        ),
        (
            '<Weibull><float value="100"/><float value="2"/><float value="0"/>'
            '<float value="100"/></Weibull>',
            0.6321206,
        ),
        ('<uniform-deviate><float value="0.1"/><float value="0.3"/></uniform-deviate>', 0.2),
        ('<lognormal-deviate><float value="0.01"/><float value="3"/></lognormal-deviate>', 0.01),
    ],
)
def test_probabilities_come_from_numbers_parameters_and_distributions(
    value: str, chance: float
) -> None:
    data = event("a", value) + '<define-parameter name="p"><float value="0.25"/></define-parameter>'
    found = answer(gate(basic("a")), data)
    assert found.probability.exact == pytest.approx(chance, rel=1e-6)


def test_basic_events_may_stand_in_another_file_or_nowhere() -> None:
    apart = f"<opsa-mef><model-data>{event('a')}{event('b')}</model-data></opsa-mef>".encode()
    together = answer(gate(A_AND_B), "", apart)
    assert together.probability.exact == 0.25
    alone = answer(gate(A_AND_B))
    assert sets(alone) == {"ab"}
    assert (alone.probability.lower, alone.probability.upper) == (0, 1)
    assert alone.unknown == ("a", "b")


def test_private_names_live_in_their_component() -> None:
    """Two gates of one name: inside the component its own is meant, outside the public one."""
    body = (
        gate('<or><gate name="x"/><gate name="part.y"/></or>')
        + gate(basic("a"), "x")
        + '<define-component name="part" role="private">'
        + gate(basic("b"), "x")
        + gate('<gate name="x"/>', "y")
        + "</define-component>"
    )
    assert sets(answer(body)) == {"a", "b"}


def test_house_events_are_constants() -> None:
    body = gate(f'<and><house-event name="on"/>{basic("a")}</and>')
    house = '<define-house-event name="on">{}</define-house-event>'
    on = house.format('<constant value="true"/>')
    assert sets(answer(body, on)) == {"a"}
    assert sets(answer(body, house.format(""))) == set()


def test_every_gate_that_no_other_uses_is_a_top() -> None:
    body = gate('<or><gate name="x"/></or>', "one") + gate('<gate name="x"/>', "two")
    trees = read([Source("a.xml", document(body + gate(basic("a"), "x")))])
    assert list(trees.graph.tops) == ["one", "two"]
    assert trees.graph.name(trees.graph.tops["two"]) == "two"


def test_event_trees_are_left_out_and_that_is_said() -> None:
    content = document(gate(basic("a"))).replace(
        b"</opsa-mef>", b'\n<define-event-tree name="e"/></opsa-mef>'
    )
    assert read([Source("a.xml", content)]).notes == ("a.xml, line 2: event trees are not read",)


BILLION = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<opsa-mef>&b;</opsa-mef>"""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (BILLION, "a.xml, line 1: document types and entities are refused"),
        (b"<opsa-mef>\n<oops", "a.xml, line 2: this is no well-formed XML"),
        (b"<html/>", "a.xml, line 1: the file begins with <html>, not with <opsa-mef>"),
        (b"<opsa-mef/>", "a.xml: there is no <define-gate>"),
        (b"<a>" * 200, "line 1: elements are nested deeper than 100"),
        (document("\n<define-thing name='x'/>"), "line 2: <define-thing> is not understood here"),
        (document("\n<define-CCF-group name='x' model='MGL'/>"), "line 2: common-cause groups"),
        (document("\n<define-gate/>"), "line 2: <define-gate> needs the attribute “name”"),
        (document(gate("") + "\n"), "<define-gate> needs one child, not 0"),
        (document(gate(f"\n<between>{basic('a')}</between>")), "line 2: <between> is not underst"),
        (document(gate("\n<and/>")), "line 2: <and> has nothing in it"),
        (document(gate(f"\n<not>{basic('a', 'b')}</not>")), "<not> needs 1 formulas, not 2"),
        (document(gate(f'<atleast min="x">{basic("a")}</atleast>')), "“x” is no whole number"),
        (document(gate('\n<gate name="g"/>')), "line 2: there is no gate “g”"),
        (document(gate('<gate name="a"/>'), event("a")), "used as a gate, but it is a basic-event"),
        (document(gate('<gate name="top"/>')), "the gate “top” depends on itself"),
        (document(gate(basic("a")) * 2), "“top” is defined already (a.xml, line 1)"),
        (document(gate(basic("a")), event("a", '<float value="2"/>')), "is 2, not 0 to 1"),
        (document(gate(basic("a")), event("a", '<float value="x"/>')), "“x” is no number"),
        (document(gate(basic("a")), event("a", "<sine/>")), "<sine> is not understood"),
        (document(gate(basic("a")), event("a", '<parameter name="p"/>')), "no parameter “p”"),
        (
            document(
                gate(basic("a")),
                event("a", '<parameter name="p"/>')
                + '<define-parameter name="p"><parameter name="p"/></define-parameter>',
            ),
            "the parameter “p” depends on itself",
        ),
        (
            document(gate(basic("a")), event("a", '<div><int value="1"/><int value="0"/></div>')),
            "<div> has no value here",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_line_and_element(
    content: bytes, told: str
) -> None:
    with pytest.raises(OpenPsaError) as refused:
        read([Source("a.xml", content)])
    assert told in str(refused.value)
