"""Topologies: every form gives the same places, and what is wrong is told with its line."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.continuity.importing.faults import ImportRefused
from standfast.engine.continuity.importing.network import (
    Direction,
    Fragment,
    Names,
    fragment,
    short_name,
)
from standfast.engine.continuity.importing.reading import READERS, read_topology
from standfast.engine.continuity.model import AllOf, LocationKind, Needs, SystemKind

SAMPLES = Path(__file__).resolve().parents[4].parent / "shared/samples/topology"
REAL = sorted(SAMPLES.glob("*.json"))

GRAPHML = """<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key attr.name="Latitude" attr.type="double" for="node" id="d1" />
  <key attr.name="Longitude" attr.type="double" for="node" id="d2" />
  <key attr.name="label" attr.type="string" for="node" id="d3" />
  <key attr.name="LinkLabel" attr.type="string" for="edge" id="d4" />
  <key attr.name="Network" attr.type="string" for="graph" id="d5" />
  <graph edgedefault="undirected">
    <data key="d5">Ring</data>
    <node id="0"><data key="d1">25.05</data><data key="d2">121.53</data><data key="d3">Taipei</data></node>
    <node id="1"><data key="d1">22.61</data><data key="d2">120.31</data><data key="d3">Kaohsiung</data></node>
    <node id="2"><data key="d3">Exchange</data></node>
    <edge source="0" target="1"><data key="d4">OC-48</data></edge>
    <edge source="1" target="2"></edge>
  </graph>
</graphml>
"""  # noqa: E501
JSON = json.dumps(
    {
        "name": "Ring",
        "nodes": [
            {"id": 0, "name": "Taipei", "lat": 25.05, "lon": 121.53},
            {"id": 1, "name": "Kaohsiung", "lat": "22.61", "lon": "120.31"},
            {"id": 2, "name": "Exchange"},
        ],
        "links": [{"a": 0, "b": 1, "label": "OC-48"}, {"source": 1, "target": 2}],
    },
    indent=1,
)


@pytest.mark.parametrize("text", [GRAPHML, JSON, "\ufeff" + JSON], ids=["graphml", "json", "mark"])
def test_nodes_become_places_and_edges_become_links(text: str) -> None:
    topology = read_topology(text.encode())
    assert topology.name == "Ring"
    found = fragment(topology)
    taipei = found.locations["taipei"]
    assert (taipei.kind, taipei.title) == (LocationKind.SITE, "Taipei")
    assert (taipei.latitude, taipei.longitude) == (25.05, 121.53)
    assert found.locations["exchange"].kind is LocationKind.NETWORK
    link = found.systems["link-taipei-kaohsiung"]
    assert (link.kind, link.title) == (SystemKind.WAN, "OC-48 (Taipei – Kaohsiung)")
    assert link.needs == AllOf((Needs("taipei"), Needs("kaohsiung")))
    assert len(found) == 5


EDGES = b"""# dependencies
web database
web,cache
"the mail" ; identity
alone
"""


@pytest.mark.parametrize(
    ("direction", "whose", "needed"),
    [
        (Direction.NEEDS, "web", ("database", "cache")),
        (Direction.NEEDED_BY, "database", ("web",)),
        (Direction.NEEDS, "the-mail", ("identity",)),
        (Direction.NEEDS, "alone", ()),
    ],
)
def test_edge_lists_say_who_needs_whom_in_either_direction(
    direction: Direction, whose: str, needed: tuple[str, ...]
) -> None:
    found = fragment(read_topology(EDGES), direction=direction)
    assert found.systems[whose].needs == AllOf(tuple(map(Needs, needed)))
    assert found.systems[whose].kind is SystemKind.APPLICATION
    assert not found.locations


def test_names_that_are_taken_get_a_number() -> None:
    topology = read_topology(b"Mumbai mumbai\n")
    found = fragment(topology, taken=["mumbai"])
    assert list(found.locations) == ["mumbai-2", "mumbai-3"]


@pytest.mark.parametrize(
    ("text", "line", "field", "message"),
    [
        ("<graphml><graph><node/></graph></graphml>", 1, "id", "the node has none"),
        ("<graphml>\n<graph>", 2, "", "this is not XML"),
        ("<html></html>", 1, "", "not GraphML"),
        ("<graphml/>", 0, "", "the file has no node"),
        (GRAPHML.replace("22.61", "north"), 11, "latitude", "“north” is no number"),
        (GRAPHML.replace("120.31", "220.31"), 11, "longitude", "“220.31” is no number"),
        (GRAPHML.replace('target="2"', 'target="9"'), 14, "edge", "“9” is no node"),
        (GRAPHML.replace('target="2"', ""), 14, "target", "does not say where it ends"),
        (GRAPHML.replace('id="1"', 'id="0"', 1), 11, "id", "“0” is the id of another"),
        ('{"nodes": [{"id": 1}],\n', 2, "", "this is not JSON"),
        ("[]", 1, "", "an object with “nodes” and “links”"),
        ('{"nodes": 5, "links": []}', 0, "nodes", "a list is needed"),
        ('{"nodes": []}', 0, "links", "the file has no such list"),
        (JSON.replace("25.05", "95.05"), 4, "nodes[0].lat", "95.05 is no number"),
        (JSON.replace('"22.61"', "NaN"), 10, "nodes[1].lat", "NaN is no number"),
        (JSON.replace('"b": 1', '"z": 1'), 22, "links[0].target", "does not say where it ends"),
        (JSON.replace('"target": 2', '"target": 7'), 27, "edge", "“7” is no node"),
        ("# nothing\n", 0, "", "the file has no edge"),
        ("a b\n,b\n", 2, "edge", "two names are needed"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_field(
    text: str, line: int, field: str, message: str
) -> None:
    with pytest.raises(ImportRefused) as refused:
        fragment(read_topology(text.encode()))
    told = [(fault.line, fault.field) for fault in refused.value.faults]
    assert (line, field) in told, refused.value
    assert message in str(refused.value)


def test_nothing_can_need_itself() -> None:
    with pytest.raises(ImportRefused, match="line 2, edge: “a” cannot need itself"):
        fragment(read_topology(b"a b\na a\n"), direction=Direction.NEEDS)
    assert len(fragment(read_topology(b"a b\na a\n")).systems) == 2


BOMB = """<!DOCTYPE graphml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<graphml><graph><node id="&b;"/></graph></graphml>"""


def test_entities_of_hostile_files_are_refused() -> None:
    with pytest.raises(ImportRefused, match="entities and document types are not read"):
        read_topology(BOMB.encode())


def test_many_mistakes_are_told_up_to_a_limit() -> None:
    with pytest.raises(ImportRefused, match="… and 50 more"):
        fragment(read_topology(json.dumps({"nodes": [{}] * 100, "links": []}).encode()))


@given(st.binary(max_size=200), st.sampled_from([None, *READERS]))
def test_any_bytes_are_read_or_refused(content: bytes, form: str | None) -> None:
    with contextlib.suppress(ImportRefused):
        assert len(fragment(read_topology(content, form))) > 0


@given(st.lists(st.text(max_size=20)))
def test_names_are_short_and_never_given_twice(labels: list[str]) -> None:
    names = Names()
    given_names = [names.give(label, "node") for label in labels]
    assert len(set(given_names)) == len(given_names)
    assert all(name and short_name(name) == name for name in given_names)


@pytest.mark.skipif(not REAL, reason="the sample topologies are not beside the checkout")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_topologies_are_read_whole(path: Path) -> None:
    wanted = json.loads(path.read_text(encoding="utf-8"))
    found: Fragment = fragment(read_topology(path.read_bytes()))
    assert len(found.locations) == len(wanted["nodes"])
    assert len(found.systems) == len(wanted["links"])
    placed = {
        (round(place.latitude, 2), round(place.longitude or 0.0, 2))
        for place in found.locations.values()
        if place.latitude is not None
    }
    with_position = [node for node in wanted["nodes"] if node.get("lat") is not None]
    assert placed == {(node["lat"], node["lon"]) for node in with_position}
