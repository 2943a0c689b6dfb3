"""A scenario spread out: what is taken of which element, from when until when, and by what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from standfast.engine.continuity.model.elements import Party, System
from standfast.engine.continuity.model.events import (
    WITHOUT_END,
    Aspect,
    Effect,
    Event,
    Occurrence,
    Outage,
    Scenario,
)
from standfast.engine.continuity.model.organisation import Organisation
from standfast.engine.continuity.workforce import UNIT, in_units

ENDLESS = float("inf")


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that takes `units` of an element between `start` and `end` (seconds).

    `event` names the event; empty for an outage of its own. `certain` false: perhaps.
    """

    element: str
    aspect: Aspect
    units: int
    start: float
    end: float
    event: str = ""
    certain: bool = True
    probability: float | None = None


def causes_of(organisation: Organisation, scenario: Scenario) -> tuple[Cause, ...]:
    """Everything that happens in a scenario. Raises KeyError for an event that does not exist."""
    found: list[Cause] = []
    for occurrence in scenario.events:
        event = organisation.events.get(occurrence.event)
        if event is None:
            raise KeyError(f"there is no event “{occurrence.event}”")
        found.extend(_of_event(organisation, event, occurrence))
    for outage in scenario.outages:
        if organisation.element(outage.element) is None:
            raise KeyError(f"there is no element “{outage.element}”")
        found.append(_of_outage(organisation, outage))
    return tuple(cause for cause in found if cause.start < cause.end)


def _of_event(organisation: Organisation, event: Event, occurrence: Occurrence) -> Iterator[Cause]:
    begin = _seconds(occurrence.at)
    lasts = event.duration if occurrence.lasts is None else occurrence.lasts
    over = ENDLESS if lasts is None else begin + _seconds(lasts)
    for effect in event.effects:
        start = begin + _seconds(effect.delay)
        end = over if effect.lasts is None else start + _seconds(effect.lasts)
        if start < end:
            yield Cause(
                effect.target,
                effect.aspect,
                in_units(effect.share),
                start,
                end + _restart(organisation, effect),
                event.name,
                effect.certain,
                effect.probability,
            )


def _restart(organisation: Organisation, effect: Effect) -> float:
    """How long a system needs to come back, once what kept it down is gone."""
    system = organisation.systems.get(effect.target)
    if system is None or in_units(effect.share) < UNIT:
        return 0.0
    return _seconds(system.restart)


def _of_outage(organisation: Organisation, outage: Outage) -> Cause:
    start, lasts = _seconds(outage.at), outage.lasts
    element = organisation.element(outage.element)
    if lasts is None and isinstance(element, System | Party):
        lasts = element.recovery
    return Cause(
        outage.element,
        outage.aspect,
        in_units(outage.share),
        start,
        ENDLESS if lasts in {None, WITHOUT_END} else start + _seconds(lasts),
        "",
        outage.certain,
        outage.probability,
    )


def _seconds(length: timedelta | None) -> float:
    return 0.0 if length is None else length.total_seconds()
