"""Amounts of people or of parts: a whole number, or a share of however many there are."""

from __future__ import annotations

import math
from dataclasses import dataclass

# Shares come from percentages, so sums of them are compared with this much patience.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Amount:
    """So many (`count`), or such a part of the whole (`share`, 0..1): exactly one of the two."""

    count: int | None = None
    share: float | None = None

    def __post_init__(self) -> None:
        if (self.count is None) == (self.share is None):
            raise ValueError("an amount is either a count or a share")

    def needed(self, whole: int) -> int:
        """How many this is at least: a share of a person is needed as a whole person."""
        if self.count is not None:
            return self.count
        assert self.share is not None
        return math.ceil(whole * self.share - TOLERANCE)

    def available(self, whole: int) -> int:
        """How many this surely is, never more than there are: half a person does no work."""
        if self.count is not None:
            return min(self.count, whole)
        assert self.share is not None
        return whole_part(whole * self.share)

    def __str__(self) -> str:
        if self.count is not None:
            return str(self.count)
        assert self.share is not None
        return f"{self.share * 100:g} %"


def whole_part(value: float) -> int:
    """Round down, but let 58 computed as 57.999999999 be 58."""
    return math.floor(value + TOLERANCE)
