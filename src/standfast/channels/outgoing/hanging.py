"""Hosts that hang: not every message to one of them waits for a time-out of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Final

from yarl import URL

from standfast.channels import details
from standfast.channels.contract import TemporaryFailure

#: Time-outs in a row, with no answer in between, after which a host is taken to hang. One address
#: that hangs does not hold up the others of its host.
IN_A_ROW: Final = 8
#: Seconds until one more request is let through, to see.
HOLD: Final = 30.0
#: Hosts that are remembered; those that answer are not.
MOST_HOSTS: Final = 10_000


class Hanging:
    """What is known of hosts that did not answer in time, lately."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._misses: dict[tuple[str | None, int | None], tuple[int, float]] = {}

    def check(self, url: URL) -> None:
        """Raise `TemporaryFailure` while the host hangs; of many requests one goes through."""
        key = (url.host, url.port)
        misses, until = self._misses.get(key, (0, 0.0))
        if misses < IN_A_ROW:
            return
        wait = until - self._clock()
        if wait > 0:
            again = timedelta(seconds=wait)
            raise TemporaryFailure(details.HANGS % {"host": url.host}, retry_after=again)
        self._misses[key] = (misses, self._clock() + HOLD)

    def answered(self, url: URL) -> None:
        """The host answered, whatever it said."""
        if self._misses:
            self._misses.pop((url.host, url.port), None)

    def timed_out(self, url: URL) -> None:
        """The host did not answer in time."""
        if len(self._misses) >= MOST_HOSTS:
            self._misses.clear()
        key = (url.host, url.port)
        misses, _ = self._misses.get(key, (0, 0.0))
        self._misses[key] = (misses + 1, self._clock() + HOLD)
