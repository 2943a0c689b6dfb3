"""From a scope to its audience: exactly which tenants are hit, with how many users, and why."""

from standfast.engine.targeting.audience import Audience, compare, largest
from standfast.engine.targeting.changes import (
    Change,
    ComponentChange,
    EdgeChange,
    PlacementChange,
    SubscriptionChange,
)
from standfast.engine.targeting.errors import (
    BadRow,
    CyclicComponents,
    IndexFileError,
    TargetingError,
    UnknownComponents,
)
from standfast.engine.targeting.explain import Because, Explanation, explain
from standfast.engine.targeting.index import PlacementIndex
from standfast.engine.targeting.pack import StoredAudience, pack_audience, unpack_audience
from standfast.engine.targeting.resolve import resolve
from standfast.engine.targeting.scope import Scope
from standfast.engine.targeting.split import Share, split_by, split_by_service

__all__ = [
    "Audience",
    "BadRow",
    "Because",
    "Change",
    "ComponentChange",
    "CyclicComponents",
    "EdgeChange",
    "Explanation",
    "IndexFileError",
    "PlacementChange",
    "PlacementIndex",
    "Scope",
    "Share",
    "StoredAudience",
    "SubscriptionChange",
    "TargetingError",
    "UnknownComponents",
    "compare",
    "explain",
    "largest",
    "pack_audience",
    "resolve",
    "split_by",
    "split_by_service",
    "unpack_audience",
]
