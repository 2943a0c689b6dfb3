"""Who can work from where: people counted by cohort, location and access path."""

from __future__ import annotations

from standfast.engine.continuity.workforce.cohorts import Cohort, cohorts_of
from standfast.engine.continuity.workforce.counting import Opening, able, placed
from standfast.engine.continuity.workforce.plans import PathUse, Spot, StaffPlan, Workforce
from standfast.engine.continuity.workforce.units import HEAD, UNIT, in_units, part

__all__ = [
    "HEAD",
    "UNIT",
    "Cohort",
    "Opening",
    "PathUse",
    "Spot",
    "StaffPlan",
    "Workforce",
    "able",
    "cohorts_of",
    "in_units",
    "part",
    "placed",
]
