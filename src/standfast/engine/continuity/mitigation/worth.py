"""What a set of measures is worth: the model compiled with it, solved, and priced.

Only measures that can touch a function are asked for it; the same question is answered once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from standfast.engine.continuity.compiling import Compiled, compile_model
from standfast.engine.continuity.cutsets.result import CutSets
from standfast.engine.continuity.diagrams.budget import UNLIMITED, Budget, BudgetSpent
from standfast.engine.continuity.diagrams.solving import Solved, solve
from standfast.engine.continuity.gates import Area, GateGraph
from standfast.engine.continuity.mitigation.exact import HOURS_A_YEAR, Downtime, Wait, downtime
from standfast.engine.continuity.mitigation.measures import TWIN, Measure, MeasureKind, with_generic
from standfast.engine.continuity.mitigation.touching import touched_by
from standfast.engine.continuity.model import Criticality, Function, Organisation, in_place

WEIGHTS = {
    Criticality.MISSION_CRITICAL: 8.0,
    Criticality.BUSINESS_CRITICAL: 4.0,
    Criticality.IMPORTANT: 2.0,
    Criticality.DEFERRABLE: 1.0,
}


@dataclass(frozen=True, slots=True)
class State:
    """One function with some measures: its downtime, what that costs, and its cut sets."""

    downtime: Downtime
    value: float
    single_points: tuple[str, ...]
    by_order: tuple[int, ...]
    by_region: Mapping[frozenset[Area], int]

    @property
    def cut_sets(self) -> int:
        """How many minimal cut sets there are."""
        return sum(self.by_order)


@dataclass(eq=False)
class Worth:
    """Answers what sets of measures are worth, and remembers.

    `events`: those that may happen (None: all). Values are losses a year where any function has a
    loss curve (`priced`); otherwise hours down, weighted by criticality. Raises BudgetSpent when a
    question takes longer than the budget.
    """

    organisation: Organisation
    measures: tuple[Measure, ...]
    events: tuple[str, ...] | None = None
    budget: Budget = UNLIMITED
    _known: dict[tuple[str, frozenset[str]], State] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name = {measure.name: measure for measure in self.measures}
        self.priced = any(function.loss for function in self.organisation.functions.values())
        touched = touched_by(self.organisation, self.measures)
        self.relevant = {
            function: tuple(m.name for m in self.measures if m.name in names)
            for function, names in touched.items()
        }

    def state(self, function: str, chosen: Iterable[str] = ()) -> State:
        """The function with these measures taken."""
        relevant = frozenset(chosen) & frozenset(self.relevant[function])
        key = (function, relevant)
        if key not in self._known:
            self._known[key] = self._asked(self.organisation.functions[function], relevant)
        return self._known[key]

    def value(self, chosen: Iterable[str] = ()) -> float:
        """What all functions lose a year with these measures taken."""
        names = frozenset(chosen)
        return sum(self.state(function, names).value for function in self.organisation.functions)

    def hours(self, chosen: Iterable[str] = ()) -> float:
        """The hours a year that functions are down, added up, with these measures taken."""
        names = frozenset(chosen)
        functions = self.organisation.functions
        return sum(self.state(function, names).downtime.hours for function in functions)

    def graph(self, function: str, chosen: Iterable[str] = ()) -> GateGraph | None:
        """The function's graph with these measures; None where nothing or everything stops it."""
        compiled = self._compiled(function, frozenset(chosen))
        if function not in compiled.graph.tops:
            return None
        return _known(with_generic(compiled.graph, [self.by_name[name] for name in chosen]))

    def cut_sets(self, function: str) -> CutSets:
        """The minimal cut sets without any measure."""
        graph = self.graph(function)
        if graph is None:
            raise ValueError(f"“{function}” has no cut sets")
        return CutSets.of(graph, self._solved(graph, function))

    def _compiled(self, function: str, chosen: frozenset[str]) -> Compiled:
        policies = [
            self.by_name[name].target
            for name in chosen
            if self.by_name[name].kind is MeasureKind.POLICY
        ]
        return compile_model(
            self.organisation,
            policies=[*in_place(self.organisation), *policies],
            events=self.events,
            functions=[function],
        )

    def _asked(self, function: Function, chosen: frozenset[str]) -> State:
        compiled = self._compiled(function.name, chosen)
        if function.name not in compiled.graph.tops:
            always = function.name in compiled.always
            rates = [per_hour for _, per_hour in _steps(function)] if always else []
            down = Downtime(1.0 if always else 0.0, 0.0, rates[-1] * HOURS_A_YEAR if rates else 0.0)
            return State(down, self._priced(function, down), (), (1,) if always else (), {})
        graph = with_generic(compiled.graph, [self.by_name[name] for name in chosen])
        solved = self._solved(graph, function.name)
        down = downtime(
            graph.leaves,
            solved,
            waits=[self._wait(leaf.name) for leaf in graph.leaves],
            steps=_steps(function),
        )
        sets = CutSets.of(graph, solved, areas=compiled.areas)
        singles = tuple(found.names[0] for found in sets.single_points)
        return State(
            down, self._priced(function, down), singles, tuple(sets.by_order), dict(sets.by_region)
        )

    def _solved(self, graph: GateGraph, function: str) -> Solved:
        """The whole answer; one up to some order would make comparisons wrong."""
        solved = solve(graph, graph.tops[function], budget=self.budget)
        if solved.complete_to is not None:
            raise BudgetSpent("time")
        return solved

    def _wait(self, leaf: str) -> Wait:
        name = leaf.removesuffix(TWIN)
        if name in self.organisation.events:
            return Wait.FIXED
        return Wait.ENDLESS if self.organisation.element(name) is None else Wait.EXPONENTIAL

    def _priced(self, function: Function, down: Downtime) -> float:
        return down.loss if self.priced else down.hours * WEIGHTS[function.criticality]


def _steps(function: Function) -> list[tuple[float, float]]:
    return [(rate.after.total_seconds() / 3600, rate.per_hour) for rate in function.loss]


def _known(graph: GateGraph) -> GateGraph:
    """What has no unavailability is taken never to fail."""
    leaves = tuple(
        replace(leaf, unavailability=leaf.unavailability or 0.0) for leaf in graph.leaves
    )
    return replace(graph, leaves=leaves)
