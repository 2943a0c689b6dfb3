"""One event for open pages: who may see it, and its text in the event-stream format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from standfast.engine.streaming.ticket import Ticket


class Tenants(Protocol):
    """Tenant numbers, asked one at a time: a set or a Roaring bitmap."""

    def __contains__(self, tenant: int, /) -> bool:
        """Whether the tenant belongs to it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that open pages should show.

    `tenants` holds the tenant numbers that may see it, `provider` whose console does, `public`
    whether visitors do; `frames` is the finished event-stream text per language.
    """

    id: int
    tenants: Tenants
    provider: int
    public: bool
    frames: Mapping[str, bytes]

    def is_for(self, ticket: Ticket) -> bool:
        """Whether the bearer of the ticket may see it."""
        return (
            ticket.console == self.provider
            or (self.public and ticket.public == self.provider)
            or any(number in self.tenants for number in ticket.tenants)
        )


def frame(event_id: int, name: str, data: str) -> bytes:
    """One event as text (WHATWG server-sent events): each line of data gets its own `data:`."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() if line.strip())
    return f"id: {event_id}\nevent: {name}\n{lines}\n".encode()
