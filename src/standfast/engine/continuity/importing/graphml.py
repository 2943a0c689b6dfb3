"""GraphML, as the Internet Topology Zoo and drawing programs write it.

Read as a stream of events, with the parser's line numbers; entities and document types of hostile
files are refused.
"""

from __future__ import annotations

import io
import math
import xml.sax
import xml.sax.handler
from dataclasses import dataclass, field
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from standfast.engine.continuity.importing.faults import Faults, check_size, refuse
from standfast.engine.continuity.importing.network import FARTHEST, Link, Site, Topology

_LABELS = ("label", "name", "title")
_LATITUDES = ("latitude", "lat")
_LONGITUDES = ("longitude", "lon", "lng", "long")
_EDGE_LABELS = ("linklabel", "label", "linktype", "name")
_KILOMETRES = ("km", "kilometres", "kilometers", "dist", "distance")


def read_graphml(content: bytes) -> Topology:
    """Read a file. Raises ImportRefused with the lines of what is wrong."""
    check_size(content)
    reader = _Reader()
    parser: Any = make_parser()
    parser.setContentHandler(reader)
    parser.forbid_dtd = True
    parser.forbid_external = True
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    try:
        parser.parse(io.BytesIO(content))
    except xml.sax.SAXParseException as error:
        line = error.getLineNumber() or 0
        raise refuse(line, "", f"this is not XML: {error.getMessage()}") from error
    except DefusedXmlException as error:
        raise refuse(0, "", "entities and document types are not read; take them out") from error
    return reader.topology()


@dataclass(slots=True)
class _Item:
    """A node or edge that is being read: its attributes, its data by the name of their key."""

    kind: str
    line: int
    attributes: dict[str, str]
    data: dict[str, str] = field(default_factory=dict)

    def first(self, names: tuple[str, ...]) -> tuple[str, str]:
        """The first datum with one of these names, and that name."""
        for name in names:
            if self.data.get(name, "").strip():
                return name, self.data[name].strip()
        return names[0], ""


class _Reader(xml.sax.handler.ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.faults = Faults()
        self.names: dict[str, str] = {}
        self.sites: dict[str, Site] = {}
        self.links: list[Link] = []
        self.name = ""
        self.seen_root = False
        self._item: _Item | None = None
        self._key: str | None = None
        self._text: list[str] = []

    def topology(self) -> Topology:
        if not self.seen_root:
            raise refuse(1, "", "this is XML, but not GraphML: its root is not “graphml”")
        if not self.sites and not self.faults.found:
            self.faults.add(0, "", "the file has no node")
        self.faults.done()
        return Topology(self.name, tuple(self.sites.values()), tuple(self.links))

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the library's name
        tag = name.rsplit(":", 1)[-1]
        attributes: dict[str, str] = dict(attrs.items())
        match tag:
            case "graphml":
                self.seen_root = True
            case "key":
                key = attributes.get("id", "")
                self.names[key] = str(attributes.get("attr.name", key)).casefold()
            case "node" | "edge":
                self._item = _Item(tag, self._line(), attributes)
            case "data":
                key = attributes.get("key", "")
                self._key = self.names.get(key, str(key).casefold())
                self._text = []
            case _:
                pass

    def characters(self, content: str) -> None:
        if self._key is not None:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - the library's name
        tag = name.rsplit(":", 1)[-1]
        if tag == "data" and self._key is not None:
            text = "".join(self._text)
            if self._item is not None:
                self._item.data.setdefault(self._key, text)
            elif self._key in {"network", "label", "name"} and not self.name:
                self.name = text.strip()
            self._key = None
        elif tag in {"node", "edge"} and self._item is not None:
            self._take(self._item)
            self._item = None

    def _take(self, item: _Item) -> None:
        if item.kind == "node":
            self._take_node(item)
        else:
            ends = (item.attributes.get("source", ""), item.attributes.get("target", ""))
            for end, attribute in zip(ends, ("source", "target"), strict=True):
                if not end:
                    self.faults.add(item.line, attribute, "the edge does not say where it ends")
            label = item.first(_EDGE_LABELS)[1]
            length = self._number(item, _KILOMETRES, most=FARTHEST)
            self.links.append(Link(*ends, label=label, kilometres=length, line=item.line))

    def _take_node(self, item: _Item) -> None:
        key = item.attributes.get("id", "")
        if not key:
            self.faults.add(item.line, "id", "the node has none")
        elif key in self.sites:
            self.faults.add(item.line, "id", f"“{key}” is the id of another node already")
        label = item.first(_LABELS)[1]
        latitude = self._number(item, _LATITUDES, most=90.0)
        longitude = self._number(item, _LONGITUDES, most=180.0)
        self.sites[key] = Site(key, label, latitude, longitude)

    def _number(self, item: _Item, names: tuple[str, ...], *, most: float) -> float | None:
        name, text = item.first(names)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not abs(value) <= most:
            self.faults.add(item.line, name, f"“{text}” is no number that makes sense here")
            return None
        return value

    def _line(self) -> int:
        locator: Any = getattr(self, "_locator", None)
        return int(locator.getLineNumber() or 0) if locator is not None else 0
