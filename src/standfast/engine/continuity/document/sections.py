"""The keys of a document: every table, every element, what each key means.

The reader and the JSON Schema both come from these declarations.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from standfast.engine.continuity.document.problems import Path
from standfast.engine.continuity.document.requirement import INFRASTRUCTURE, Need
from standfast.engine.continuity.document.shapes import (
    Builder,
    Key,
    ListOf,
    Pairs,
    Record,
)
from standfast.engine.continuity.document.source import Node
from standfast.engine.continuity.document.values import (
    Choice,
    Duration,
    Flag,
    Number,
    Quantity,
    Reading,
    Ref,
    Share,
    Text,
    Whole,
)
from standfast.engine.continuity.model.amounts import Amount
from standfast.engine.continuity.model.elements import (
    Connectivity,
    EndpointCategory,
    Group,
    Location,
    LocationKind,
    Party,
    PartyKind,
    Place,
    Reliability,
    System,
    SystemKind,
    VpnModel,
)
from standfast.engine.continuity.model.functions import Criticality, Function, LossRate

TITLE = Key("title", Text(), "what people read")
DESCRIPTION = Key("description", Text(), "a sentence or two for people")
LOCATION = Ref(("locations",))
RELIABILITY = (
    Key("failures_per_year", Number(), "how often it fails by itself", into="frequency"),
    Key("repair", Duration(), "mean time to restore it", into="repair_hours"),
    Key("unavailability", Share(), "the part of the time that it is down"),
)


def into(make: type) -> Builder:
    """A builder that hands what was read to a dataclass."""

    def build(values: dict[str, Any], _node: Node, _at: Path, _reading: Reading) -> Any:
        return make(**values)

    return build


def simply(make: type) -> Builder:
    """A builder that hands what was read to a dataclass; the name comes from the place."""

    def build(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
        return make(name=str(at.part), **values)

    return build


def reliable(make: type) -> Builder:
    """Such a builder for what can fail by itself."""
    build = simply(make)
    return lambda values, *where: build(with_reliability(values), *where)


def with_reliability(values: dict[str, Any]) -> dict[str, Any]:
    """Gather what tells how often it fails into one value, where anything does."""
    names = ("frequency", "repair_hours", "unavailability")
    rates = {name: values.pop(name) for name in names if name in values}
    if "repair_hours" in rates:
        rates["repair_hours"] = rates["repair_hours"].total_seconds() / 3600
    return {**values, "reliability": Reliability(**rates)} if rates else values


class _Places:
    """Where people are: one location for all of them, or a mapping to how many."""

    pairs = Pairs(LOCATION, Quantity())

    def read(self, node: Node, at: Path, reading: Reading) -> Any:
        """Read it."""
        if not isinstance(node.value, dict):
            name = LOCATION.read(node, at, reading)
            return (Place(name, Amount(share=1.0)),) if isinstance(name, str) else name
        pairs = self.pairs.read(node, at, reading)
        return tuple(Place(*pair) for pair in pairs) if isinstance(pairs, tuple) else pairs

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {"anyOf": [LOCATION.schema(), self.pairs.schema()]}


GROUP = Record(
    "a group",
    (
        TITLE,
        Key("heads", Whole(), "how many people", needed=True),
        Key("roles", ListOf(Text(), single=True), "what they do"),
        Key(
            "at",
            _Places(),
            "where they normally work: a location, or how many at each",
            into="places",
        ),
        Key("elsewhere", _Places(), "where how many can work instead, in order", into="elsewhere"),
        Key("unit", Text(), "business unit"),
        DESCRIPTION,
        *RELIABILITY,
    ),
    reliable(Group),
)


def _location(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    if ("latitude" in values) != ("longitude" in values):
        return reading.wrong(node, at, "a position needs both latitude and longitude")
    return reliable(Location)(values, node, at, reading)


LOCATION_RECORD = Record(
    "a location",
    (
        TITLE,
        Key("kind", Choice(LocationKind), "site, network, home or mobile"),
        Key("latitude", Number(-90, 90), "degrees north, for matching hazards"),
        Key("longitude", Number(-180, 180), "degrees east"),
        Key("within", LOCATION, "the location that it is part of, and fails with"),
        Key("needs", Need(INFRASTRUCTURE, people=False), "what it needs to be usable"),
        DESCRIPTION,
        *RELIABILITY,
    ),
    _location,
)

SYSTEM = Record(
    "a system",
    (
        TITLE,
        Key("kind", Choice(SystemKind), "application, cloud, identity, wan, lan, vpn, …"),
        Key("at", LOCATION, "the location where it stands, and fails with"),
        Key("needs", Need(), "what it needs to work"),
        Key("provider", Text(), "key of the provider that reports its health"),
        Key("service", Text(), "key of the service at that provider"),
        Key("region", Text(), "the provider's region"),
        Key("supplier", Ref(("parties",)), "the party that delivers it"),
        Key("owner", Text(), "who answers for it"),
        Key("recovery", Duration(), "time to restore it after a failure of its own"),
        Key("recovery_point", Duration(), "how much work a restore may lose"),
        Key("restart", Duration(), "time to come back once an outside cause is gone"),
        DESCRIPTION,
        *RELIABILITY,
    ),
    reliable(System),
)

PARTY = Record(
    "a party",
    (
        TITLE,
        Key("kind", Choice(PartyKind), "supplier, customer or partner"),
        Key("needs", Need(), "what connects us to them"),
        Key("recovery", Duration(), "how soon they promise to be back"),
        DESCRIPTION,
        *RELIABILITY,
    ),
    reliable(Party),
)


class _Loss:
    """A rate for all the time, or a mapping from time since the start to the rate from then on."""

    curve = Pairs(Duration(), Number())

    def read(self, node: Node, at: Path, reading: Reading) -> Any:
        """Read it."""
        if not isinstance(node.value, dict):
            rate = Number().read(node, at, reading)
            return (LossRate(timedelta(0), rate),) if isinstance(rate, float) else rate
        pairs = self.curve.read(node, at, reading)
        if not isinstance(pairs, tuple):
            return pairs
        times = [after for after, _ in pairs]
        if any(later <= earlier for earlier, later in itertools.pairwise(times)):
            return reading.wrong(node, at, "the times of a loss curve must grow from line to line")
        return tuple(LossRate(after, rate) for after, rate in pairs)

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {"anyOf": [Number().schema(), self.curve.schema()]}


FUNCTION = Record(
    "a function",
    (
        TITLE,
        Key("criticality", Choice(Criticality), "mission-critical … deferrable"),
        Key("needs", Need(), "what it needs to work"),
        Key("rto", Duration(), "recovery time objective"),
        Key("rpo", Duration(), "recovery point objective: how much work may be lost"),
        Key("mtpd", Duration(), "maximum tolerable period of disruption"),
        Key("minimum_capacity", Share(), "with less than this it counts as down (MBCO)"),
        Key(
            "loss", _Loss(), "cost of an hour: one rate, or rates from times on (0h: 100, 4h: 900)"
        ),
        Key("owner", Text(), "who answers for it"),
        Key("leader", Text(), "senior leader"),
        Key("enterprise_function", Text(), "finance, sales, …"),
        Key("unit", Text(), "business unit"),
        Key("workaround", Text(), "what people do meanwhile"),
        DESCRIPTION,
    ),
    simply(Function),
)


CONNECTIVITY = Record(
    "connectivity",
    (
        Key("vpn", Choice(VpnModel), "how cloud traffic and the tunnel get on"),
        Key("tells_cloud_apart", Flag(), "cloud traffic is recognised and treated differently"),
        Key("egress", LOCATION, "where its cloud traffic enters the Internet"),
        Key("via", ListOf(LOCATION, single=True), "locations that it passes before that"),
        Key(
            "bypass",
            ListOf(Choice(EndpointCategory), single=True),
            "endpoint categories that skip proxies and inspection",
        ),
    ),
    into(Connectivity),
)
