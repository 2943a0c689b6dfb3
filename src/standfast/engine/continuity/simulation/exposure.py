"""What years are made of: failures of their own, shocks, repair crews, and what is watched.

Times are hours; a year has 8,766 of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from standfast.engine.continuity.gates import GateGraph

HOURS_A_YEAR = 8766.0
HOURS_A_WEEK = 168.0


class Shape(StrEnum):
    """How durations scatter around their mean."""

    FIXED = "fixed"
    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"


@dataclass(frozen=True, slots=True)
class Duration:
    """So many hours on average; `sigma` is the spread of the logarithm, for the log-normal shape.

    Raises ValueError for a negative mean or spread.
    """

    mean: float
    shape: Shape = Shape.EXPONENTIAL
    sigma: float = 1.0

    def __post_init__(self) -> None:
        if not self.mean >= 0.0 or not self.sigma >= 0.0:
            raise ValueError(f"a duration of {self.mean} hours, spread {self.sigma}, is impossible")


@dataclass(frozen=True, slots=True)
class Hit:
    """A shock takes this leaf down with that probability, `delay` hours later, for so long."""

    leaf: int
    duration: Duration
    probability: float = 1.0
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Shock:
    """One cause that hits several leaves at once, `frequency` times a year.

    `correlation` (0..1) ties the durations of its hits together: at 1 a bad storm is bad for all
    that it hits, at 0 each takes its own time.
    """

    name: str
    frequency: float
    hits: tuple[Hit, ...]
    correlation: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.correlation <= 1.0:
            raise ValueError(f"shock “{self.name}” has the correlation {self.correlation}, not 0–1")
        if not self.frequency >= 0.0:
            raise ValueError(f"shock “{self.name}” happens {self.frequency} times a year")


@dataclass(frozen=True, slots=True)
class Roster:
    """When a crew is on duty: spans of hours of the week, from its beginning (0 to 168)."""

    spans: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        ends = [0.0, *(edge for span in self.spans for edge in span), HOURS_A_WEEK]
        if not self.spans or any(later < edge for edge, later in pairwise(ends)):
            raise ValueError("a roster has spans in order, between hour 0 and hour 168 of the week")
        if not sum(end - begin for begin, end in self.spans) > 0.0:
            raise ValueError("a roster has hours on duty")


@dataclass(frozen=True, slots=True)
class Crew:
    """`size` repairs at a time, first come first served, only while on duty.

    Then a leaf's duration is the work on it, and its outage is waiting and work together.
    """

    name: str
    size: int
    leaves: frozenset[int]
    roster: Roster | None = None

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError(f"crew “{self.name}” has {self.size} members")


@dataclass(frozen=True, slots=True)
class Watch:
    """What is asked of one top: objectives, and its loss as steps (after hours, per hour)."""

    rto: float | None = None
    mtpd: float | None = None
    loss: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """A gate graph over time.

    A leaf with frequency and repair hours fails by itself that often while it is up; `durations`
    says otherwise how long that takes (exponential without). Raises ValueError when the graph
    negates, a leaf belongs to two crews, or a number of a leaf is out of range.
    """

    graph: GateGraph
    durations: Mapping[int, Duration] = field(default_factory=dict)
    shocks: tuple[Shock, ...] = ()
    crews: tuple[Crew, ...] = ()
    watches: Mapping[str, Watch] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.graph.is_coherent:
            raise ValueError("years need a graph in which more failures never help")
        numbers = [hit.leaf for shock in self.shocks for hit in shock.hits]
        crewed = [leaf for crew in self.crews for leaf in crew.leaves]
        if not all(0 <= n < len(self.graph.leaves) for n in (*numbers, *crewed, *self.durations)):
            raise ValueError(f"leaves are numbered 0 to {len(self.graph.leaves) - 1}")
        if len(crewed) != len(set(crewed)):
            raise ValueError("a leaf belongs to one crew at most")
        if unknown := sorted(set(self.watches) - set(self.graph.tops)):
            raise ValueError(f"there is no top “{unknown[0]}” to watch")

    def duration(self, leaf: int) -> Duration | None:
        """How long a failure of its own takes; None when the leaf has none."""
        own = self.graph.leaves[leaf]
        if not own.frequency:
            return None
        if leaf in self.durations:
            return self.durations[leaf]
        return None if own.repair_hours is None else Duration(own.repair_hours)
