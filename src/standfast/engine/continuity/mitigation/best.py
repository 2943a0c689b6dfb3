"""The best set of measures under a budget, by integer programming.

Measures interact: two that each help little can help much together, or make each other useless. For
each function only those count that touch it, so its loss is tabled for every combination of these,
exactly (`Table`). One variable chooses each measure, one each combination of each table; that the
chosen combination holds exactly the chosen measures is one equation a measure and table. The
optimum of this programme is the optimum over all subsets.

Where too many measures touch one function for a table, minimal cut sets stand in (`Cover`): a set
counts as gone when one chosen measure alone takes it away, and what is minimised is the weight of
those that are left. That is the optimum of a bound, and the result says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from standfast.engine.continuity.mitigation.solver import Programme, Row, Solution, solve

Chosen = frozenset[str]


@dataclass(frozen=True, slots=True)
class Table:
    """What is lost a year, for every combination of the measures that matter here."""

    measures: tuple[str, ...]
    losses: Mapping[Chosen, float]

    def loss(self, chosen: Chosen) -> float:
        """The loss with these measures; others do not matter here."""
        return self.losses[chosen & frozenset(self.measures)]


@dataclass(frozen=True, slots=True)
class Cover:
    """What is lost to each cut set, and the measures of which each alone takes it away."""

    sets: tuple[tuple[float, Chosen], ...]

    def loss(self, chosen: Chosen) -> float:
        """The loss that is left with these measures."""
        return sum(weight for weight, removed_by in self.sets if not removed_by & chosen)


@dataclass(frozen=True, slots=True)
class Best:
    """The chosen measures, in the order given; what they cost and what is lost with them.

    `proven`: no other set within the budget is better; else none is better than `bound`. `exact`:
    losses are those of the model, not of cut sets.
    """

    measures: tuple[str, ...]
    cost: float
    loss: float
    loss_before: float
    proven: bool
    bound: float
    exact: bool

    @property
    def avoided(self) -> float:
        """What the set saves."""
        return self.loss_before - self.loss


def best_set(
    costs: Mapping[str, float],
    losses: Sequence[Table | Cover],
    *,
    budget: float | None,
    net: bool = False,
    seconds: float | None = None,
) -> Best:
    """Choose measures of at most `budget` in cost (None: any) so that the least is lost.

    `net`: so that losses and costs together are least, which leaves out what costs more than it
    saves. Of equally good sets the cheapest is taken. Raises ValueError for a negative cost.
    """
    for name, cost in costs.items():
        if not cost >= 0.0:
            raise ValueError(f"“{name}” costs {cost}; a cost is 0 or more")
    programme = Programme()
    scale = _scale(losses)
    weight = 1.0 / scale if net else 0.0
    number_of = {
        name: programme.variable(cost * weight, whole=True) for name, cost in costs.items()
    }
    for part in losses:
        if isinstance(part, Table):
            _add_table(programme, part, number_of, scale)
        else:
            _add_cover(programme, part, number_of, scale)
    if budget is not None:
        terms = {number_of[name]: cost for name, cost in costs.items() if cost}
        programme.rows.append(Row(terms, high=budget))
    solution = solve(programme, seconds=seconds)
    if solution.proven:
        cheapest = _cheapest(programme, solution, {number_of[n]: c for n, c in costs.items()})
        solution = replace(solution, values=solve(cheapest, seconds=seconds).values)
    chosen = frozenset(name for name, n in number_of.items() if solution.values[n] > 0.5)
    return Best(
        tuple(name for name in costs if name in chosen),
        sum(costs[name] for name in chosen),
        sum(part.loss(chosen) for part in losses),
        sum(part.loss(frozenset()) for part in losses),
        solution.proven,
        solution.bound * scale,
        all(isinstance(part, Table) for part in losses),
    )


def _cheapest(programme: Programme, solution: Solution, costs: Mapping[int, float]) -> Programme:
    """The same programme for the cost, among what is as good (to a millionth of the losses)."""
    as_good = Row(
        {number: cost for number, cost in enumerate(programme.costs) if cost},
        high=solution.objective + 1e-7,
    )
    highest = max(costs.values(), default=0.0) or 1.0
    by_cost = [costs.get(number, 0.0) / highest for number in range(len(programme.costs))]
    return Programme(by_cost, programme.whole, [*programme.rows, as_good])


def _scale(losses: Sequence[Table | Cover]) -> float:
    """The most that can be lost: losses are divided by it, so that they are near 1."""
    most = 0.0
    for part in losses:
        if isinstance(part, Table):
            most += max(part.losses.values())
        else:
            most += sum(weight for weight, _ in part.sets)
    return most or 1.0


def _add_table(
    programme: Programme, table: Table, number_of: Mapping[str, int], scale: float
) -> None:
    combinations = {
        chosen: programme.variable(loss / scale, whole=False)
        for chosen, loss in table.losses.items()
    }
    programme.rows.append(Row(dict.fromkeys(combinations.values(), 1.0), low=1.0, high=1.0))
    for name in table.measures:
        terms = {n: 1.0 for chosen, n in combinations.items() if name in chosen}
        terms[number_of[name]] = -1.0
        programme.rows.append(Row(terms, low=0.0, high=0.0))


def _add_cover(
    programme: Programme, cover: Cover, number_of: Mapping[str, int], scale: float
) -> None:
    for weight, removed_by in cover.sets:
        left = programme.variable(weight / scale, whole=False)
        terms = {left: 1.0, **{number_of[name]: 1.0 for name in removed_by}}
        programme.rows.append(Row(terms, low=1.0))
