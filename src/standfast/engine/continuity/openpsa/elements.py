"""XML as a plain tree of elements that know their line. Document types and entities are refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from standfast.engine.continuity.openpsa.errors import OpenPsaError, at

MOST_BYTES: Final = 64_000_000
"""Larger files are refused."""

DEEPEST: Final = 100
"""Elements nested deeper than this are refused; formulas by people and programs stay below 20."""


@dataclass(slots=True)
class Element:
    """One element; `source` is the file's name."""

    tag: str
    attributes: dict[str, str]
    source: str
    line: int
    children: list[Element] = field(default_factory=list)

    def need(self, attribute: str) -> str:
        """An attribute that must be there."""
        value = self.attributes.get(attribute, "").strip()
        if not value:
            raise self.error(f"<{self.tag}> needs the attribute “{attribute}”")
        return value

    def only_child(self) -> Element:
        """The one child that must be there."""
        if len(self.children) != 1:
            raise self.error(f"<{self.tag}> needs one child, not {len(self.children)}")
        return self.children[0]

    def error(self, message: str) -> OpenPsaError:
        """An error at this element."""
        return at(self.source, self.line, message)

    def unknown(self) -> OpenPsaError:
        """The error for an element that has no meaning here."""
        return self.error(f"<{self.tag}> is not understood here")


class _Collector:
    """Receives the parser's events and builds the tree, without labels and attributes."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parser: Any = None
        self.root: Element | None = None
        self._open: list[Element] = []
        self._skipping = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._skipping or tag in {"label", "attributes"}:
            self._skipping += 1
            return
        line = self.parser.parser.CurrentLineNumber
        element = Element(tag, dict(attributes), self.source, line)
        if len(self._open) >= DEEPEST:
            raise element.error(f"elements are nested deeper than {DEEPEST}")
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
        else:
            self._open.pop()

    def data(self, text: str) -> None:
        """Text between elements has no meaning."""

    def close(self) -> Element:
        assert self.root is not None
        return self.root


def parse(source: str, content: bytes) -> Element:
    """The root element of a file."""
    if len(content) > MOST_BYTES:
        megabytes = MOST_BYTES // 1_000_000
        raise OpenPsaError(f"{source}: larger than the {megabytes} MB that are read")
    collector = _Collector(source)
    parser = DefusedXMLParser(target=collector, forbid_dtd=True)
    collector.parser = parser
    try:
        parser.feed(content)
        root: Element = parser.close()
    except ParseError as error:
        line = getattr(error, "position", (0, 0))[0]
        raise at(source, line, f"this is no well-formed XML ({error})") from None
    except DefusedXmlException:
        line = parser.parser.CurrentLineNumber
        raise at(source, line, "document types and entities are refused") from None
    return root
