"""The best set under a budget, from the worth of combinations.

A function that few measures touch is tabled: every combination is asked, exactly. Where many do,
its most probable cut sets stand in, and a measure counts for those that it takes away all alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from standfast.engine.continuity.mitigation.best import Best, Cover, Table, best_set
from standfast.engine.continuity.mitigation.worth import Worth
from standfast.engine.continuity.simulation.blows import stopped

# Up to so many measures on one function every combination is asked: 1,024 questions.
MOST_TABLED = 10
# So many of the most probable cut sets stand in for all of them.
MOST_SETS = 2_000


def chosen(
    worth: Worth,
    *,
    budget: float | None,
    net: bool = False,
    seconds: float | None = None,
    most_tabled: int = MOST_TABLED,
) -> Best:
    """Choose among the measures whose cost is known, for at most `budget` a year.

    `net`: also leave out what costs more than it saves. The result says whether it is `exact`:
    the optimum over all subsets, by the model's own losses. Losses before and after are the
    model's in any case.
    """
    costs = {m.name: m.cost for m in worth.measures if m.cost is not None}
    parts = [
        _part(worth, function, tuple(name for name in names if name in costs), most_tabled)
        for function, names in worth.relevant.items()
    ]
    found = best_set(costs, parts, budget=budget, net=net, seconds=seconds)
    return replace(found, loss=worth.value(found.measures), loss_before=worth.value())


def _part(worth: Worth, function: str, names: Sequence[str], most_tabled: int) -> Table | Cover:
    if len(names) <= most_tabled:
        return Table(
            tuple(names),
            {
                frozenset(some): worth.state(function, some).value
                for size in range(len(names) + 1)
                for some in combinations(names, size)
            },
        )
    return _cover(worth, function, names)


def _cover(worth: Worth, function: str, names: Sequence[str]) -> Cover:
    """Share the function's loss out over its most probable cut sets."""
    sets = list(worth.cut_sets(function).most_probable(MOST_SETS))
    removed_by: list[set[str]] = [set() for _ in sets]
    for name in names:
        graph = worth.graph(function, [name])
        if graph is None:
            continue
        number_of = {leaf.name: number for number, leaf in enumerate(graph.leaves)}
        blows = [{number_of[leaf] for leaf in found.names if leaf in number_of} for found in sets]
        for place, still in enumerate(stopped(graph, blows)[function]):
            if not still:
                removed_by[place].add(name)
    total = sum(found.probability or 0.0 for found in sets)
    value = worth.state(function).value
    return Cover(
        tuple(
            ((found.probability or 0.0) / total * value, frozenset(removed))
            for found, removed in zip(sets, removed_by, strict=True)
            if total
        )
    )
