"""What sets of measures are worth, against compiling with all of them; the best of all subsets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.engine.continuity.compiling import compile_model
from standfast.engine.continuity.gates import Area, Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.mitigation.choosing import chosen
from standfast.engine.continuity.mitigation.measures import (
    Measure,
    MeasureKind,
    generic_for,
    policy_measures,
    with_generic,
)
from standfast.engine.continuity.mitigation.ranking import pairs, ranked, said, said_of_pair
from standfast.engine.continuity.mitigation.worth import Worth
from standfast.engine.continuity.model import (
    AddFallback,
    Amount,
    AnyOf,
    Criticality,
    Function,
    Group,
    Improve,
    Location,
    LossRate,
    Needs,
    Organisation,
    Place,
    Policy,
    Reliability,
    Staff,
    Step,
    System,
    WorkElsewhere,
    in_place,
)
from tests.engine.continuity.checks.organisations import NAMES, organisations


def subsets(names: list[str]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(names, size) for size in range(len(names) + 1)))


@st.composite
def with_measures(draw: st.DrawFn) -> Organisation:
    """An organisation of systems that fail, and policies that help here or there."""
    found = draw(organisations(circles=draw(st.booleans())))
    systems = {
        name: replace(system, reliability=Reliability(frequency=float(n + 1), repair_hours=20.0))
        for n, (name, system) in enumerate(found.systems.items())
    }
    name = st.sampled_from(NAMES)
    change = st.one_of(
        st.builds(lambda one: Improve(one, repair_hours=2.0), name),
        st.builds(lambda one, other: AddFallback(one, Step(Needs(other))), name, name),
    )
    policies = {
        f"p{n}": Policy(f"p{n}", changes, cost=float(cost))
        for n, (changes, cost) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.lists(change, min_size=1, max_size=2).map(tuple), st.integers(0, 9)
                    ),
                    max_size=4,
                )
            )
        )
    }
    policies = {
        key: policy
        for key, policy in policies.items()
        if not any(
            isinstance(each, AddFallback) and each.step.requirement == Needs(each.element)
            for each in policy.changes
        )
    }
    loss = (LossRate(timedelta(0), 10.0), LossRate(timedelta(hours=4), 100.0))
    functions = {
        "work": replace(found.functions["work"], loss=loss),
        "other": Function("other", needs=Needs("c"), loss=loss),
    }
    return replace(found, systems=systems, policies=policies, functions=functions)


@given(organisation=with_measures())
@settings(deadline=None, max_examples=25)
def test_leaving_out_what_cannot_touch_a_function_changes_nothing(
    organisation: Organisation,
) -> None:
    worth = Worth(organisation, policy_measures(organisation))
    for some in subsets(list(organisation.policies)):
        compiled = compile_model(organisation, policies=[*in_place(organisation), *some])
        for function in organisation.functions:
            if function not in compiled.graph.tops:
                continue
            alone = Worth(organisation, policy_measures(organisation))
            alone.relevant[function] = tuple(organisation.policies)
            assert worth.state(function, some).downtime.unavailability == pytest.approx(
                alone.state(function, some).downtime.unavailability
            )


@given(organisation=with_measures(), budget=st.one_of(st.none(), st.integers(0, 20)))
@settings(deadline=None, max_examples=25)
def test_the_best_set_is_the_best_of_all_subsets(
    organisation: Organisation, budget: int | None
) -> None:
    measures = policy_measures(organisation)
    worth = Worth(organisation, measures)
    found = chosen(worth, budget=budget)
    costs = {measure.name: measure.cost or 0.0 for measure in measures}
    allowed = [
        some
        for some in subsets(list(costs))
        if budget is None or sum(costs[name] for name in some) <= budget
    ]
    least = min(worth.value(some) for some in allowed)
    assert found.exact
    assert found.proven
    # Differences below a millionth of all losses are none to the solver.
    assert worth.value(found.measures) == pytest.approx(least, abs=2e-6 * worth.value() + 1e-9)


SNOW = Organisation(
    "Acme",
    groups={
        "clerks": Group("clerks", 10, places=(Place("office", Amount(share=1.0)),), title="clerks")
    },
    locations={
        "office": Location("office", reliability=Reliability(frequency=2.0, repair_hours=30.0)),
        "home": Location("home"),
    },
    systems={
        "ledger": System(
            "ledger",
            title="Ledger",
            needs=Needs("server-room"),
            reliability=Reliability(unavailability=0.0001),
        ),
        "server-room": System(
            "server-room", at="office", reliability=Reliability(unavailability=0.0001)
        ),
        "cloud": System("cloud", reliability=Reliability(unavailability=0.0001)),
    },
    functions={
        "billing": Function(
            "billing",
            needs=AnyOf((Staff("clerks", Amount(share=0.5)),)),
            criticality=Criticality.MISSION_CRITICAL,
            loss=(LossRate(timedelta(0), 100.0),),
        ),
        "books": Function("books", needs=Needs("ledger"), loss=(LossRate(timedelta(0), 10.0),)),
    },
    policies={
        "laptops": Policy(
            "laptops",
            (WorkElsewhere("clerks", "home", Amount(share=0.3)),),
            title="Laptops for three in ten",
            cost=500.0,
        ),
        "more-laptops": Policy(
            "more-laptops",
            (WorkElsewhere("clerks", "home", Amount(share=0.3)),),
            title="Laptops for three more in ten",
            cost=500.0,
        ),
        "cloud-ledger": Policy(
            "cloud-ledger", (AddFallback("ledger", Step(Needs("cloud"))),), title="Cloud", cost=50.0
        ),
    },
)


def test_measures_that_only_work_together_are_told_and_chosen() -> None:
    worth = Worth(SNOW, policy_measures(SNOW))
    (pair,) = pairs(worth)
    assert (pair.first.name, pair.second.name) == ("laptops", "more-laptops")
    assert pair.only_together
    assert str(said_of_pair(pair, unit="EUR")).startswith(
        "“Laptops for three in ten” and “Laptops for three more in ten” only work together:"
    )
    assert chosen(worth, budget=1000.0).measures == ("laptops", "more-laptops")
    assert chosen(worth, budget=999.0).measures == ("cloud-ledger",)
    assert chosen(worth, budget=None, net=True).measures == (
        "laptops",
        "more-laptops",
        "cloud-ledger",
    )


def test_each_measure_is_ranked_by_what_it_buys_for_its_cost() -> None:
    first, *rest = ranked(Worth(SNOW, policy_measures(SNOW)))
    assert first.measure.name == "cloud-ledger"
    assert [each.value for each in rest] == [0.0, 0.0]
    assert first.helped[0][0] == "books"
    assert first.per_cost == pytest.approx(first.value / 50.0)
    assert first.single_points[0] > first.single_points[1]
    assert first.by_region[frozenset({Area.LOCATION})] == (2, 1)
    assert str(said(first, unit="EUR")).startswith("It avoids ")
    assert "single points of failure are gone" in str(said(first, unit="EUR"))
    assert str(said(rest[0], unit="EUR")) == "Alone it changes nothing for any function."


def test_where_many_measures_touch_a_function_cut_sets_stand_in_and_that_is_said() -> None:
    worth = Worth(SNOW, policy_measures(SNOW))
    found = chosen(worth, budget=60.0, most_tabled=0)
    assert not found.exact
    assert found.measures == ("cloud-ledger",)
    assert found.loss == pytest.approx(worth.value(["cloud-ledger"]))


def test_without_losses_hours_count_by_criticality() -> None:
    functions = {name: replace(each, loss=()) for name, each in SNOW.functions.items()}
    worth = Worth(replace(SNOW, functions=functions), ())
    assert not worth.priced
    hours = {name: worth.state(name).downtime.hours for name in functions}
    assert worth.value() == pytest.approx(8.0 * hours["billing"] + 2.0 * hours["books"])


def test_generic_measures_double_an_element_or_halve_its_repair() -> None:
    leaves = (
        Leaf("ledger", unavailability=0.1, frequency=100.0, repair_hours=10.0),
        Leaf("cloud", unavailability=0.2),
    )
    graph = GateGraph(leaves, (Gate("g", Operator.OR, (0, 1)),), {"books": 2})
    names = ["ledger", "cloud", "office", "clerks", "snowstorm"]
    measures = {m.name: m for m in generic_for(SNOW, names)}
    doubles = ["duplicate:cloud", "duplicate:ledger", "duplicate:office"]
    assert sorted(measures) == [*doubles, "repair:office"]
    doubled = with_generic(graph, [measures["duplicate:ledger"]])
    assert doubled.failed([True, False, False])[doubled.tops["books"]] is False
    assert doubled.failed([True, False, True])[doubled.tops["books"]] is True
    assert doubled.failed([False, True, False])[doubled.tops["books"]] is True
    repair = Measure("r", "", MeasureKind.REPAIR, "ledger")
    faster = with_generic(graph, [repair]).leaves[0]
    assert faster.repair_hours == 5.0
    assert faster.unavailability == Reliability(100.0, 5.0).share_down
    half = with_generic(graph, [Measure("r", "", MeasureKind.REPAIR, "cloud")]).leaves[1]
    assert half.unavailability == pytest.approx(0.1 / 0.9)
