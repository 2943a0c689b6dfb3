"""One finding: how bad, where in the document, a sentence that says it, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Severity(StrEnum):
    """How bad, worst first."""

    PROBLEM = "problem"  # the plan cannot hold
    RISK = "risk"  # it holds until something goes wrong
    HINT = "hint"  # something to know or to write down


RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template and what goes into it, so that it can be said in another language."""

    template: str
    params: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.params)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    `rule` names the kind of finding for programs; `place` is its path in the document
    (“functions.payroll.rto”); `elements` are the names that it is about.
    """

    rule: str
    severity: Severity
    place: str
    sentence: Sentence
    fix: Sentence
    elements: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence} {self.fix}"


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Worst first, then by place; what is said twice is kept once."""
    unique = {(found.rule, found.place, str(found.sentence)): found for found in findings}
    return tuple(
        sorted(unique.values(), key=lambda found: (RANK[found.severity], found.place, found.rule))
    )


def spoken(length: timedelta) -> str:
    """A duration in the largest units that fit, as documents write it."""
    seconds = round(length.total_seconds())
    parts = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append(f"{amount}{unit}")
    return " ".join(parts[:2]) or "0h"


def listed(names: Iterable[str], most: int = 5) -> str:
    """Names in a row, the rest counted."""
    known = list(names)
    more = len(known) - most
    shown = ", ".join(f"“{name}”" for name in known[:most])
    return f"{shown} and {more} more" if more > 0 else shown
