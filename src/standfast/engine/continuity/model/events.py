"""Events that hit several elements at once, and scenarios made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Aspect(StrEnum):
    """What of its target an effect takes away."""

    WHOLE = "whole"
    ENTRY = "entry"  # of a location: people cannot get in, what stands there runs on


@dataclass(frozen=True, slots=True)
class Effect:
    """What an event does to a group, location, system, party or function.

    `share`: the part that is lost; 1 is all of it. Parts that several events take add up: they are
    taken to hit different people or seats, the careful reading. `certain` false: it depends (with
    that `probability`, where somebody knows), which gives a best and a worst case. It begins
    `delay` after the event and `lasts` as long as the event when not given.
    """

    target: str
    share: float = 1.0
    aspect: Aspect = Aspect.WHOLE
    certain: bool = True
    probability: float | None = None
    delay: timedelta = timedelta(0)
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens `frequency` times a year and lasts `duration` (None: open end).

    `hazards`: words of warnings that announce it, such as "snow", for matching live ones.
    """

    name: str
    effects: tuple[Effect, ...] = ()
    title: str = ""
    description: str = ""
    duration: timedelta | None = None
    frequency: float | None = None
    hazards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event of a scenario: when it begins, and how long it lasts if not as usual."""

    event: str
    at: timedelta = timedelta(0)
    lasts: timedelta | None = None


# The length of an outage of which nobody knows the end, even where recovery times are known.
WITHOUT_END = timedelta.max


@dataclass(frozen=True, slots=True)
class Outage:
    """An element that is down without any event: wholly or in part, surely or perhaps.

    `at` counts from the beginning of the scenario and may lie before it. `lasts` None: until its
    own recovery time has passed, where it has one, and without end otherwise (or `WITHOUT_END`).
    """

    element: str
    at: timedelta = timedelta(0)
    lasts: timedelta | None = None
    share: float = 1.0
    aspect: Aspect = Aspect.WHOLE
    certain: bool = True
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Events and outages over time.

    `with_policies` and `without_policies` change what is in place for this scenario only.
    """

    name: str
    events: tuple[Occurrence, ...] = ()
    outages: tuple[Outage, ...] = ()
    title: str = ""
    description: str = ""
    with_policies: tuple[str, ...] = ()
    without_policies: tuple[str, ...] = ()
