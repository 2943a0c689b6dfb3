"""What there is to tell, and what people asked to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from standfast.engine.routing.times import Digest, Quiet


class Event(StrEnum):
    """What happened to an issue. Released: the tenant turned out not to be affected."""

    PUBLISHED = "published"
    UPDATED = "updated"
    RESOLVED = "resolved"
    RELEASED = "released"


class Wish(StrEnum):
    """What a person wants of this one issue."""

    NONE = ""
    FOLLOW = "follow"
    MUTE = "mute"


@dataclass(frozen=True, slots=True)
class Notice:
    """One event of one thing that is told.

    `kind` is what people choose: incident, advisory, maintenance, message or review. `services` and
    `regions` are those that it concerns, empty for all or unknown; `severity` is one of
    `engine.health`; a `public` one may be told to visitors of the public page.
    """

    kind: str
    services: frozenset[int]
    severity: str
    event: Event
    regions: frozenset[int] = frozenset()
    public: bool = False

    def to_json(self) -> dict[str, Any]:
        """The notice as it is kept, for judging again later."""
        return {
            "kind": self.kind,
            "services": sorted(self.services),
            "severity": self.severity,
            "event": self.event.value,
            "regions": sorted(self.regions),
            "public": self.public,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Notice:
        """What `to_json` gave."""
        return cls(
            kind=kept["kind"],
            services=frozenset(kept["services"]),
            severity=kept["severity"],
            event=Event(kept["event"]),
            regions=frozenset(kept["regions"]),
            public=kept["public"],
        )


@dataclass(frozen=True, slots=True)
class Subscription:
    """One wish to be told over one channel.

    `tenant` is the tenant number, None for the provider's own people and for visitors (`public`).
    `services` and `regions` empty mean all; `kinds` empty means none. `address` is normalised by
    its channel, so that equal ones are equal. Channels of one `person` (of one tenant) are
    alternatives in the order of `rank`, save those told `always`; without a person a channel stands
    alone. `needs` are the words for what the channel depends on. A `program` is told at once,
    whatever the hour. Its person is `entitled` as long as it may read here. `last_told` is when it
    last heard of this issue.
    """

    id: int
    tenant: int | None
    channel: str
    address: str
    services: frozenset[int] = frozenset()
    regions: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset({"incident", "advisory"})
    minimum_severity: str = "normal"
    language: str = "en"
    active: bool = True
    entitled: bool = True
    confirmed: bool = True
    public: bool = False
    person: str = ""
    rank: int = 0
    always: bool = False
    program: bool = False
    needs: frozenset[str] = frozenset()
    digest: Digest | None = None
    quiet: Quiet | None = None
    wish: Wish = Wish.NONE
    last_told: datetime | None = None
