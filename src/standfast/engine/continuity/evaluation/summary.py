"""A scenario in short: how each function fares at worst, and when people are fewest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from standfast.engine.continuity.evaluation.evaluator import Evaluator
from standfast.engine.continuity.evaluation.explaining import explain
from standfast.engine.continuity.evaluation.reasons import Reason
from standfast.engine.continuity.evaluation.results import Evaluation, FunctionCourse, Standing
from standfast.engine.continuity.evaluation.running import live_through
from standfast.engine.continuity.evaluation.staffing import Staffing, staffing
from standfast.engine.continuity.evaluation.state import State
from standfast.engine.continuity.model.events import Scenario


def fewest_people(
    evaluator: Evaluator, scenario: Scenario, *, worst: bool = True
) -> tuple[tuple[timedelta, Staffing], ...]:
    """Every group that functions need, at the moment when the fewest of it can work.

    Only groups of which fewer can work than on a normal day.
    """
    normal = evaluator.normal(evaluator.policies(scenario))
    plans = normal.network.plans
    least = {key: (normal.values[node], 0.0) for key, (node, _plan) in plans.items()}
    affected: set[tuple[str, tuple[str, ...]]] = set()
    causes = [cause for cause in evaluator.causes(scenario) if worst or cause.certain]
    for state, changed in live_through(normal, causes):
        for key, (node, _plan) in plans.items():
            if node in changed and state.values[node] < least[key][0]:
                least[key] = (state.values[node], state.now)
                affected.add(key)
    found: list[tuple[timedelta, Staffing]] = []
    for moment in sorted({least[key][1] for key in affected}):
        when = timedelta(seconds=moment)
        now = [key for key in affected if least[key][1] == moment]
        counted = staffing(evaluator, scenario, when, worst=worst, only=now)
        found.extend((when, each) for each in counted)
    return tuple(found)


def why(evaluator: Evaluator, evaluation: Evaluation, function: str) -> Reason:
    """The reasons of a function at its worst: the first moment when it has the least capacity."""
    return reasons(evaluator, evaluation, [function])[function]


def reasons(
    evaluator: Evaluator, evaluation: Evaluation, functions: Iterable[str]
) -> dict[str, Reason]:
    """The reasons of several functions, each at its worst."""
    states: dict[timedelta, State] = {}
    found = {}
    for name in functions:
        moment = worst_moment(evaluation.worst.functions[name])
        if moment not in states:
            states[moment] = evaluator.state(evaluation.scenario, moment)
        found[name] = explain(states[moment], name, evaluation.causes)
    return found


def worst_moment(course: FunctionCourse) -> timedelta:
    """When a function first has the least capacity."""
    return min(course.spells, key=lambda spell: (spell.capacity, spell.start)).start


def affected(evaluation: Evaluation) -> tuple[FunctionCourse, ...]:
    """The functions that do not stay up, worst first."""
    order = [Standing.DOWN, Standing.DEGRADED]
    hit = [each for each in evaluation.worst.functions.values() if each.worst in order]
    return tuple(sorted(hit, key=lambda each: order.index(each.worst)))
