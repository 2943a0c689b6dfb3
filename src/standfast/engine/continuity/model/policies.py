"""Policies and other mitigations: what each changes in the organisation, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from standfast.engine.continuity.model.amounts import Amount
from standfast.engine.continuity.model.requirements import Step


@dataclass(frozen=True, slots=True)
class WorkElsewhere:
    """So many more of a group can work at a location (“laptops are kept at home by 60 %”)."""

    group: str
    location: str
    heads: Amount


@dataclass(frozen=True, slots=True)
class MoreHeads:
    """So many more people are in a group (trained, hired, on call), at its first place."""

    group: str
    heads: int


@dataclass(frozen=True, slots=True)
class MoreSeats:
    """An access path has so many more seats."""

    path: str
    seats: int


@dataclass(frozen=True, slots=True)
class AddFallback:
    """What `element` needs gets one more fallback, after those that it has."""

    element: str
    step: Step


@dataclass(frozen=True, slots=True)
class Shield:
    """An event no longer touches an element (a generator against the power cut)."""

    event: str
    element: str


@dataclass(frozen=True, slots=True)
class Improve:
    """An element fails less often or is restored sooner; None leaves a value as it is."""

    element: str
    frequency: float | None = None
    repair_hours: float | None = None
    unavailability: float | None = None
    recovery: timedelta | None = None


Change = WorkElsewhere | MoreHeads | MoreSeats | AddFallback | Shield | Improve


@dataclass(frozen=True, slots=True)
class Policy:
    """Changes that belong together. `in_place`: done already; otherwise a mitigation to consider.

    `cost` is for a year, in the organisation's currency.
    """

    name: str
    changes: tuple[Change, ...] = ()
    title: str = ""
    description: str = ""
    in_place: bool = False
    cost: float | None = None
    lead_time: timedelta | None = None
    owner: str = ""
