"""One failure away: what would still have to fail, given what is down now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import islice

from standfast.engine.continuity.cutsets.result import CutSet
from standfast.engine.continuity.cutsets.stopping import Stopping, stopping
from standfast.engine.continuity.diagrams.budget import UNLIMITED, Budget
from standfast.engine.continuity.gates import Area, GateGraph


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """How close a function is to stopping.

    `failures`: the fewest further failures that stop it; 0 when it is down, None when nothing
    does. `next`: the single failures that stop it now; `pairs`: pairs of which neither alone does,
    the first of `pair_count`. `stopping` has the rest, the probability of being down included.
    """

    failures: int | None
    next: tuple[CutSet, ...]
    pairs: tuple[CutSet, ...]
    pair_count: int
    stopping: Stopping

    @property
    def is_down(self) -> bool:
        """Whether what is down now has stopped the function already."""
        return self.failures == 0


def margin(
    graph: GateGraph,
    top: int,
    *,
    down: Collection[int],
    areas: Mapping[str, frozenset[Area]] | None = None,
    most_pairs: int = 100,
    budget: Budget = UNLIMITED,
) -> Margin:
    """The margin of node `top` while these leaves are down."""
    found = stopping(graph, top, down=down, areas=areas, budget=budget)
    sets = found.cut_sets
    counts = (*sets.by_order, 0, 0, 0)
    pairs = (each for each in sets.ordered(up_to=2) if each.order == 2)
    return Margin(
        failures=sets.least_order,
        next=sets.single_points,
        pairs=tuple(islice(pairs, most_pairs)),
        pair_count=counts[2],
        stopping=found,
    )
