"""What is wrong with a document: where, what, and what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. `line` counts from 1; `path` leads to it (“functions.payroll.needs[2]”)."""

    line: int
    path: str
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.path}" if self.path else "")
        hint = f" Did you mean “{self.suggestion}”?" if self.suggestion else ""
        return f"{where}: {self.message}{hint}"


class DocumentError(ValueError):
    """A document that cannot be used. `problems` has all mistakes, in the order of the lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Path:
    """A place in the document, linked to what it lies in; written out only when needed."""

    parent: Path | None = None
    part: str | int = ""

    def to(self, part: str | int) -> Path:
        """The place of a key or of an item inside of this one."""
        return Path(self, part)

    def __str__(self) -> str:
        parts: list[str | int] = []
        here: Path | None = self
        while here is not None and here.parent is not None:
            parts.append(here.part)
            here = here.parent
        text = ""
        for part in reversed(parts):
            text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
        return text


ROOT = Path()


@dataclass(slots=True)
class Problems:
    """Collects mistakes while reading goes on, so that all are told at once, up to `limit`."""

    limit: int = 200
    found: list[Problem] = field(default_factory=list)

    def add(self, at: Path, line: int, message: str, suggestion: str = "") -> None:
        """Note one; after `limit` the rest is not worth reading."""
        self.found.append(Problem(line, str(at), message, suggestion))
        if len(self.found) >= self.limit:
            self.found.append(Problem(line, "", f"there are more; the first {self.limit} are told"))
            raise DocumentError(self.found)

    def done(self) -> None:
        """Raise DocumentError when anything was found."""
        if self.found:
            raise DocumentError(self.found)


def nearest(name: str, known: Sequence[str]) -> str:
    """The known name that was probably meant; empty when none is near."""
    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""
