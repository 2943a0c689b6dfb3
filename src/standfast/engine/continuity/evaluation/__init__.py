"""What stops? A scenario evaluated over time, with numbers and reasons."""

from __future__ import annotations

from standfast.engine.continuity.evaluation.causes import Cause, causes_of
from standfast.engine.continuity.evaluation.evaluator import Evaluator
from standfast.engine.continuity.evaluation.explaining import explain
from standfast.engine.continuity.evaluation.live import Countdown, Down, countdowns, happening
from standfast.engine.continuity.evaluation.network import Network, build_network
from standfast.engine.continuity.evaluation.reasons import SENTENCES, Reason
from standfast.engine.continuity.evaluation.results import (
    Course,
    Evaluation,
    FunctionCourse,
    Spell,
    Standing,
)
from standfast.engine.continuity.evaluation.staffing import Demand, Staffing, staffing
from standfast.engine.continuity.evaluation.state import State
from standfast.engine.continuity.evaluation.summary import (
    affected,
    fewest_people,
    reasons,
    why,
    worst_moment,
)

__all__ = [
    "SENTENCES",
    "Cause",
    "Countdown",
    "Course",
    "Demand",
    "Down",
    "Evaluation",
    "Evaluator",
    "FunctionCourse",
    "Network",
    "Reason",
    "Spell",
    "Staffing",
    "Standing",
    "State",
    "affected",
    "build_network",
    "causes_of",
    "countdowns",
    "explain",
    "fewest_people",
    "happening",
    "reasons",
    "staffing",
    "why",
    "worst_moment",
]
