"""Edge lists: one edge a line, two names and anything after them, with spaces, tabs or commas."""

from __future__ import annotations

import csv

from standfast.engine.continuity.importing.faults import Faults, check_size, refuse
from standfast.engine.continuity.importing.network import Link, Site, Topology
from standfast.engine.continuity.importing.texts import decoded

_COMMENTS = ("#", "%", "//")


def read_edges(content: bytes) -> Topology:
    """Read a list; lines that begin with #, % or // are comments. Raises ImportRefused.

    A line with one name is a node without edges. Names with spaces are put in quotes.
    """
    check_size(content)
    faults = Faults()
    sites: dict[str, Site] = {}
    links: list[Link] = []
    for number, line in enumerate(decoded(content).splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith(_COMMENTS):
            continue
        parts = _parts(text)
        if not parts or not all(parts[:2]):
            faults.add(number, "edge", f"two names are needed, not “{text[:40]}”")
            continue
        for name in parts[:2]:
            sites.setdefault(name, Site(name, name))
        if len(parts) > 1:
            links.append(Link(parts[0], parts[1], line=number))
    faults.done()
    if not sites:
        raise refuse(0, "", "the file has no edge")
    return Topology("", tuple(sites.values()), tuple(links))


def _parts(text: str) -> list[str]:
    delimiter = next((mark for mark in "\t,;" if mark in text), " ")
    row = next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
    return [part.strip() for part in row if part.strip() or delimiter != " "]
