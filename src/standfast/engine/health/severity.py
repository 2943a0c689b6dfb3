"""What kind of issue it is, and how much it matters."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypeVar

from standfast.engine.health.refusal import Refused, gettext_noop


class Classification(StrEnum):
    """Graph's two kinds of issue."""

    INCIDENT = "incident"
    ADVISORY = "advisory"


class Severity(StrEnum):
    """How much an issue matters, mildest first."""

    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


Kind = TypeVar("Kind", bound=StrEnum)

_RANK: Final[dict[Severity, int]] = {severity: place for place, severity in enumerate(Severity)}


def severity_rank(severity: str) -> int:
    """The place of a severity in the order: 0 normal, 1 high, 2 critical."""
    return _RANK[Severity(severity)]


def at_least(severity: str, minimum: str) -> bool:
    """Whether `severity` matters as much as `minimum` or more."""
    return severity_rank(severity) >= severity_rank(minimum)


def parse_severity(value: str, *, field: str = "severity") -> Severity:
    """The severity that `value` names, in any case; raises `Refused` for an unknown one."""
    return _parse(Severity, value, field)


def parse_classification(value: str, *, field: str = "classification") -> Classification:
    """The classification that `value` names, in any case; raises `Refused` for an unknown one."""
    return _parse(Classification, value, field)


def _parse(kind: type[Kind], value: str, field: str) -> Kind:
    try:
        return kind(value.lower())
    except ValueError:
        raise Refused(
            field,
            gettext_noop("“%(value)s” is not possible here; use one of %(allowed)s."),
            value=value[:60],
            allowed=", ".join(kind),
        ) from None
