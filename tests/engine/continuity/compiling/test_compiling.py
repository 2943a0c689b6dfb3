"""What the compiled graph looks like: leaves, areas, common causes, constants, circles."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from standfast.engine.continuity.compiling import Compiled, Depends, ModelTooLarge, compile_model
from standfast.engine.continuity.document import load
from standfast.engine.continuity.gates import Area, Operator
from standfast.engine.continuity.model import (
    AccessPath,
    AllOf,
    Amount,
    AnyOf,
    Function,
    Group,
    Location,
    Needs,
    Organisation,
    Outage,
    Place,
    Staff,
    System,
)

SNOW = load((Path(__file__).parents[4] / "examples/continuity/snowstorm.yaml").read_bytes())


def cut_sets(compiled: Compiled, top: str, order: int) -> set[frozenset[str]]:
    """The minimal cut sets up to an order, by trying all of them."""
    graph = compiled.graph
    found: list[frozenset[int]] = []
    for size in range(1, order + 1):
        for chosen in itertools.combinations(range(len(graph.leaves)), size):
            if any(smaller <= set(chosen) for smaller in found):
                continue
            if graph.failed([leaf in chosen for leaf in range(len(graph.leaves))])[graph.tops[top]]:
                found.append(frozenset(chosen))
    return {frozenset(graph.leaves[leaf].name for leaf in each) for each in found}


def test_single_points_of_failure_of_the_snow_company() -> None:
    compiled = compile_model(SNOW, events=["snowstorm", "identity-outage"])
    # The WAN is one because the office needs it and 58 seats at home are less than the 60 needed.
    names = ["data-centre", "identity", "identity-outage", "service-engineers", "ticketing", "wan"]
    assert cut_sets(compiled, "incident-response", 1) == {frozenset({name}) for name in names}
    more = compile_model(SNOW, events=[], policies=["laptops-at-home", "more-vpn-seats"])
    assert frozenset({"wan"}) not in cut_sets(more, "incident-response", 1)
    bare = compile_model(SNOW, events=["snowstorm"], policies=[], functions=["incident-response"])
    assert frozenset({"snowstorm"}) in cut_sets(bare, "incident-response", 1)


def test_an_event_is_one_leaf_however_much_it_hits() -> None:
    compiled = compile_model(SNOW, events=["pandemic"])
    (pandemic,) = [leaf for leaf in compiled.graph.leaves if leaf.name == "pandemic"]
    assert (pandemic.area, pandemic.frequency, pandemic.repair_hours) == (Area.NONE, 0.03, 56 * 24)
    assert compiled.areas["pandemic"] == {Area.PEOPLE, Area.LOCATION}
    assert compiled.areas["identity"] == {Area.SYSTEMS}


def test_leaves_carry_what_is_known_of_their_reliability() -> None:
    leaves = {leaf.name: leaf for leaf in compile_model(SNOW, events=[]).graph.leaves}
    wan = leaves["wan"]
    assert (wan.area, wan.frequency, wan.repair_hours) == (Area.SYSTEMS, 2, 4)
    assert wan.unavailability == pytest.approx(8 / 8774)
    assert leaves["home-internet"].unavailability == 0.001
    assert leaves["headquarters"].unavailability is None


def test_staffing_is_a_weighted_threshold() -> None:
    compiled = compile_model(SNOW, events=[], functions=["incident-response"])
    thresholds = [gate for gate in compiled.graph.gates if gate.operator is Operator.ATLEAST]
    assert any(gate.weights for gate in thresholds)


def clerks(seats: int) -> Organisation:
    home = Place("home", Amount(count=6))
    return Organisation(
        "clerks",
        groups={"clerks": Group("clerks", 10, (Place("office", Amount(count=10)),), (home,))},
        locations={"office": Location("office"), "home": Location("home")},
        systems={"vpn": System("vpn")},
        paths={"tunnel": AccessPath("tunnel", at="home", needs=Needs("vpn"), seats=seats)},
        functions={"f": Function("f", needs=Staff("clerks", Amount(count=5)))},
    )


@pytest.mark.parametrize(
    ("seats", "sets"),
    [
        (4, {frozenset({"clerks"}), frozenset({"office"})}),
        (
            5,
            {
                frozenset({"clerks"}),
                frozenset({"office", "home"}),
                frozenset({"office", "vpn"}),
            },
        ),
    ],
)
def test_the_worked_example_of_the_clerks(seats: int, sets: set[frozenset[str]]) -> None:
    assert cut_sets(compile_model(clerks(seats)), "f", 3) == sets


def test_what_depends_is_taken_as_worst_as_best_or_as_a_leaf() -> None:
    chosen = {"events": ["power-cuts-at-home"], "functions": ["dispatch"]}

    def names(depends: Depends) -> set[str]:
        compiled = compile_model(SNOW, depends=depends, **chosen)  # type: ignore[arg-type]
        return {leaf.name for leaf in compiled.graph.leaves}

    condition = "power-cuts-at-home?home"
    assert "power-cuts-at-home" not in names(Depends.BEST)
    assert condition not in names(Depends.WORST)
    compiled = compile_model(SNOW, depends=Depends.LEAF, **chosen)  # type: ignore[arg-type]
    (leaf,) = [each for each in compiled.graph.leaves if each.name == condition]
    assert leaf.unavailability == 0.5


def test_functions_that_always_or_never_stop_are_no_tops() -> None:
    systems = {"a": System("a")}
    functions = {
        "free": Function("free"),
        "bound": Function("bound", needs=Needs("a")),
    }
    model = Organisation("x", systems=systems, functions=functions)
    compiled = compile_model(model)
    assert compiled.never == {"free"}
    assert not compiled.always
    assert set(compiled.graph.tops) == {"bound"}
    stopped = compile_model(model, down=[Outage("a")])
    assert stopped.always == {"bound"}
    assert not stopped.graph.tops


def test_a_circle_of_dependencies_fails_with_its_members_and_not_by_itself() -> None:
    systems = {
        "a": System("a", needs=Needs("b")),
        "b": System("b", needs=Needs("c")),
        "c": System("c", needs=AnyOf((Needs("a"), Needs("d")))),
        "d": System("d"),
    }
    functions = {"f": Function("f", needs=Needs("a"))}
    compiled = compile_model(Organisation("x", systems=systems, functions=functions))
    assert cut_sets(compiled, "f", 4) == {frozenset(name) for name in "abc"}


def ring(count: int) -> Organisation:
    """Systems in a ring, each of which also needs one of two things."""
    systems = {
        f"s{n}": System(
            f"s{n}",
            needs=AllOf(
                (Needs(f"s{(n + 1) % count}"), AnyOf((Needs(f"s{(n + 7) % count}"), Needs("x"))))
            ),
        )
        for n in range(count)
    }
    systems["x"] = System("x")
    functions = {"f": Function("f", needs=Needs("s0"))}
    return Organisation("x", systems=systems, functions=functions)


def alternating(count: int) -> Organisation:
    """Systems each of which needs one of two others, all around."""
    systems = {
        f"s{n}": System(
            f"s{n}", needs=AnyOf((Needs(f"s{(n + 1) % count}"), Needs(f"s{(n + 7) % count}")))
        )
        for n in range(count)
    }
    functions = {"f": Function("f", needs=Needs("s0"))}
    return Organisation("x", systems=systems, functions=functions)


def test_what_fails_together_in_a_circle_is_one() -> None:
    compiled = compile_model(ring(500))
    assert len(compiled.graph) < 2_000
    assert cut_sets(compile_model(ring(9)), "f", 2) == {frozenset({f"s{n}"}) for n in range(9)}


def test_large_circles_stay_polynomial() -> None:
    count = 60
    compiled = compile_model(alternating(count))
    assert len(compiled.graph) < 4 * count * count
    only = compiled.graph.failed([leaf.name != "s0" for leaf in compiled.graph.leaves])
    assert only[compiled.graph.tops["f"]]


def test_a_circle_that_is_too_large_is_refused_in_words() -> None:
    with pytest.raises(ModelTooLarge, match="more than 1,000 gates: too many elements depend"):
        compile_model(alternating(60), most=1_000)
