"""How many minimal cut sets there are: in all, by order, by region of the Venn diagram, by leaf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

from standfast.engine.continuity.diagrams.solving import Part
from standfast.engine.continuity.diagrams.sums import shares, worth
from standfast.engine.continuity.gates import Area

Region = frozenset[Area]
"""The circles that a set touches; empty when none of its leaves is in a circle."""

CIRCLES: Final = (Area.PEOPLE, Area.LOCATION, Area.SYSTEMS)

REGIONS: Final[tuple[Region, ...]] = tuple(
    frozenset(chosen) for size in (1, 2, 3, 0) for chosen in combinations(CIRCLES, size)
)
"""The seven regions of the three circles, and what lies outside of all three."""


def count(parts: Sequence[Part], leaves: int) -> int:
    """How many sets there are."""
    return worth(parts, [1] * leaves)


def by_order(parts: Sequence[Part], leaves: int) -> tuple[int, ...]:
    """How many sets have 0, 1, 2 … leaves."""
    width = count(parts, leaves).bit_length()
    packed = worth(parts, [1 << width] * leaves)
    field = (1 << width) - 1
    found = []
    while packed:
        found.append(packed & field)
        packed >>= width
    return tuple(found)


def by_region(parts: Sequence[Part], touched: Sequence[Region]) -> Mapping[Region, int]:
    """How many sets touch exactly these circles, given the circles that each leaf touches.

    Sets within some circles are counted by giving leaves of other circles the value 0; what
    touches all of them is the alternating sum over the sub-regions.
    """
    within = {
        region: worth(parts, [int(circles <= region) for circles in touched]) for region in REGIONS
    }
    return {
        region: sum(
            (-1) ** (len(region) - len(inner)) * within[inner]
            for inner in REGIONS
            if inner <= region
        )
        for region in REGIONS
    }


def by_leaf(parts: Sequence[Part], leaves: int) -> tuple[int, ...]:
    """How many sets contain each leaf."""
    return tuple(shares(parts, [1] * leaves))
