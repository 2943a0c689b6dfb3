"""What goes into a page: plain facts in our words, keys that never change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Page:
    """The page itself. `key` makes its id; `url` is where people read it."""

    key: str
    name: str
    url: str
    updated_at: datetime
    time_zone: str = "Etc/UTC"


@dataclass(frozen=True, slots=True)
class Component:
    """A service as readers see it. `status` is one of `words.COMPONENT_STATUSES`.

    `key` is its own among all components of all providers.
    """

    key: str
    name: str
    status: str
    created_at: datetime
    updated_at: datetime
    position: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """One update. `status` is ours for an incident, Statuspage's for a maintenance."""

    key: str
    status: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """An issue. `status` and `severity` are ours; `updates` newest first."""

    key: str
    name: str
    status: str
    severity: str
    classification: str
    url: str
    created_at: datetime
    updated_at: datetime
    started_at: datetime
    resolved_at: datetime | None
    components: tuple[Component, ...]
    updates: tuple[Update, ...]

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.resolved_at is None


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Planned work. `status` is one of `words.MAINTENANCE_STATUSES`; `updates` newest first."""

    key: str
    name: str
    status: str
    url: str
    created_at: datetime
    updated_at: datetime
    scheduled_for: datetime
    scheduled_until: datetime
    components: tuple[Component, ...]
    updates: tuple[Update, ...]
    completed_at: datetime | None = None
