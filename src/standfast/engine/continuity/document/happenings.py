"""The keys of access paths, policies, events and scenarios."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from standfast.engine.continuity.document.problems import Path
from standfast.engine.continuity.document.requirement import (
    INFRASTRUCTURE,
    Need,
    build_step,
    step,
)
from standfast.engine.continuity.document.sections import (
    CONNECTIVITY,
    DESCRIPTION,
    LOCATION,
    RELIABILITY,
    TITLE,
    into,
    simply,
)
from standfast.engine.continuity.document.shapes import (
    Either,
    Key,
    ListOf,
    OneOf,
    Pairs,
    Record,
)
from standfast.engine.continuity.document.source import Node
from standfast.engine.continuity.document.values import (
    MISSING,
    Borrowed,
    Choice,
    Duration,
    Flag,
    Missing,
    Number,
    Quantity,
    Reading,
    Ref,
    Share,
    Text,
    Whole,
)
from standfast.engine.continuity.library.kinds import EventKind
from standfast.engine.continuity.model.elements import AccessPath, Seats
from standfast.engine.continuity.model.events import (
    Aspect,
    Effect,
    Event,
    Occurrence,
    Outage,
    Scenario,
)
from standfast.engine.continuity.model.policies import (
    AddFallback,
    Improve,
    MoreHeads,
    MoreSeats,
    Policy,
    Shield,
    WorkElsewhere,
)

GROUP = Ref(("groups",))
ELEMENT = Ref(("groups", "locations", "systems", "parties", "functions"))
EVENT = Ref(("events",))
POLICY = Ref(("policies",))


def _path(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    seats = values.get("seats")
    reserved = tuple(Seats(*pair) for pair in values.pop("reserved", ()))
    if reserved and seats is None:
        return reading.wrong(node, at, "seats are reserved, but “seats” does not say how many are")
    if sum(each.seats for each in reserved) > (seats or 0):
        return reading.wrong(node, at, f"more seats are reserved than the {seats} that there are")
    return simply(AccessPath)({**values, "reserved": reserved}, node, at, reading)


ACCESS_PATH = Record(
    "an access path",
    (
        TITLE,
        Key("at", LOCATION, "the location where people are who use it", needed=True),
        Key("needs", Need(INFRASTRUCTURE, people=False), "what it depends on"),
        Key("groups", ListOf(GROUP, single=True), "who may use it; everybody when left out"),
        Key(
            "reaches",
            ListOf(Ref(("systems",)), single=True),
            "systems at its end; all when left out",
        ),
        Key("seats", Whole(), "how many people at once"),
        Key("reserved", Pairs(GROUP, Whole()), "seats kept for groups"),
        Key("connectivity", CONNECTIVITY, "how its cloud traffic goes"),
        DESCRIPTION,
    ),
    _path,
)


def _perhaps(values: dict[str, Any]) -> dict[str, Any]:
    """“perhaps: true” is not certain; “perhaps: 30 %” is not certain with a probability."""
    perhaps = values.pop("perhaps", False)
    if perhaps is False:
        return values
    values["certain"] = False
    if perhaps is not True:
        values["probability"] = perhaps
    return values


def _effect(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    if values.get("share", 1.0) == 0:
        return reading.wrong(node, at, "an effect with a share of 0 % does nothing")
    return Effect(**_perhaps(values))


_HOW = (
    Key("share", Share(), "the part that is lost; all when left out"),
    Key("aspect", Choice(Aspect), "“entry”: people cannot get in, what stands there runs on"),
    Key("perhaps", Either(Flag(), (bool,), Share()), "it depends: true, or how probable it is"),
)
EFFECT = Record(
    "an effect",
    (
        Key("on", ELEMENT, "what is hit", True, "target"),
        *_HOW,
        Key("after", Duration(), "how long after the event began", into="delay"),
        Key("lasts", Duration(), "how long, if not as long as the event"),
    ),
    _effect,
)


def _event(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    like, places = values.pop("like", None), values.pop("at", ())
    if places and like is None:
        return reading.wrong(
            node, at, "“at” says where an event of the library happens; add “like”"
        )
    event = simply(Event)(values, node, at, reading)
    if like is not None:
        reading.borrowed.append(Borrowed(event.name, like, places))
    return event


EVENT_RECORD = Record(
    "an event",
    (
        TITLE,
        Key("like", Choice(EventKind), "take the effects of this event of the library"),
        Key(
            "at",
            ListOf(LOCATION, single=True),
            "where it happens, for “like”; anywhere when left out",
        ),
        Key("effects", ListOf(EFFECT), "what it hits (besides what “like” gives)"),
        Key("lasts", Duration(), "how long; open end when left out", into="duration"),
        Key("per_year", Number(), "how often a year", into="frequency"),
        Key("hazards", ListOf(Text(), single=True), "words of warnings that announce it"),
        DESCRIPTION,
    ),
    _event,
)


OCCURRENCE = Record(
    "an event of a scenario",
    (
        Key("event", EVENT, "which event", needed=True),
        Key("at", Duration(signed=True), "when it begins"),
        Key("lasts", Duration(), "how long, if not as usual"),
    ),
    into(Occurrence),
)


def _outage(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    if values.get("share", 1.0) == 0:
        return reading.wrong(node, at, "with a share of 0 % nothing is down")
    return Outage(**_perhaps(values))


OUTAGE = Record(
    "an outage",
    (
        Key("element", ELEMENT, "what is down", needed=True),
        *_HOW,
        Key("at", Duration(signed=True), "since when"),
        Key("lasts", Duration(), "how long; its own recovery time when left out"),
    ),
    _outage,
)


@dataclass(frozen=True, slots=True)
class _NameOr:
    """A name alone, or a record with more."""

    ref: Ref
    make: Callable[[str], Any]
    full: Record

    def read(self, node: Node, at: Path, reading: Reading) -> Any:
        """Read it."""
        if isinstance(node.value, dict):
            return self.full.read(node, at, reading)
        name = self.ref.read(node, at, reading)
        return self.make(name) if isinstance(name, str) else name

    def schema(self) -> dict[str, Any]:
        """Describe it."""
        return {"anyOf": [self.ref.schema(), self.full.schema()]}


def _scenario(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    both = set(values.get("with_policies", ())) & set(values.get("without_policies", ()))
    if both:
        return reading.wrong(node, at, f"“{min(both)}” is both with and without")
    return simply(Scenario)(values, node, at, reading)


SCENARIO = Record(
    "a scenario",
    (
        TITLE,
        Key(
            "events",
            ListOf(_NameOr(EVENT, Occurrence, OCCURRENCE), single=True),
            "what happens, and when",
        ),
        Key(
            "down",
            ListOf(_NameOr(ELEMENT, Outage, OUTAGE), single=True),
            "what is down without an event",
            into="outages",
        ),
        Key("with", ListOf(POLICY, single=True), "as if these were in place", into="with_policies"),
        Key(
            "without", ListOf(POLICY, single=True), "as if these were not", into="without_policies"
        ),
        DESCRIPTION,
    ),
    _scenario,
)


def _add_fallback(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    element = values.pop("element")
    made = build_step(values, node, at, reading)
    return MISSING if isinstance(made, Missing) else AddFallback(element, made)


def _improve(values: dict[str, Any], node: Node, at: Path, reading: Reading) -> Any:
    if len(values) == 1:
        return reading.wrong(node, at, "say what becomes better: failures_per_year, repair, …")
    if "repair_hours" in values:
        values["repair_hours"] = values["repair_hours"] / timedelta(hours=1)
    return Improve(**values)


_NEEDING = Ref(("locations", "systems", "parties", "functions"))
CHANGE = OneOf(
    "a change",
    (
        Record(
            "“work_elsewhere”",
            (
                Key("work_elsewhere", GROUP, "more of these people", True, "group"),
                Key("at", LOCATION, "can work from here", True, "location"),
                Key("heads", Quantity(), "so many more of them", True),
            ),
            into(WorkElsewhere),
        ),
        Record(
            "“more_heads”",
            (
                Key("more_heads", GROUP, "this group grows", True, "group"),
                Key("heads", Whole(1), "by so many people", True),
            ),
            into(MoreHeads),
        ),
        Record(
            "“more_seats”",
            (
                Key("more_seats", Ref(("access_paths",)), "this access path grows", True, "path"),
                Key("seats", Whole(1), "by so many seats", True),
            ),
            into(MoreSeats),
        ),
        Record(
            "“add_fallback”",
            (
                Key("add_fallback", _NEEDING, "this gets a fallback", True, "element"),
                *step(Need()).keys,
            ),
            _add_fallback,
        ),
        Record(
            "“shield”",
            (
                Key("shield", ELEMENT, "this is no longer hit", True, "element"),
                Key("from", EVENT, "by this event", True, "event"),
            ),
            into(Shield),
        ),
        Record(
            "“improve”",
            (
                Key("improve", ELEMENT, "this becomes better", True, "element"),
                Key("recovery", Duration(), "time to restore it after a failure of its own"),
                *RELIABILITY,
            ),
            _improve,
        ),
    ),
)

POLICY_RECORD = Record(
    "a policy",
    (
        TITLE,
        Key("in_place", Flag(), "done already; otherwise a mitigation to consider"),
        Key("cost", Number(), "cost of a year"),
        Key("lead_time", Duration(), "time until it is in place"),
        Key("owner", Text(), "who answers for it"),
        Key("changes", ListOf(CHANGE), "what it changes", needed=True),
        DESCRIPTION,
    ),
    simply(Policy),
)
