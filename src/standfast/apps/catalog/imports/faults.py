"""What is wrong with a file: the first thousand bad rows, and how many there are in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KEPT = 1_000
# A value is quoted in the report; a hostile one must not fill it.
_LONGEST_VALUE = 80

_MESSAGES = {
    "missing_column": gettext_lazy(
        "There is no such column; the first line must name tenant, component, service and users."
    ),
    "missing": gettext_lazy("Fill this in."),
    "unknown_tenant": gettext_lazy("There is no tenant “%(value)s”; create it first."),
    "unknown_component": gettext_lazy("There is no component “%(value)s”; create it first."),
    "unknown_service": gettext_lazy("There is no service “%(value)s”; create it first."),
    "not_a_number": gettext_lazy("“%(value)s” is not a whole number."),
    "negative": gettext_lazy("“%(value)s” is negative; write 0 or more."),
    "too_large": gettext_lazy("“%(value)s” is more users than can be stored."),
    "duplicate": gettext_lazy(
        "The same tenant, component and service are in line %(value)s already; keep one of them."
    ),
    "control_characters": gettext_lazy("Remove line breaks and other control characters."),
    "encoding": gettext_lazy("This is not UTF-8; save the file with that encoding."),
    "columns": gettext_lazy("This line has %(value)s values, unlike the first line."),
    "unreadable": gettext_lazy("The file cannot be read from here on: %(value)s"),
    "empty": gettext_lazy("The file is empty."),
    "lost": gettext_lazy("The file is gone; upload it again."),
    "broken": gettext_lazy("The import broke off: %(value)s. Nothing was changed; try again."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One bad row. `line` counts from 1 (in Parquet: rows); `field` is the column, or `file`."""

    line: int
    field: str
    problem: str
    value: str = ""

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the reader's language."""
        return str(_MESSAGES.get(self.problem, _("Not accepted."))) % {"value": self.value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Fault:
        """Read what `to_json` wrote."""
        return cls(stored["line"], stored["field"], stored["problem"], stored["value"])

    def to_json(self) -> dict[str, object]:
        return {
            "line": self.line,
            "field": self.field,
            "problem": self.problem,
            "value": self.value,
        }


@dataclass(slots=True)
class Faults:
    """Collects faults while a file is read."""

    count: int = 0
    _first: list[Fault] = field(default_factory=list)

    def add(self, line: int, field: str, problem: str, value: object = "") -> None:
        self.add_all([line], field, problem, [value])

    def add_all(
        self, lines: Sequence[int], field: str, problem: str, values: Sequence[object]
    ) -> None:
        """Note one fault for each line; beyond the first thousand they are only counted."""
        self.count += len(lines)
        room = KEPT - len(self._first)
        for line, value in zip(lines[:room], values[:room], strict=True):
            self._first.append(Fault(line, field, problem, _shown(value)))

    @property
    def first(self) -> list[Fault]:
        """The kept faults by line."""
        return sorted(self._first, key=lambda fault: (fault.line, fault.field))


def _shown(value: object) -> str:
    text = "".join(
        mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in str(value)
    )
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
