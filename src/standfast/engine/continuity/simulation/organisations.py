"""A compiled model as an exposure: what fails how often and for how long, and what is watched.

Elements fail and are repaired by their reliability, with exponential times. Events happen as often
as they say and last as long as they say. What is missing is assumed, and every assumption is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from standfast.engine.continuity.compiling import Compiled
from standfast.engine.continuity.gates import Leaf
from standfast.engine.continuity.model import Function, Organisation
from standfast.engine.continuity.simulation.exposure import (
    HOURS_A_YEAR,
    Crew,
    Duration,
    Exposure,
    Shape,
    Watch,
)

# An element of which only the share of time down is known fails for so long at a time.
ASSUMED_HOURS = 4.0
# A condition (“does it depend?”) changes so slowly that it holds for the whole of an event.
CONDITION_HOURS = HOURS_A_YEAR


@dataclass(frozen=True, slots=True)
class Assumed:
    """The exposure, and what was assumed for it.

    `unknown`: leaves about which nothing is known, and which never fail. `assumed`: leaves of which
    only the share of time down is known; they fail for `ASSUMED_HOURS` at a time.
    """

    exposure: Exposure
    unknown: tuple[str, ...]
    assumed: tuple[str, ...]


def exposed(
    organisation: Organisation, compiled: Compiled, *, crews: Iterable[Crew] = ()
) -> Assumed:
    """Turn a compiled model into what years can be made of."""
    leaves: list[Leaf] = []
    durations: dict[int, Duration] = {}
    unknown: list[str] = []
    assumed: list[str] = []
    for number, leaf in enumerate(compiled.graph.leaves):
        is_event = leaf.name in organisation.events
        is_element = organisation.element(leaf.name) is not None
        found = leaf
        if leaf.frequency is not None and leaf.repair_hours is not None:
            shape = Shape.FIXED if is_event else Shape.EXPONENTIAL
            durations[number] = Duration(leaf.repair_hours, shape)
        elif leaf.unavailability:
            hours = leaf.repair_hours or (ASSUMED_HOURS if is_element else CONDITION_HOURS)
            found = _of_share(leaf, hours)
            durations[number] = Duration(hours)
            if is_element and not leaf.repair_hours:
                assumed.append(leaf.name)
        elif leaf.unavailability is None:
            unknown.append(leaf.name)
            found = replace(leaf, frequency=None)
        leaves.append(found)
    graph = replace(compiled.graph, leaves=tuple(leaves))
    watches = {name: watch(organisation.functions[name]) for name in graph.tops}
    exposure = Exposure(graph, durations=durations, crews=tuple(crews), watches=watches)
    return Assumed(exposure, tuple(unknown), tuple(assumed))


def _of_share(leaf: Leaf, hours: float) -> Leaf:
    """Fail as often as gives its share of time down."""
    share = min(leaf.unavailability or 0.0, 1.0 - 1e-9)
    return replace(leaf, frequency=share / (1.0 - share) * HOURS_A_YEAR / hours, repair_hours=hours)


def watch(function: Function) -> Watch:
    """What is asked of a function."""
    return Watch(
        rto=_hours(function.rto),
        mtpd=_hours(function.mtpd),
        loss=tuple((each.after / timedelta(hours=1), each.per_hour) for each in function.loss),
    )


def _hours(length: timedelta | None) -> float | None:
    return None if length is None else length / timedelta(hours=1)
