"""One call for one function: what could stop it, and how likely that is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from standfast.engine.continuity.cutsets.result import CutSets
from standfast.engine.continuity.diagrams.budget import UNLIMITED, Budget
from standfast.engine.continuity.diagrams.solving import Choice, Solved, solve
from standfast.engine.continuity.gates import Area, GateGraph
from standfast.engine.continuity.probability.bounds import Range, bounded


@dataclass(frozen=True, slots=True, eq=False)
class Stopping:
    """The cut sets of a function and its probability of being down.

    `probability` is a range where the budget was spent, and where leaves that matter, named in
    `unknown`, have no unavailability.
    """

    cut_sets: CutSets
    solved: Solved
    probability: Range
    unknown: tuple[str, ...]

    @property
    def has_areas(self) -> bool:
        """Whether any leaf belongs to a circle of the Venn diagram."""
        return any(self.cut_sets.touched)


def stopping(
    graph: GateGraph,
    top: int,
    *,
    down: Collection[int] = (),
    up: Collection[int] = (),
    areas: Mapping[str, frozenset[Area]] | None = None,
    kernel: Choice = "auto",
    budget: Budget = UNLIMITED,
) -> Stopping:
    """What could stop node `top`, given leaves known to be down and leaves known to be up.

    `areas`, by name, is for leaves that touch several circles of the Venn diagram.
    """
    solved = solve(graph, top, down=down, up=up, kernel=kernel, budget=budget)
    sets = CutSets.of(graph, solved, areas=areas)
    used = {name for part in solved.parts for name in part.variables if name >= 0}
    unknown = [number for number in sorted(used) if graph.leaves[number].unavailability is None]
    chance = bounded(solved, [leaf.unavailability for leaf in graph.leaves])
    return Stopping(sets, solved, chance, tuple(graph.name(number) for number in unknown))
