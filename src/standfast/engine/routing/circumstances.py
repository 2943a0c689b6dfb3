"""What a send plan depends on beside the notice: the time, and what is failing for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

BURST_WINDOW = timedelta(minutes=2)


class Audience(Protocol):
    """Tenant numbers, asked one at a time: a set or a Roaring bitmap."""

    def __contains__(self, tenant: int, /) -> bool:
        """Whether the tenant belongs to it."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`failing` is, for each word that channels may need, whom an open incident takes it from.

    Updates of one issue within `burst_window` become one message to those who can wait.
    """

    now: datetime
    failing: Mapping[str, Audience] = field(default_factory=dict)
    burst_window: timedelta = BURST_WINDOW

    def doubts(self, needs: Iterable[str], tenants: Iterable[int]) -> frozenset[str]:
        """The needs that fail for one of these tenants; for nobody in particular, those that fail
        for anybody."""
        if not self.failing:
            return frozenset()
        numbers = tuple(tenants)
        return frozenset(
            need
            for need in needs
            if (hit := self.failing.get(need)) is not None
            and (not numbers or any(number in hit for number in numbers))
        )
