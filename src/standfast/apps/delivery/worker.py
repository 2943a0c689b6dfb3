"""The worker: a few small duties, each in a thread of its own, until it is told to stop.

So a receiver that answers slowly holds up neither planning nor the other channels, and a duty that
fails is logged and tried again later while the others go on. Several workers at once are safe.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import close_old_connections, connections

logger = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


def nothing() -> None:
    """For duties that have nothing to close."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that is done again and again, `period` seconds apart.

    `run` returns how much it did; after having done something it runs again at once. `close` is
    called at the end, in the duty's thread.
    """

    name: str
    period: float
    run: Callable[[], int]
    close: Callable[[], None] = field(default=nothing)


class Worker:
    """Runs duties. `start`, then `stop`: each duty finishes what it is doing."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep_doing, args=(duty,), name=duty.name, daemon=True)
            for duty in duties
        ]

    def start(self) -> None:
        """Begin all duties."""
        for thread in self._threads:
            thread.start()

    def stop(self, *, patience: float = 60.0) -> bool:
        """Ask all duties to end and wait for them. Returns whether all did within `patience` s."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(patience)
        return not any(thread.is_alive() for thread in self._threads)

    def _keep_doing(self, duty: Duty) -> None:
        failures = 0
        try:
            while not self._stopping.is_set():
                try:
                    close_old_connections()
                    done = duty.run()
                    failures = 0
                except Exception:
                    failures += 1
                    logger.exception("duty %s failed (%s in a row)", duty.name, failures)
                    self._stopping.wait(pause_after(failures))
                else:
                    if not done:
                        self._stopping.wait(duty.period)
        finally:
            duty.close()
            connections.close_all()


def pause_after(failures: int) -> float:
    """Seconds to wait after so many failures in a row: doubling, up to a minute."""
    return min(FIRST_PAUSE * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE)
