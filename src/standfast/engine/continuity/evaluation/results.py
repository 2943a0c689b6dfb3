"""What an evaluation says: the state of every function over time, breaches, and losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from standfast.engine.continuity.evaluation.causes import Cause
from standfast.engine.continuity.model.events import Scenario


class Standing(StrEnum):
    """How a function stands."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Spell:
    """From `start` until `end` (None: without end) a function has this capacity (0..1)."""

    start: timedelta
    end: timedelta | None
    capacity: float

    @property
    def standing(self) -> Standing:
        """Up, degraded or down."""
        if self.capacity >= 1:
            return Standing.UP
        return Standing.DEGRADED if self.capacity > 0 else Standing.DOWN


@dataclass(frozen=True, slots=True)
class FunctionCourse:
    """One function over time. Times count from the beginning of the scenario.

    `normal`: its capacity on a day without any trouble. The breaches are the moments when it has
    been down for longer than its RTO or MTPD. `loss` until the horizon, in currency. `loses` says
    whether the model gives a rate.
    """

    name: str
    spells: tuple[Spell, ...]
    normal: float
    rto_breach: timedelta | None
    mtpd_breach: timedelta | None
    down_for: timedelta
    loss: float
    loses: bool

    @property
    def worst(self) -> Standing:
        """The worst that it comes to."""
        least = min(spell.capacity for spell in self.spells)
        return Spell(timedelta(0), None, least).standing

    @property
    def first_down(self) -> timedelta | None:
        """When it first stops."""
        downs = (spell.start for spell in self.spells if spell.standing is Standing.DOWN)
        return next(downs, None)

    @property
    def back(self) -> timedelta | None:
        """When it is as on a normal day again, for good; None when never."""
        last = self.spells[-1]
        return last.start if last.capacity >= self.normal else None

    def at(self, moment: timedelta) -> Spell:
        """How it stands at a moment."""
        for spell in reversed(self.spells):
            if spell.start <= moment:
                return spell
        return self.spells[0]


@dataclass(frozen=True, slots=True)
class Course:
    """Every function over time, in one case (the best or the worst).

    `moments`: when anything changed. `horizon`: how far losses are counted; the last change, or
    later when something stays down.
    """

    functions: Mapping[str, FunctionCourse]
    moments: tuple[timedelta, ...]
    horizon: timedelta

    @property
    def loss(self) -> float:
        """The loss of all functions together."""
        return sum(course.loss for course in self.functions.values())


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A scenario evaluated. When something depends, `best` is without it and `worst` is with it."""

    scenario: Scenario
    causes: tuple[Cause, ...]
    worst: Course
    best: Course

    @property
    def depends(self) -> tuple[Cause, ...]:
        """What is not certain; empty when best and worst are the same."""
        return tuple(cause for cause in self.causes if not cause.certain)
