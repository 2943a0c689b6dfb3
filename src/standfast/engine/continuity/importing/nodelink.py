"""Topologies in JSON: nodes with positions and links between them.

The members have many names in the wild (Topology Zoo, CAIDA, NetworkX, drawing programs); what each
may be called is a table. Faults name the member by its path, and the line of its object.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from json import decoder as json_decoder
from json import scanner as json_scanner
from json.decoder import JSONDecoder
from typing import Any

from standfast.engine.continuity.importing.faults import Faults, check_size, refuse
from standfast.engine.continuity.importing.network import FARTHEST, Link, Site, Topology

_NODES = ("nodes", "vertices", "sites")
_LINKS = ("links", "edges", "adjacencies")
_KEYS = ("id", "key", "name", "label")
_LABELS = ("name", "label", "title", "city")
_LATITUDES = ("lat", "latitude", "Latitude")
_LONGITUDES = ("lon", "lng", "long", "longitude", "Longitude")
_FIRST = ("a", "source", "from", "src", "u")
_SECOND = ("b", "target", "to", "dst", "v")
_KILOMETRES = ("km", "dist", "distance", "length")
_EDGE_LABELS = ("label", "name", "LinkLabel")


def read_json(content: bytes) -> Topology:
    """Read a file. Raises ImportRefused with the lines and members that are wrong."""
    check_size(content)
    try:
        text = content.decode("utf-8-sig")
        document = _decoder(text).decode(text)
    except json.JSONDecodeError as error:
        raise refuse(error.lineno, "", f"this is not JSON: {error.msg}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise refuse(0, "", "this is not JSON in UTF-8") from error
    if not isinstance(document, dict):
        raise refuse(1, "", "an object with “nodes” and “links” is needed")
    faults = Faults()
    sites = _sites(_list(document, _NODES, faults), faults)
    links = _links(_list(document, _LINKS, faults), faults)
    faults.done()
    return Topology(str(document.get("name") or ""), tuple(sites), tuple(links))


class Placed(dict[str, Any]):
    """An object that knows the line on which it begins."""

    line: int = 0


def _decoder(text: str) -> JSONDecoder:
    """A decoder whose objects know their lines."""
    breaks = [place for place, mark in enumerate(text) if mark == "\n"]
    decoder: Any = JSONDecoder()
    # The library's own parts, in the form that does not leave Python.
    read_object: Any = vars(json_decoder)["JSONObject"]
    make_scanner: Any = vars(json_scanner)["py_make_scanner"]

    def placed(text_and_end: tuple[str, int], *rest: Any) -> tuple[Placed, int]:
        value, end = read_object(text_and_end, *rest)
        found = Placed(value)
        found.line = bisect_right(breaks, text_and_end[1] - 1) + 1
        return found, end

    decoder.parse_object = placed
    decoder.scan_once = make_scanner(decoder)
    plain: JSONDecoder = decoder
    return plain


def _list(document: dict[str, Any], names: Sequence[str], faults: Faults) -> list[Any]:
    for name in names:
        if name in document:
            found = document[name]
            if isinstance(found, list):
                return found
            faults.add(0, name, "a list is needed")
            return []
    faults.add(0, names[0], "the file has no such list")
    return []


def _sites(nodes: list[Any], faults: Faults) -> list[Site]:
    sites: dict[str, Site] = {}
    for number, node in enumerate(nodes):
        at = f"nodes[{number}]"
        if not isinstance(node, Placed):
            faults.add(0, at, "an object is needed")
            continue
        key = _text(node, _KEYS)
        if not key:
            faults.add(node.line, f"{at}.id", "the node has none")
        elif key in sites:
            faults.add(node.line, f"{at}.id", f"“{key}” is the id of another node already")
        latitude = _number(node, _LATITUDES, at, 90.0, faults)
        longitude = _number(node, _LONGITUDES, at, 180.0, faults)
        sites[key] = Site(key, _text(node, _LABELS), latitude, longitude)
    if not nodes and not faults.found:
        faults.add(0, "nodes", "the file has no node")
    return list(sites.values())


def _links(edges: list[Any], faults: Faults) -> list[Link]:
    links = []
    for number, edge in enumerate(edges):
        at = f"links[{number}]"
        if not isinstance(edge, Placed):
            faults.add(0, at, "an object is needed")
            continue
        first, second = _text(edge, _FIRST), _text(edge, _SECOND)
        for end, names in ((first, _FIRST), (second, _SECOND)):
            if not end:
                faults.add(edge.line, f"{at}.{names[1]}", "the link does not say where it ends")
        length = _number(edge, _KILOMETRES, at, FARTHEST, faults)
        label = _text(edge, _EDGE_LABELS)
        links.append(Link(first, second, label=label, kilometres=length, line=edge.line))
    return links


def _text(item: Placed, names: Sequence[str]) -> str:
    for name in names:
        value = item.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value).strip()
    return ""


def _number(
    item: Placed, names: Sequence[str], at: str, most: float, faults: Faults
) -> float | None:
    for name in names:
        value = item.get(name)
        if value is None or value == "":
            continue
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not abs(number) <= most:
            shown = json.dumps(value, ensure_ascii=False)[:40]
            faults.add(item.line, f"{at}.{name}", f"{shown} is no number that makes sense here")
            return None
        return number
    return None
