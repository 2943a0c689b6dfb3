"""The definitions of all files, by name: gates, basic events, house events and parameters.

Names live in the scope of their fault tree and component. A public name can be used everywhere by
itself; a private one inside its container, or with its path (`tree.component.name`) elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from standfast.engine.continuity.openpsa.elements import Element

KINDS: Final = {
    "define-gate": "gate",
    "define-basic-event": "basic-event",
    "define-house-event": "house-event",
    "define-parameter": "parameter",
}
EVENTS: Final = ("gate", "basic-event", "house-event")

NOT_READ: Final = {
    "define-initiating-event": "initiating events",
    "define-event-tree": "event trees",
    "define-alignment": "alignments",
    "define-rule": "rules of event trees",
}
"""What stands beside fault trees and does not change them; it is left out and noted."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A named thing: `path` is its full name, `scope` that of its container."""

    kind: str
    path: str
    scope: str
    public: bool
    element: Element

    @property
    def name(self) -> str:
        """The shortest name by which it is known everywhere."""
        return self.path.rpartition(".")[2] if self.public else self.path


@dataclass(slots=True)
class Definitions:
    """All definitions; `notes` says what was left out."""

    notes: list[str] = field(default_factory=list)
    gates: list[Definition] = field(default_factory=list)
    _by_path: dict[tuple[str, str], Definition] = field(default_factory=dict)
    _by_name: dict[tuple[str, str], Definition] = field(default_factory=dict)

    def find(self, kind: str, name: str, scope: str) -> Definition | None:
        """What a name means in a scope: there, in what encloses it, or public."""
        while scope:
            found = self._by_path.get((_space(kind), f"{scope}.{name}"))
            if found is not None and kind in {found.kind, "event"}:
                return found
            scope = scope.rpartition(".")[0]
        found = self._by_name.get((_space(kind), name)) or self._by_path.get((_space(kind), name))
        return found if found is not None and kind in {found.kind, "event"} else None

    def add(self, definition: Definition) -> None:
        """Take in a definition; the same name twice is an error, gates and events share names."""
        space = _space(definition.kind)
        earlier = self._by_path.get((space, definition.path))
        if definition.public and earlier is None:
            earlier = self._by_name.get((space, definition.name))
        if earlier is not None:
            where = f"{earlier.element.source}, line {earlier.element.line}"
            raise definition.element.error(f"“{definition.name}” is defined already ({where})")
        self._by_path[space, definition.path] = definition
        if definition.public:
            self._by_name[space, definition.name] = definition
        if definition.kind == "gate":
            self.gates.append(definition)


def _space(kind: str) -> str:
    return "parameter" if kind == "parameter" else "event"


def collect(roots: Iterable[Element]) -> Definitions:
    """The definitions of these files."""
    found = Definitions()
    for root in roots:
        if root.tag != "opsa-mef":
            raise root.error(f"the file begins with <{root.tag}>, not with <opsa-mef>")
        for child in root.children:
            _top_level(found, child)
    return found


def _top_level(found: Definitions, element: Element) -> None:
    if element.tag == "define-fault-tree":
        _container(found, element, scope="", public=True)
    elif element.tag == "model-data":
        for child in element.children:
            if child.tag not in KINDS or child.tag == "define-gate":
                raise child.unknown()
            _definition(found, child, scope="", public=True)
    elif element.tag in NOT_READ:
        found.notes.append(
            f"{element.source}, line {element.line}: {NOT_READ[element.tag]} are not read"
        )
    else:
        raise _refused(element)


def _container(found: Definitions, element: Element, *, scope: str, public: bool) -> None:
    """A fault tree or component, and the components in it."""
    waiting: list[tuple[Element, str, bool]] = [(element, scope, public)]
    while waiting:
        container, outer, outer_public = waiting.pop()
        name = container.need("name")
        inner = f"{outer}.{name}" if outer else name
        inner_public = _is_public(container, outer_public)
        for child in container.children:
            if child.tag == "define-component":
                waiting.append((child, inner, inner_public))
            elif child.tag in KINDS:
                _definition(found, child, scope=inner, public=_is_public(child, inner_public))
            else:
                raise _refused(child)


def _definition(found: Definitions, element: Element, *, scope: str, public: bool) -> None:
    name = element.need("name")
    path = f"{scope}.{name}" if scope else name
    found.add(Definition(KINDS[element.tag], path, scope, public, element))


def _is_public(element: Element, inherited: bool) -> bool:
    role = element.attributes.get("role")
    if role not in {None, "private", "public"}:
        raise element.error(f"the role “{role}” is neither private nor public")
    return inherited if role is None else role == "public"


def _refused(element: Element) -> Exception:
    if element.tag == "define-CCF-group":
        return element.error(
            "common-cause groups are not read; give the common cause as a basic event of its own"
            " under each member's gate"
        )
    if element.tag == "define-substitution":
        return element.error("substitutions are not read")
    return element.unknown()
