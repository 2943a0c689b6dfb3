"""How requirements are written: a name, a list (all of them), or a mapping for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from standfast.engine.continuity.document.problems import Path, nearest
from standfast.engine.continuity.document.shapes import Key, ListOf, Record
from standfast.engine.continuity.document.source import Node
from standfast.engine.continuity.document.values import (
    Duration,
    Missing,
    Quantity,
    Reading,
    Ref,
    Share,
    Text,
)
from standfast.engine.continuity.model.amounts import Amount
from standfast.engine.continuity.model.requirements import (
    AllOf,
    AnyOf,
    AtLeast,
    Fallbacks,
    Needs,
    Requirement,
    Staff,
    Step,
)

# What can be needed. Access paths may not need functions: people would wait for themselves.
ANYTHING = ("locations", "systems", "parties", "functions")
INFRASTRUCTURE = ("locations", "systems", "parties")


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement that names elements of these tables; `people` may be needed, too."""

    tables: tuple[str, ...] = ANYTHING
    people: bool = True

    def read(self, node: Node, at: Path, reading: Reading) -> Requirement | Missing:
        """Read it by its form."""
        if isinstance(node.value, list):
            parts = ListOf(self).read(node, at, reading)
            return parts if isinstance(parts, Missing) else AllOf(parts)
        if isinstance(node.value, dict):
            return self._mapping(node, at, reading)
        if node.value is None:
            return AllOf()
        name = Ref(self.tables).read(node, at, reading)
        return name if isinstance(name, Missing) else Needs(name)

    def schema(self) -> dict[str, Any]:
        """A reference to the one definition; see `definitions`."""
        return {"$ref": f"#/$defs/{self._defined()}"}

    def definitions(self) -> dict[str, Any]:
        """The definition that `schema` refers to."""
        mappings = [record.schema() for record in forms(self)]
        name = Ref(self.tables).schema()
        listed = {"type": "array", "items": self.schema()}
        return {self._defined(): {"anyOf": [name, listed, {"type": "null"}, *mappings]}}

    def _defined(self) -> str:
        return "need" if self.people else "infrastructure"

    def _mapping(self, node: Node, at: Path, reading: Reading) -> Requirement | Missing:
        records = forms(self)
        for record in records:
            if record.keys[0].name in node.value:
                found: Requirement | Missing = record.read(node, at, reading)
                return found
        marks = [record.keys[0].name for record in records]
        near = [nearest(name, marks) for name in node.value]
        return reading.wrong(
            node,
            at,
            f"a need is a name, a list of needs, or has one of: {', '.join(marks)}.",
            next((hint for hint in near if hint), ""),
        )


@cache
def forms(need: Need) -> tuple[Record, ...]:
    """The forms that are mappings, each known by its first key."""
    parts = ListOf(need)
    otherwise = ListOf(step(need), single=True)
    records = (
        Record("“all”", (Key("all", parts, "every one of these", True),), _all),
        Record("“any”", (Key("any", parts, "one of these is enough", True),), _any),
        Record(
            "“normally”",
            (
                Key("normally", need, "the normal way", True),
                Key("otherwise", otherwise, "what is used instead, in this order", True),
            ),
            _fallbacks,
        ),
        Record(
            "“at_least”",
            (
                Key("at_least", Quantity(), "so many of them (2 or “60 %”)", True),
                Key("of", parts, "of these", True),
            ),
            _at_least,
        ),
    )
    return (STAFF, *records) if need.people else records


def step(need: Need) -> Record:
    """One fallback, for a need of this sort."""
    keys = (
        Key("use", need, "what is used instead; leave out for “by hand”", into="requirement"),
        Key("name", Text(), "what people call it"),
        Key("after", Duration(), "time until it is ready", into="activation"),
        Key("capacity", Share(), "what it gives of the normal capacity"),
        Key("lasts", Duration(), "how long it can be kept up"),
    )
    return Record("a fallback", keys, build_step)


def build_step(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    """Make the fallback; one without capacity or time would be none."""
    if values.get("capacity", 1.0) == 0:
        return reading.wrong(node, at, "a fallback with a capacity of 0 % does nothing")
    if values.get("lasts", timedelta(1)) == timedelta(0):
        return reading.wrong(node, at, "a fallback that lasts no time does nothing")
    return Step(**{"requirement": AllOf(), **values})


def _all(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    return AllOf(values["all"])


def _any(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    if not values["any"]:
        return reading.wrong(node, at, "“any” of nothing can never be met; list what would do")
    return AnyOf(values["any"])


def _at_least(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    amount: Amount = values["at_least"]
    parts = values["of"]
    if not 1 <= amount.needed(len(parts)) <= len(parts):
        return reading.wrong(node, at, f"at least {amount} of {len(parts)} is not possible")
    return AtLeast(amount, parts)


def _fallbacks(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    return Fallbacks(values["normally"], values["otherwise"])


def _staff(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    for name in ("amount", "minimum"):
        amount = values.get(name)
        if amount is not None and not (amount.count or amount.share):
            return reading.wrong(node, at, "at least nobody is always met; leave the need out")
    return Staff(**values)


STAFF = Record(
    "“staff”",
    (
        Key("staff", Ref(("groups",)), "people of this group must be able to work", True, "group"),
        Key("at_least", Quantity(), "so many of them (12 or “40 %”)", True, "amount"),
        Key("minimum", Quantity(), "with so many it works in part"),
        Key("using", ListOf(Ref(("systems",)), single=True), "with an access path to these"),
    ),
    _staff,
)
