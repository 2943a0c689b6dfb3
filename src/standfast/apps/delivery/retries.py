"""When a delivery that failed for now is tried again: eight tries over about a day."""

from __future__ import annotations

from datetime import timedelta

# From one try to the next; after the eighth try the delivery has failed.
DELAYS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=15),
)
MOST_ATTEMPTS = len(DELAYS) + 1
LONGEST_WAIT = timedelta(hours=24)
SPREAD = 0.2


def next_wait(
    attempts_made: int, *, chance: float, retry_after: timedelta | None = None
) -> timedelta | None:
    """How long to wait after the `attempts_made`th try; None when there is no further one.

    `chance` in [0, 1) spreads the waits by ±20 %, so that receivers that failed together are not
    called together again. `retry_after` is what the receiver asked for: never sooner, up to a day.
    """
    if attempts_made >= MOST_ATTEMPTS:
        return None
    wait = DELAYS[max(attempts_made, 1) - 1] * (1 - SPREAD + 2 * SPREAD * chance)
    return min(max(wait, retry_after or timedelta(0)), LONGEST_WAIT)
