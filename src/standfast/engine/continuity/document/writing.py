"""A model written as a document: plain data first, then YAML."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from standfast.engine.continuity.document.reading import VERSION
from standfast.engine.continuity.document.spelling import (
    spell_amount,
    spell_duration,
    spell_need,
    spell_share,
    spell_step,
)
from standfast.engine.continuity.model.amounts import Amount
from standfast.engine.continuity.model.elements import Connectivity, Place, Reliability, Seats
from standfast.engine.continuity.model.events import Effect, Occurrence, Outage
from standfast.engine.continuity.model.functions import LossRate
from standfast.engine.continuity.model.organisation import Organisation
from standfast.engine.continuity.model.policies import (
    AddFallback,
    Change,
    Improve,
    MoreHeads,
    MoreSeats,
    Shield,
    WorkElsewhere,
)

if TYPE_CHECKING:
    from ruamel.yaml import YAML

# Keys of the document that are called otherwise than the fields of the model.
_RENAMED = {
    "places": "at",
    "frequency": "per_year",
    "duration": "lasts",
    "outages": "down",
    "with_policies": "with",
    "without_policies": "without",
}
_SHARES = {"minimum_capacity", "unavailability", "share", "capacity"}
_NEEDS = {"needs"}


def to_data(organisation: Organisation) -> dict[str, Any]:
    """The organisation as the plain data of a document; what is as usual is left out."""
    data: dict[str, Any] = {"standfast": VERSION, "name": organisation.name}
    for key in ("currency", "description"):
        if value := getattr(organisation, key):
            data[key] = value
    tables: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("groups", organisation.groups),
        ("locations", organisation.locations),
        ("systems", organisation.systems),
        ("access_paths", organisation.paths),
        ("parties", organisation.parties),
        ("functions", organisation.functions),
        ("policies", organisation.policies),
        ("events", organisation.events),
        ("scenarios", organisation.scenarios),
    )
    for table, entries in tables:
        if entries:
            data[table] = {name: _record(entry) for name, entry in entries.items()}
    return data


def dump(organisation: Organisation) -> str:
    """The organisation as a YAML document."""
    return to_yaml(to_data(organisation))


def to_yaml(data: Any, yaml: YAML | None = None) -> str:
    """Write plain or commented data."""
    out = io.StringIO()
    (yaml or writer()).dump(data, out)
    return out.getvalue()


def writer(*, width: int = 100, offset: int = 2) -> YAML:
    """The YAML library, set so that comments, order and quotes survive.

    `offset`: how far the dashes of a list stand right of its key.
    """
    from ruamel.yaml import YAML  # only who writes waits for it

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = width
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.indent(mapping=2, sequence=2 + offset, offset=offset)
    return yaml


def _record(entry: Any) -> dict[str, Any]:
    """Every field that is not as usual, but for the name, which is the key."""
    data: dict[str, Any] = {}
    for field in fields(entry):
        value = getattr(entry, field.name)
        if field.name == "name" or (field.default is not MISSING and value == field.default):
            continue
        if isinstance(value, Reliability):
            data.update(_reliability(value))
        else:
            data[_RENAMED.get(field.name, field.name)] = _value(field.name, value)
    return data


def _value(name: str, value: Any) -> Any:
    if name in _NEEDS:
        return spell_need(value)
    if name in _SHARES:
        return spell_share(value)
    if isinstance(value, tuple):
        return _several(value)
    if isinstance(value, Connectivity):
        return _record(value)
    if isinstance(value, bool):
        return value
    return _plain(value)


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case timedelta():
            return spell_duration(value)
        case Amount():
            return spell_amount(value)
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def _several(values: tuple[Any, ...]) -> Any:
    first = values[0] if values else None
    if isinstance(first, Place):
        if len(values) == 1 and first.heads == Amount(share=1.0):
            return first.location
        return {place.location: spell_amount(place.heads) for place in values}
    if isinstance(first, Seats):
        return {each.group: each.seats for each in values}
    if isinstance(first, LossRate):
        return {str(spell_duration(each.after)): _plain(each.per_hour) for each in values}
    return [_item(value) for value in values]


def _item(value: Any) -> Any:
    match value:
        case Effect():
            return _perhaps({"on": value.target}, value, {"delay": "after"})
        case Outage():
            return _perhaps({"element": value.element}, value, {})
        case Occurrence():
            return _record(value)
        case _ if type(value) in _CHANGES:
            return _change(value)
        case _:
            return _plain(value)


def _perhaps(
    data: dict[str, Any], value: Effect | Outage, renamed: dict[str, str]
) -> dict[str, Any]:
    skipped = {"target", "element", "certain", "probability"}
    for field in fields(value):
        found = getattr(value, field.name)
        if field.name not in skipped and found != field.default:
            data[renamed.get(field.name, field.name)] = _value(field.name, found)
    if not value.certain:
        unknown = value.probability is None
        data["perhaps"] = True if unknown else spell_share(value.probability or 0)
    return data


def _reliability(value: Reliability | Improve) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if value.frequency is not None:
        data["failures_per_year"] = _plain(value.frequency)
    if value.repair_hours is not None:
        data["repair"] = spell_duration(timedelta(hours=value.repair_hours))
    if value.unavailability is not None:
        data["unavailability"] = spell_share(value.unavailability)
    return data


def _improve(change: Improve) -> dict[str, Any]:
    data: dict[str, Any] = {"improve": change.element}
    if change.recovery is not None:
        data["recovery"] = spell_duration(change.recovery)
    return data | _reliability(change)


_CHANGES: dict[type, Callable[[Any], dict[str, Any]]] = {
    WorkElsewhere: lambda change: {
        "work_elsewhere": change.group,
        "at": change.location,
        "heads": spell_amount(change.heads),
    },
    MoreHeads: lambda change: {"more_heads": change.group, "heads": change.heads},
    MoreSeats: lambda change: {"more_seats": change.path, "seats": change.seats},
    AddFallback: lambda change: {"add_fallback": change.element, **spell_step(change.step)},
    Shield: lambda change: {"shield": change.element, "from": change.event},
    Improve: _improve,
}


def _change(change: Change) -> dict[str, Any]:
    return _CHANGES[type(change)](change)
