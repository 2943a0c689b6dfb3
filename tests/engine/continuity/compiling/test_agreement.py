"""Evaluation and the compiled graph agree on every combination of failures."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.engine.continuity.compiling import Compiled, compile_model
from standfast.engine.continuity.evaluation import Evaluator
from standfast.engine.continuity.model import Occurrence, Organisation, Outage, Scenario
from tests.engine.continuity.organisations import GROUPS, LOCATIONS, SYSTEMS, organisations

LATER = timedelta(days=10_000)


def scenario(organisation: Organisation, failed: Iterable[str]) -> Scenario:
    """All of these failed at once, and stay so."""
    names = list(failed)
    return Scenario(
        "test",
        events=tuple(Occurrence(name) for name in names if name in organisation.events),
        outages=tuple(Outage(name) for name in names if name not in organisation.events),
    )


def stopped_by_evaluation(
    evaluator: Evaluator, failed: Iterable[str], moment: timedelta
) -> set[str]:
    happens = scenario(evaluator.organisation, failed)
    state = evaluator.state(happens, moment)
    return {name for name in evaluator.organisation.functions if not state.value(name)}


def stopped_by_graph(compiled: Compiled, failed: Iterable[str]) -> set[str]:
    down = set(failed)
    states = compiled.graph.failed([leaf.name in down for leaf in compiled.graph.leaves])
    tops = {name for name, node in compiled.graph.tops.items() if states[node]}
    return tops | compiled.always


def combinations(data: st.DataObject, names: list[str]) -> list[set[str]]:
    """Nothing, everything, each one, and some others."""
    some = data.draw(st.lists(st.sets(st.sampled_from(names)), max_size=12))
    return [set(), set(names), *({name} for name in names), *some]


EVERYTHING = [*LOCATIONS, *SYSTEMS, *GROUPS, "snow", "flu"]


@settings(deadline=None, max_examples=40)
@given(organisations(), st.data())
def test_a_function_is_down_exactly_when_the_graph_says_so(
    organisation: Organisation, data: st.DataObject
) -> None:
    evaluator, compiled = Evaluator(organisation), compile_model(organisation)
    for failed in combinations(data, EVERYTHING):
        expected = stopped_by_evaluation(evaluator, failed, LATER)
        assert stopped_by_graph(compiled, failed) == expected, failed


@settings(deadline=None, max_examples=20)
@given(organisations(lasting=True), st.sampled_from([0.0, 1.0, 2.0, 4.0, 6.0]), st.data())
def test_they_agree_while_fallbacks_come_and_go(
    organisation: Organisation, hours: float, data: st.DataObject
) -> None:
    moment = timedelta(hours=hours)
    evaluator, compiled = Evaluator(organisation), compile_model(organisation, after=moment)
    for failed in combinations(data, EVERYTHING):
        normal = evaluator.normal()
        if any(normal.value(name) == 0 for name in organisation.functions) or normal.clocks:
            return  # what is short on a normal day has had its fallbacks for longer
        assert stopped_by_graph(compiled, failed) == stopped_by_evaluation(
            evaluator, failed, moment
        ), failed


@settings(deadline=None, max_examples=20)
@given(organisations(), st.data())
def test_what_is_down_already_can_be_compiled_in(
    organisation: Organisation, data: st.DataObject
) -> None:
    evaluator = Evaluator(organisation)
    already = data.draw(st.sets(st.sampled_from([*LOCATIONS, *SYSTEMS, *GROUPS]), max_size=3))
    compiled = compile_model(organisation, down=[Outage(name) for name in already])
    assert already.isdisjoint(leaf.name for leaf in compiled.graph.leaves)
    for failed in combinations(data, EVERYTHING):
        expected = stopped_by_evaluation(evaluator, failed | already, LATER)
        assert stopped_by_graph(compiled, failed) == expected, failed


@settings(deadline=None, max_examples=25)
@given(organisations(), st.sets(st.sampled_from(EVERYTHING)), st.sampled_from(EVERYTHING))
def test_more_failures_never_help(
    organisation: Organisation, failed: set[str], another: str
) -> None:
    evaluator = Evaluator(organisation)
    before = evaluator.state(scenario(organisation, failed), LATER)
    after = evaluator.state(scenario(organisation, failed | {another}), LATER)
    assert all(
        worse <= better for worse, better in itertools.zip_longest(after.values, before.values)
    )
    assert compile_model(organisation).graph.is_coherent


@settings(deadline=None, max_examples=25)
@given(organisations(), st.lists(st.sampled_from([*LOCATIONS, *SYSTEMS, *GROUPS]), max_size=8))
def test_a_change_evaluated_alone_is_the_same_as_everything_anew(
    organisation: Organisation, toggles: list[str]
) -> None:
    evaluator = Evaluator(organisation)
    state = evaluator.normal().copy()
    down: set[str] = set()
    for name in toggles:
        sign = -1 if name in down else 1
        down ^= {name}
        state.keep_time(state.settle([state.lose(name, sign * 1_000_000)]))
    anew = evaluator.normal().copy()
    anew.settle([anew.lose(name, 1_000_000) for name in down])
    anew.clocks = state.clocks
    anew.settle(range(len(anew.values)))
    assert state.values == anew.values
