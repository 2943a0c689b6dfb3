"""How requests go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from standfast.channels.options import flag, names, number, text
from standfast.channels.outgoing.guard import Guard


@dataclass(frozen=True, slots=True)
class OutgoingConfig:
    """Settings of channels that call web addresses; `timeout` is in seconds, for a whole try."""

    guard: Guard = field(default_factory=Guard)
    connections: int = 32
    timeout: float = 10.0
    user_agent: str = "Standfast"

    @classmethod
    def parse(cls, settings: Mapping[str, object]) -> OutgoingConfig:
        """From `allow_private`, `allowed_hosts`, `connections`, `timeout` and `user_agent`.

        All may be missing. Raises `ConfigError` naming the wrong one.
        """
        return cls(
            guard=Guard(
                allow_private=flag(settings, "allow_private"),
                allowed_hosts=names(settings, "allowed_hosts"),
            ),
            connections=int(number(settings, "connections", 32, low=1, high=256)),
            timeout=number(settings, "timeout", 10.0, low=0.1, high=60),
            user_agent=text(settings, "user_agent", "Standfast") or "Standfast",
        )
