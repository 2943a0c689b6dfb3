"""Kinds of values that hold others: lists, mappings and records of declared keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from standfast.engine.continuity.document.problems import Path, nearest
from standfast.engine.continuity.document.source import Node
from standfast.engine.continuity.document.values import (
    MISSING,
    NAME,
    NAME_PATTERN,
    Kind,
    Missing,
    Reading,
    shown,
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record: how its value is read, and the line of help that editors show.

    `into`: the argument of the record's builder, where it is called otherwise.
    """

    name: str
    kind: Kind
    help: str
    needed: bool = False
    into: str = ""


Builder = Callable[[dict[str, Any], Node, Path, Reading], Any]


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with these keys only. `build` makes the value of what was read.

    `called`: what it is, for errors (“a system”).
    """

    called: str
    keys: tuple[Key, ...]
    build: Builder
    by_name: Mapping[str, Key] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {key.name: key for key in self.keys})

    def read(self, node: Node, at: Path, reading: Reading) -> Any:
        """Read every key, note those that are unknown or missing, and build."""
        if node.value is None:
            node = Node({}, node.line)
        if not isinstance(node.value, dict):
            return reading.wrong(
                node, at, f"{self.called} is a mapping of keys to values, not {shown(node)}"
            )
        before = len(reading.problems.found)
        values = self.read_keys(node, at, reading)
        for key in self.keys:
            if key.needed and key.name not in node.value:
                reading.wrong(node, at, f"{self.called} needs “{key.name}”: {key.help}")
        if len(reading.problems.found) > before:
            return MISSING
        return self.build(values, node, at, reading)

    def read_keys(self, node: Node, at: Path, reading: Reading) -> dict[str, Any]:
        """The values of the keys that are there and right, by the builder's arguments."""
        values: dict[str, Any] = {}
        for name, child in node.value.items():
            key = self.by_name.get(name)
            if key is None:
                self._unknown(name, child, at, reading)
                continue
            value = key.kind.read(child, at.to(name), reading)
            if not isinstance(value, Missing):
                values[key.into or name] = value
        return values

    def _unknown(self, name: str, node: Node, at: Path, reading: Reading) -> None:
        if name == "<<":
            message = "keys are not merged here; write them out, or use an alias for a whole value"
            reading.wrong(node, at.to(name), message)
            return
        known = list(self.by_name)
        hint = nearest(name, known)
        among = "" if hint else f" These are: {', '.join(known)}."
        reading.wrong(node, at.to(name), f"“{name}” is not a key of {self.called}.{among}", hint)

    def schema(self) -> dict[str, Any]:
        """An object that has no other keys."""
        needed = [key.name for key in self.keys if key.needed]
        schema: dict[str, Any] = {
            "type": "object" if needed else ["object", "null"],
            "properties": {key.name: _described(key) for key in self.keys},
            "additionalProperties": False,
        }
        return schema | ({"required": needed} if needed else {})


def _described(key: Key) -> dict[str, Any]:
    schema = key.kind.schema()
    if "$ref" in schema:
        return {"allOf": [schema], "description": key.help}
    return {**schema, "description": key.help}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; one value alone will do where `single`."""

    kind: Kind
    single: bool = False

    def read(self, node: Node, at: Path, reading: Reading) -> tuple[Any, ...] | Missing:
        """Read every item; those that cannot be read are left out (and noted)."""
        if node.value is None:
            return ()
        if not isinstance(node.value, list):
            if self.single:
                value = self.kind.read(node, at, reading)
                return MISSING if isinstance(value, Missing) else (value,)
            return reading.wrong(node, at, f"a list is needed, not {shown(node)}")
        values = []
        for number, item in enumerate(node.value):
            value = self.kind.read(item, at.to(number), reading)
            if not isinstance(value, Missing):
                values.append(value)
        return tuple(values)

    def schema(self) -> dict[str, Any]:
        """A list of its items' schema."""
        item = self.kind.schema()
        many: dict[str, Any] = {"type": ["array", "null"], "items": item}
        return {"anyOf": [item, many]} if self.single else many


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping from names, chosen by the author, to values that learn their name.

    `table`: where the names count.
    """

    table: str
    kind: Kind

    def read(self, node: Node, at: Path, reading: Reading) -> dict[str, Any] | Missing:
        """Read every entry; those that cannot be read are left out (and noted)."""
        if node.value is None:
            return {}
        if not isinstance(node.value, dict):
            example = f"{self.table}: a mapping of names to what they are is needed"
            return reading.wrong(node, at, f"{example}, not {shown(node)}")
        values: dict[str, Any] = {}
        for name, child in node.value.items():
            inside = at.to(name)
            if not NAME.fullmatch(name):
                reading.wrong(
                    child, inside, f"“{name}” is no name: letters, digits, “-”, “_” and “.” only"
                )
                continue
            value = self.kind.read(child, inside, reading)
            if not isinstance(value, Missing):
                values[name] = value
        return values

    def schema(self) -> dict[str, Any]:
        """An object with any names."""
        return {
            "type": ["object", "null"],
            "propertyNames": {"pattern": NAME_PATTERN},
            "additionalProperties": self.kind.schema(),
        }


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping whose keys are values of one kind, and whose values are of another."""

    key: Kind
    value: Kind

    def read(self, node: Node, at: Path, reading: Reading) -> tuple[tuple[Any, Any], ...] | Missing:
        """The pairs, in their order."""
        if not isinstance(node.value, dict):
            return reading.wrong(node, at, f"a mapping is needed, not {shown(node)}")
        pairs = []
        for name, child in node.value.items():
            inside = at.to(name)
            key = self.key.read(Node(0 if name == "0" else name, child.line), inside, reading)
            value = self.value.read(child, inside, reading)
            if not isinstance(key, Missing) and not isinstance(value, Missing):
                pairs.append((key, value))
        return tuple(pairs)

    def schema(self) -> dict[str, Any]:
        """An object; what its keys must be is checked by the reader only."""
        return {"type": "object", "additionalProperties": self.value.schema()}


@dataclass(frozen=True, slots=True)
class Either:
    """A short form for one sort of value, and `full` for everything else."""

    short: Kind
    sorts: tuple[type, ...]
    full: Kind

    def read(self, node: Node, at: Path, reading: Reading) -> Any:
        """Read by the sort of the value."""
        chosen = self.short if isinstance(node.value, self.sorts) else self.full
        return chosen.read(node, at, reading)

    def schema(self) -> dict[str, Any]:
        """Either of the two."""
        return {"anyOf": [self.short.schema(), self.full.schema()]}


@dataclass(frozen=True, slots=True)
class OneOf:
    """Records told apart by the key that each of them alone has (its first)."""

    called: str
    records: tuple[Record, ...]

    def read(self, node: Node, at: Path, reading: Reading) -> Any:
        """Find the record by its first key, and read that."""
        if isinstance(node.value, dict):
            for record in self.records:
                if record.keys[0].name in node.value:
                    return record.read(node, at, reading)
        marks = [record.keys[0].name for record in self.records]
        hint = ""
        if isinstance(node.value, dict):
            near = (nearest(name, marks) for name in node.value)
            hint = next((each for each in near if each), "")
        return reading.wrong(node, at, f"{self.called} has one of: {', '.join(marks)}.", hint)

    def schema(self) -> dict[str, Any]:
        """Any one of them."""
        return {"anyOf": [record.schema() for record in self.records]}
