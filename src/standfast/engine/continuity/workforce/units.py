"""Whole numbers instead of fractions, so that every way of counting gives the same answer.

Capacities and shares are counted in millionths (`UNIT` is all of it), people in thousandths
(`HEAD` is one person).
"""

from __future__ import annotations

UNIT = 1_000_000
HEAD = 1_000


def in_units(share: float) -> int:
    """A share (0..1) in millionths, to a tenth of a percent.

    Finer shares would claim to know more than anybody does, and make too many cases to tell apart.
    """
    return round(share * 1000) * (UNIT // 1000)


def part(amount: int, units: int) -> int:
    """So many millionths of an amount, rounded down."""
    return amount * units // UNIT
