"""The kinds of single values in a document: how each is read, and its JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from standfast.engine.continuity.document.problems import Path, Problems, nearest
from standfast.engine.continuity.document.source import Node
from standfast.engine.continuity.library.kinds import EventKind
from standfast.engine.continuity.model.amounts import Amount

# The largest number taken: beyond it sums of floats would no longer be exact to the unit.
MOST = 10**15
NAME = re.compile(r"[^\W_][\w.-]*")
NAME_PATTERN = r"^[^\W_][\w.\-]*$"


class Missing:
    """Stands for a value that could not be read; the reason is among the problems."""


MISSING = Missing()


class Mention(NamedTuple):
    """A name that something in the document must have: in one of these `tables`."""

    name: str
    tables: tuple[str, ...]
    at: Path
    line: int


class Borrowed(NamedTuple):
    """An event that takes effects from the library: of which kind, and where it happens."""

    event: str
    kind: EventKind
    at: tuple[str, ...]


@dataclass(slots=True)
class Reading:
    """What reading a document gathers beside its values."""

    problems: Problems = field(default_factory=Problems)
    mentions: list[Mention] = field(default_factory=list)
    borrowed: list[Borrowed] = field(default_factory=list)

    def wrong(self, node: Node, at: Path, message: str, suggestion: str = "") -> Missing:
        """Note a mistake."""
        self.problems.add(at, node.line, message, suggestion)
        return MISSING


class Kind(Protocol):
    """How one kind of value is read and described."""

    def read(self, node: Node, at: Path, reading: Reading) -> Any:
        """The value, or MISSING after noting why."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""


def shown(node: Node) -> str:
    """How a value is called in an error."""
    match node.value:
        case None:
            return "nothing"
        case bool(value):
            return "true" if value else "false"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case value:
            text = str(value)
            return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


@dataclass(frozen=True, slots=True)
class Text:
    """Words."""

    def read(self, node: Node, at: Path, reading: Reading) -> str | Missing:
        """Read it."""
        if isinstance(node.value, str):
            return node.value
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return str(node.value)
        return reading.wrong(node, at, f"text is needed, not {shown(node)}")

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {"type": ["string", "number"]}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, node: Node, at: Path, reading: Reading) -> bool | Missing:
        """Read it."""
        if isinstance(node.value, bool):
            return node.value
        return reading.wrong(node, at, f"true or false is needed, not {shown(node)}")

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` on."""

    least: int = 0

    def read(self, node: Node, at: Path, reading: Reading) -> int | Missing:
        """Read it."""
        value = node.value
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= MOST:
            return value
        return reading.wrong(
            node, at, f"a whole number from {self.least} on is needed, not {shown(node)}"
        )

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {"type": "integer", "minimum": self.least, "maximum": MOST}


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `least` to `most`."""

    least: float = 0
    most: float = MOST

    def read(self, node: Node, at: Path, reading: Reading) -> float | Missing:
        """Read it."""
        value = node.value
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and self.least <= value <= self.most:
            return float(value)
        upper = "on" if self.most == MOST else f"to {self.most:g}"
        span = f"from {self.least:g} {upper}"
        return reading.wrong(node, at, f"a number {span} is needed, not {shown(node)}")

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {"type": "number", "minimum": self.least, "maximum": self.most}


_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*[%％]")
_PERCENT_SCHEMA = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s*[%％]$"}


def percent(value: object) -> float | None:
    """The share that a text such as “40 %” gives; None when it is none."""
    found = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    # Dividing is exact to the last digit where multiplying by 0.01 is not.
    return float(found[1]) / 100 if found else None


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the whole: “40 %”, or a number from 0 to 1."""

    def read(self, node: Node, at: Path, reading: Reading) -> float | Missing:
        """Read it."""
        share = percent(node.value)
        if share is None and isinstance(node.value, int | float):
            share = None if isinstance(node.value, bool) else float(node.value)
        if share is None:
            return reading.wrong(node, at, f"a share such as “40 %” is needed, not {shown(node)}")
        if not 0 <= share <= 1:
            return reading.wrong(node, at, f"{shown(node)} lies outside of 0 % to 100 %")
        return share

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {"anyOf": [_PERCENT_SCHEMA, {"type": "number", "minimum": 0, "maximum": 1}]}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of people or parts (`12`), or a share of them (“40 %”)."""

    def read(self, node: Node, at: Path, reading: Reading) -> Amount | Missing:
        """Read it."""
        value = node.value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST:
            return Amount(count=value)
        share = percent(value)
        if share is not None and share <= 1:
            return Amount(share=share)
        return reading.wrong(
            node, at, f"a number such as 12 or a share such as “40 %” is needed, not {shown(node)}"
        )

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {"anyOf": [{"type": "integer", "minimum": 0, "maximum": MOST}, _PERCENT_SCHEMA]}


UNITS = {
    "w": 604800, "week": 604800, "weeks": 604800,
    "d": 86400, "day": 86400, "days": 86400,
    "h": 3600, "hour": 3600, "hours": 3600,
    "min": 60, "m": 60, "minute": 60, "minutes": 60,
    "s": 1, "second": 1, "seconds": 1,
}  # fmt: skip
_PART = r"[0-9]+(?:\.[0-9]+)?\s*[a-z]+"
_SPOKEN = re.compile(rf"{_PART}(?:\s*{_PART})*")
_PARTS = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)")
_ISO = re.compile(
    r"P(?=.)(?:(?P<w>[0-9.]+)W)?(?:(?P<d>[0-9.]+)D)?"
    r"(?:T(?=.)(?:(?P<h>[0-9.]+)H)?(?:(?P<min>[0-9.]+)M)?(?:(?P<s>[0-9.]+)S)?)?"
)


def duration(text: str) -> timedelta | None:
    """The duration that “4h”, “1h 30min”, “2 days” or “PT4H” gives; None when it is none."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        parts = [(amount, unit) for unit, amount in found.groupdict().items() if amount]
    elif _SPOKEN.fullmatch(text):
        parts = _PARTS.findall(text)
    else:
        return None
    try:
        return timedelta(seconds=sum(float(amount) * UNITS[unit] for amount, unit in parts))
    except (KeyError, ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: “4h”, “30min”, “2d”, “1h 30min” or ISO 8601 (“PT4H”)."""

    signed: bool = False

    def read(self, node: Node, at: Path, reading: Reading) -> timedelta | Missing:
        """Read it."""
        value = node.value
        if value == 0 and not isinstance(value, bool):
            return timedelta(0)
        if isinstance(value, str):
            negative = value.startswith("-")
            found = duration(value[1:] if negative else value)
            if found is not None and (self.signed or not negative or not found):
                return -found if negative else found
            if found is not None:
                return reading.wrong(node, at, f"{shown(node)} is less than no time")
        unit = " (with a unit)" if isinstance(value, int | float) else ""
        return reading.wrong(
            node, at, f"a duration such as “4h”, “30min” or “2d” is needed{unit}, not {shown(node)}"
        )

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        sign = "-?" if self.signed else ""
        spoken = r"[0-9]+(\.[0-9]+)?\s*[a-z]+"
        pattern = rf"^\s*{sign}({spoken}(\s*{spoken})*|P[0-9.WDTHMS]+)\s*$"
        return {"anyOf": [{"type": "string", "pattern": pattern}, {"const": 0}]}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the words of an enumeration."""

    of: type[StrEnum]

    def read(self, node: Node, at: Path, reading: Reading) -> StrEnum | Missing:
        """Read it."""
        words: Sequence[str] = [word.value for word in self.of]
        if node.value in words:
            return self.of(node.value)
        hint = nearest(node.value, words) if isinstance(node.value, str) else ""
        message = f"{shown(node)} is none of {', '.join(words)}"
        return reading.wrong(node, at, message + ".", hint)

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {"enum": [word.value for word in self.of]}


@dataclass(frozen=True, slots=True)
class Ref:
    """The name of something in one of these tables of the document."""

    tables: tuple[str, ...]

    def read(self, node: Node, at: Path, reading: Reading) -> str | Missing:
        """Read it."""
        if isinstance(node.value, int) and not isinstance(node.value, bool):
            node = Node(str(node.value), node.line)
        if not isinstance(node.value, str) or not node.value:
            return reading.wrong(node, at, f"a name is needed, not {shown(node)}")
        reading.mentions.append(Mention(node.value, self.tables, at, node.line))
        return node.value

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {
            "type": ["string", "integer"],
            "description": f"a name of: {', '.join(self.tables)}",
        }
