"""What there is to tell, and what people asked to be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Event(StrEnum):
    """What happened to an issue. Released: the tenant turned out not to be affected."""

    PUBLISHED = "published"
    UPDATED = "updated"
    RESOLVED = "resolved"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Notice:
    """One event of one issue; `kind` is incident or advisory, `severity` one of `engine.health`."""

    kind: str
    service: int
    severity: str
    event: Event


@dataclass(frozen=True, slots=True)
class Subscription:
    """One wish to be told.

    `tenant` is the tenant number, None for the provider's own people. `services` empty means all;
    `kinds` empty means none. `address` is normalised by its channel, so that equal ones are equal.
    """

    id: int
    tenant: int | None
    channel: str
    address: str
    services: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset({"incident", "advisory"})
    minimum_severity: str = "normal"
    language: str = "en"
    active: bool = True
