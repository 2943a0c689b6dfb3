"""What a model can start from: events, access paths, endpoint categories."""

from __future__ import annotations

from standfast.engine.continuity.library.endpoints import CATEGORIES, CategoryFacts
from standfast.engine.continuity.library.events import effects_of, starting_events
from standfast.engine.continuity.library.kinds import EventKind
from standfast.engine.continuity.library.paths import FACTS, PathFacts, access_path

__all__ = [
    "CATEGORIES",
    "FACTS",
    "CategoryFacts",
    "EventKind",
    "PathFacts",
    "access_path",
    "effects_of",
    "starting_events",
]
