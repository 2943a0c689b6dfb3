"""Which reader a topology is for: asked, or seen from how it begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from standfast.engine.continuity.importing.edges import read_edges
from standfast.engine.continuity.importing.graphml import read_graphml
from standfast.engine.continuity.importing.network import Topology
from standfast.engine.continuity.importing.nodelink import read_json

READERS: Mapping[str, Callable[[bytes], Topology]] = {
    "graphml": read_graphml,
    "json": read_json,
    "edges": read_edges,
}


def read_topology(content: bytes, form: str | None = None) -> Topology:
    """Read a topology in this form, or in the one that its first character tells."""
    if form is None:
        begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        form = {b"<": "graphml", b"{": "json", b"[": "json"}.get(begins, "edges")
    return READERS[form](content)
