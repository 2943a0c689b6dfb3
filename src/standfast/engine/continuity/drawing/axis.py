"""An axis of time: round marks, whatever the span."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_STEPS = (
    15 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 6 * _HOUR, 12 * _HOUR,
    _DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY, 28 * _DAY, 91 * _DAY, 364 * _DAY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Axis:
    """Times from `begin` to `end` over the units from `left` to `right`."""

    begin: timedelta
    end: timedelta
    left: float
    right: float

    def x(self, moment: timedelta) -> float:
        """Where a moment lies, kept inside."""
        span = (self.end - self.begin) / timedelta(seconds=1)
        part = (moment - self.begin) / timedelta(seconds=1) / span
        return self.left + min(max(part, 0.0), 1.0) * (self.right - self.left)

    def marks(self, most: int = 10) -> Iterator[tuple[float, str]]:
        """At most so many round moments, and how they are called."""
        span = (self.end - self.begin).total_seconds()
        step = next((each for each in _STEPS if span / each <= most), _STEPS[-1])
        while span / step > most:
            step *= 2
        moment = -(-self.begin.total_seconds() // step) * step
        while moment <= self.end.total_seconds():
            yield self.x(timedelta(seconds=moment)), spoken(timedelta(seconds=moment))
            moment += step


def spoken(length: timedelta) -> str:
    """A duration in its two largest units: “1 d 12 h”."""
    rest = round(length.total_seconds())
    sign, rest = ("−" if rest < 0 else ""), abs(rest)
    parts: list[str] = []
    for unit, size in (("d", _DAY), ("h", _HOUR), ("min", _MINUTE), ("s", 1)):
        if rest >= size and len(parts) < 2:
            parts.append(f"{rest // size} {unit}")
            rest %= size
    return sign + " ".join(parts) if parts else "0"
