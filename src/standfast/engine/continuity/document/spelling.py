"""Single values as a document spells them: durations, shares, amounts, requirements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

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

_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def spell_duration(length: timedelta) -> str | int:
    """The shortest spelling that reads back the same: “2d”, “1h 30min”, 0."""
    rest = length.total_seconds()
    if not rest:
        return 0
    sign, rest, parts = ("-" if rest < 0 else ""), abs(rest), []
    for unit, size in _UNITS[:-1]:
        count = int(rest // size)
        if count:
            parts.append(f"{count}{unit}")
            rest -= count * size
    if rest > 0:
        parts.append(f"{rest:.6f}".rstrip("0").rstrip(".") + "s")
    return sign + " ".join(parts)


def spell_share(share: float) -> str:
    """As a percentage."""
    percent = f"{share * 100:.10f}".rstrip("0").rstrip(".")
    return f"{percent} %"


def spell_amount(amount: Amount) -> int | str:
    """As a number, or as a percentage."""
    return amount.count if amount.count is not None else spell_share(amount.share or 0)


def spell_need(need: Requirement) -> Any:
    """The shortest form of a requirement."""
    match need:
        case Needs(element):
            return element
        case AllOf(parts):
            return [spell_need(part) for part in parts]
        case AnyOf(parts):
            return {"any": [spell_need(part) for part in parts]}
        case AtLeast(amount, parts):
            return {"at_least": spell_amount(amount), "of": [spell_need(part) for part in parts]}
        case Staff():
            return _staff(need)
        case Fallbacks(primary, steps):
            return {
                "normally": spell_need(primary),
                "otherwise": [spell_step(step) for step in steps],
            }


def _staff(need: Staff) -> dict[str, Any]:
    data: dict[str, Any] = {"staff": need.group, "at_least": spell_amount(need.amount)}
    if need.minimum is not None:
        data["minimum"] = spell_amount(need.minimum)
    if need.using:
        data["using"] = list(need.using)
    return data


def spell_step(step: Step) -> dict[str, Any]:
    """A fallback, without what it leaves at its usual value."""
    data: dict[str, Any] = {}
    if step.requirement != AllOf():
        data["use"] = spell_need(step.requirement)
    if step.name:
        data["name"] = step.name
    if step.activation:
        data["after"] = spell_duration(step.activation)
    if step.capacity != 1:
        data["capacity"] = spell_share(step.capacity)
    if step.lasts is not None:
        data["lasts"] = spell_duration(step.lasts)
    return data
