"""Business functions: what the organisation exists to do, and how long it can be without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from standfast.engine.continuity.model.requirements import NOTHING, Requirement


class Criticality(StrEnum):
    """How much the organisation depends on it, most first."""

    MISSION_CRITICAL = "mission-critical"
    BUSINESS_CRITICAL = "business-critical"
    IMPORTANT = "important"
    DEFERRABLE = "deferrable"


@dataclass(frozen=True, slots=True)
class LossRate:
    """From `after` the disruption began, each hour without the function costs `per_hour`."""

    after: timedelta
    per_hour: float


@dataclass(frozen=True, slots=True)
class Function:
    """A business function.

    It is down when what it needs gives it less than `minimum_capacity` (its minimum business
    continuity objective), and also when it gives nothing. `loss`: a curve of steps, each valid
    until the next; degraded operation loses its missing share.
    """

    name: str
    needs: Requirement = NOTHING
    title: str = ""
    criticality: Criticality = Criticality.IMPORTANT
    rto: timedelta | None = None
    rpo: timedelta | None = None
    mtpd: timedelta | None = None
    minimum_capacity: float = 0.0
    loss: tuple[LossRate, ...] = ()
    owner: str = ""
    leader: str = ""
    enterprise_function: str = ""
    unit: str = ""
    workaround: str = ""
    description: str = ""
