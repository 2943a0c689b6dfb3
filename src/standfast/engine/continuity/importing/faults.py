"""What is wrong with a file that was to be imported, by line and field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_TOLD = 50
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake. `line` is 0 when it has none; `field` names a column, key or attribute."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [self.field] if self.field else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


class ImportRefused(ValueError):
    """A file of which nothing is imported; `faults` has what is wrong, the first 50 of it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(slots=True)
class Faults:
    """Collects mistakes, so that all are told at once."""

    found: list[Fault] = field(default_factory=list)
    more: int = 0

    def add(self, line: int, name: str, message: str) -> None:
        """Note one."""
        if len(self.found) < MOST_TOLD:
            self.found.append(Fault(line, name, message))
        else:
            self.more += 1

    def done(self) -> None:
        """Raise ImportRefused when anything was found."""
        if self.more:
            self.found.append(Fault(0, "", f"… and {self.more:,} more"))
        if self.found:
            raise ImportRefused(self.found)


def refuse(line: int, name: str, message: str) -> ImportRefused:
    """The refusal of a file for one reason."""
    return ImportRefused([Fault(line, name, message)])


def check_size(content: bytes) -> None:
    """Refuse what is too large to be a list of sites or people."""
    if len(content) > MOST_BYTES:
        size, most = len(content) / 1e6, MOST_BYTES / 1e6
        raise refuse(0, "", f"the file has {size:,.0f} MB; at most {most:,.0f} MB are read")
