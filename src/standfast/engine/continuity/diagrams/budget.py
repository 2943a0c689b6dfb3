"""How much time and memory an answer may take; spent budgets end in a bound, never in silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

DEFAULT_MEMORY: Final = 1_500_000_000
"""Bytes that tables may take at once."""

BYTES_PER_NODE: Final = {"plain": 420, "compiled": 34}
"""Node, share of the hash table and share of the cache; plain Python pays for objects."""


class BudgetSpent(Exception):
    """The budget ran out; `what` is "time" or "memory"."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the budget of {what} is spent")
        self.what = what


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds from `clock`, read until `deadline` (both None: no limit), and bytes of tables.

    The engine has no clock of its own: whoever asks passes one, such as `time.monotonic`.
    """

    clock: Callable[[], float] | None = None
    deadline: float = float("inf")
    memory: int = DEFAULT_MEMORY

    @classmethod
    def of(
        cls, seconds: float, clock: Callable[[], float], *, memory: int = DEFAULT_MEMORY
    ) -> Budget:
        """A budget that begins now and lasts for `seconds`."""
        return cls(clock=clock, deadline=clock() + seconds, memory=memory)

    def left(self) -> float:
        """Seconds left; infinite without a clock."""
        return float("inf") if self.clock is None else self.deadline - self.clock()

    def share(self, part: float) -> Budget:
        """A budget of the same memory that may use this part of the seconds left."""
        if self.clock is None:
            return self
        now = self.clock()
        return Budget(self.clock, now + max(self.deadline - now, 0.0) * part, self.memory)

    def check(self) -> None:
        """Raise BudgetSpent when the time is over."""
        if self.clock is not None and self.clock() > self.deadline:
            raise BudgetSpent("time")

    def most_nodes(self, kernel: str) -> int:
        """How many nodes a kernel may hold at once."""
        return max(1 << 10, min(self.memory // BYTES_PER_NODE[kernel], (1 << 27) - 1))


UNLIMITED: Final = Budget()
"""As long as it takes, within the default memory."""
