"""A document read into a model, with all its mistakes told at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from standfast.engine.continuity.document.consistency import check_consistency
from standfast.engine.continuity.document.happenings import (
    ACCESS_PATH,
    EVENT_RECORD,
    POLICY_RECORD,
    SCENARIO,
)
from standfast.engine.continuity.document.problems import ROOT, Path, nearest
from standfast.engine.continuity.document.sections import (
    DESCRIPTION,
    FUNCTION,
    GROUP,
    LOCATION_RECORD,
    PARTY,
    SYSTEM,
)
from standfast.engine.continuity.document.shapes import Key, Named, Record
from standfast.engine.continuity.document.source import Node, parse
from standfast.engine.continuity.document.values import Missing, Reading, Text, Whole
from standfast.engine.continuity.library.events import event_of
from standfast.engine.continuity.library.paths import FACTS
from standfast.engine.continuity.model.elements import AccessPath
from standfast.engine.continuity.model.organisation import Organisation

VERSION = 1
# Tables of the document whose names must differ from each other: elements, and events, which can
# stand beside elements in a combination of failures.
ELEMENTS = ("groups", "locations", "systems", "parties", "functions", "events")


def _organisation(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    values.pop("standfast", None)
    return Organisation(**values)


DOCUMENT = Record(
    "a continuity model",
    (
        Key("standfast", Whole(1), f"version of this format: {VERSION}", needed=True),
        Key("name", Text(), "the organisation's name", needed=True),
        Key("currency", Text(), "currency of costs and losses"),
        DESCRIPTION,
        Key("groups", Named("groups", GROUP), "people"),
        Key("locations", Named("locations", LOCATION_RECORD), "sites, networks, home, mobile"),
        Key("systems", Named("systems", SYSTEM), "applications, cloud services, networks, devices"),
        Key(
            "access_paths",
            Named("access_paths", ACCESS_PATH),
            "how people at a location reach systems, preferred ones first",
            into="paths",
        ),
        Key("parties", Named("parties", PARTY), "suppliers, customers, partners"),
        Key("functions", Named("functions", FUNCTION), "what the organisation exists to do"),
        Key("policies", Named("policies", POLICY_RECORD), "policies and other mitigations"),
        Key("events", Named("events", EVENT_RECORD), "what can happen"),
        Key("scenarios", Named("scenarios", SCENARIO), "events and outages over time"),
    ),
    _organisation,
)


def load(text: str | bytes) -> Organisation:
    """Read a document. Raises DocumentError with every mistake that was found."""
    return read(parse(text))


def read(root: Node) -> Organisation:
    """Read the nodes of a document. Raises DocumentError."""
    reading = Reading()
    version = root.value.get("standfast") if isinstance(root.value, dict) else None
    if version is not None and isinstance(version.value, int) and version.value > VERSION:
        reading.wrong(
            version,
            ROOT.to("standfast"),
            f"this document is of version {version.value}; this program reads up to {VERSION}",
        )
        reading.problems.done()
    found = DOCUMENT.read(root, ROOT, reading)
    if isinstance(root.value, dict):
        _check_names(root, reading)
        _check_mentions(root, reading)
    if isinstance(found, Missing) or reading.problems.found:
        reading.problems.done()
        raise AssertionError("a document that cannot be read has a problem")
    organisation = _completed(found, reading)
    check_consistency(organisation, root, reading)
    reading.problems.done()
    return organisation


def names_of(root: Node, table: str) -> dict[str, Node]:
    """The entries of a table of the document, read or not."""
    node = root.value.get(table)
    return node.value if node is not None and isinstance(node.value, dict) else {}


def _check_names(root: Node, reading: Reading) -> None:
    seen: dict[str, tuple[str, int]] = {}
    for table in ELEMENTS:
        for name, node in names_of(root, table).items():
            if name in seen:
                other, line = seen[name]
                message = f"“{name}” is a name in “{other}” already (line {line}); choose another"
                reading.wrong(node, ROOT.to(table).to(name), message)
            else:
                seen[name] = (table, node.line)


def _check_mentions(root: Node, reading: Reading) -> None:
    """Every name must be in one of the tables where it is looked for."""
    tables = {key.name: names_of(root, key.name) for key in DOCUMENT.keys}
    for name, wanted, at, line in reading.mentions:
        if any(name in tables[table] for table in wanted):
            continue
        node = Node(None, line)
        elsewhere = next((table for table, names in tables.items() if name in names), None)
        if elsewhere is not None:
            among = _spoken(wanted)
            message = f"“{name}” is in “{elsewhere}”, but {among} is needed here"
            reading.wrong(node, at, message)
            continue
        known = [each for table in wanted for each in tables[table]]
        hint = nearest(name, known)
        reading.wrong(node, at, f"“{name}” is not a name in {_spoken(wanted)}.", hint)


def _spoken(tables: tuple[str, ...]) -> str:
    return " or ".join(f"“{table}”" for table in tables)


def _completed(organisation: Organisation, reading: Reading) -> Organisation:
    """Fill in what the document leaves to the library: events, and facts about VPN models."""
    events = dict(organisation.events)
    for name, kind, at in reading.borrowed:
        own, given = events[name], event_of(kind, organisation, name=name, at=at)
        mine = {(effect.target, effect.aspect) for effect in own.effects}
        more = tuple(each for each in given.effects if (each.target, each.aspect) not in mine)
        events[name] = replace(
            own,
            effects=own.effects + more,
            title=own.title or given.title,
            duration=given.duration if own.duration is None else own.duration,
            frequency=given.frequency if own.frequency is None else own.frequency,
            hazards=own.hazards or given.hazards,
        )
    paths = {name: _with_facts(path) for name, path in organisation.paths.items()}
    return replace(organisation, events=events, paths=paths)


def _with_facts(path: AccessPath) -> AccessPath:
    known = path.connectivity
    if known.vpn is None:
        return path
    facts = FACTS[known.vpn]
    apart, bypass = known.tells_cloud_apart, known.bypass
    filled = replace(
        known,
        tells_cloud_apart=facts.tells_cloud_apart if apart is None else apart,
        bypass=facts.bypass if bypass is None else bypass,
    )
    return replace(path, connectivity=filled)
