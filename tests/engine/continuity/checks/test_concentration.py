"""What hangs on one element or one supplier, asked of a graph."""

from __future__ import annotations

from standfast.engine.continuity.checks.concentration import weights
from standfast.engine.continuity.checks.every import check_graph, check_model
from standfast.engine.continuity.checks.finding import RANK, Severity, in_order
from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.model import (
    AllOf,
    AnyOf,
    Criticality,
    Function,
    Needs,
    Organisation,
    Party,
    System,
)

NAMES = ("mail", "files", "lan", "phone")
ORGANISATION = Organisation(
    "Acme",
    systems={
        "mail": System("mail", provider="cloud"),
        "files": System("files", provider="cloud"),
        "lan": System("lan"),
        "phone": System("phone", supplier="carrier"),
    },
    parties={"carrier": Party("carrier")},
    functions={
        "desk": Function(
            "desk",
            needs=AllOf((Needs("mail"), Needs("lan"))),
            criticality=Criticality.MISSION_CRITICAL,
        ),
        "sales": Function(
            "sales",
            needs=AnyOf((Needs("files"), Needs("phone"))),
            criticality=Criticality.BUSINESS_CRITICAL,
        ),
        "audit": Function("audit", needs=Needs("files"), criticality=Criticality.DEFERRABLE),
    },
)
GRAPH = GateGraph(
    tuple(Leaf(name) for name in NAMES),
    (Gate("desk", Operator.OR, (0, 2)), Gate("sales", Operator.AND, (1, 3))),
    {"desk": 4, "sales": 5, "audit": 1},
)
LEAVES_OF = {name: (number,) for number, name in enumerate(NAMES)}
ELEMENT_OF = dict(enumerate(NAMES))


def test_a_supplier_weighs_what_stops_without_it() -> None:
    cloud, carrier = weights(ORGANISATION, GRAPH, LEAVES_OF)
    assert (cloud.supplier, cloud.stops, cloud.touches) == ("cloud", ("desk", "audit"), ("sales",))
    assert cloud.share == (8 + 1) / 13
    assert (carrier.supplier, carrier.stops, carrier.touches) == ("carrier", (), ("sales",))


def test_concentration_and_single_points_are_told_worst_first() -> None:
    found = check_graph(ORGANISATION, GRAPH, leaves_of=LEAVES_OF, element_of=ELEMENT_OF)
    assert [each.rule for each in found] == ["single-point-of-failure", "concentration"]
    single, heavy = found
    assert single.severity is Severity.PROBLEM
    assert "2 single failures stop this mission-critical function: “mail”, “lan”." in str(single)
    assert heavy.place == "systems.mail.provider"
    assert "2 of 3 functions (69% by weight) stop without “cloud”" in str(heavy)


def test_findings_are_kept_once_and_in_order() -> None:
    found = check_model(ORGANISATION)
    assert in_order([*found, *found]) == found
    assert [RANK[each.severity] for each in found] == sorted(RANK[each.severity] for each in found)
