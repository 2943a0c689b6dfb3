"""How often somebody may ask: a sliding minute in three numbers a caller.

The requests of the minute before count as far as it still reaches into the last sixty seconds.
Every door of one process counts in the same place: the API behind Django, and the front.
"""

from __future__ import annotations

import math
import threading

MOST_CALLERS = 200_000


class Allowance:
    """Counts requests of many callers. For all threads."""

    def __init__(self) -> None:
        self._counts: dict[object, tuple[int, int, int]] = {}
        self._lock = threading.Lock()

    def take(self, caller: object, *, most: int, seconds: float, now: float) -> float | None:
        """Count one request. Returns None, or for how many seconds the caller has to wait."""
        window = int(now // seconds)
        with self._lock:
            found = self._counts.get(caller)
            last, before, here = found or (window, 0, 0)
            if last != window:
                before = here if last == window - 1 else 0
                here = 0
            if before + here >= most:
                into = now - window * seconds
                if math.ceil(before * (1 - into / seconds)) + here >= most:
                    return _wait(before, here, most=most, seconds=seconds, into=into)
            if found is None and len(self._counts) >= MOST_CALLERS:
                self._drop_old(window)
            self._counts[caller] = (window, before, here + 1)
        return None

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._counts.clear()

    def _drop_old(self, window: int) -> None:
        self._counts = {key: each for key, each in self._counts.items() if each[0] >= window}


def _wait(before: int, here: int, *, most: int, seconds: float, into: float) -> float:
    room = most - here - 1
    if room < 0 or not before:
        return seconds - into
    # Until so much of the window before has slid out that one more fits.
    return max(seconds * (1 - room / before) - into, 0.0)


#: Of this process's API tokens, by id.
TOKENS = Allowance()
TOKEN_LIMIT = 1_200
TOKEN_SECONDS = 60.0
