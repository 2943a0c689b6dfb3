"""What a worker does for the backup site: one duty for each target, so none waits for another."""

from __future__ import annotations

from django.utils import timezone

from standfast.apps.delivery.worker import Duty
from standfast.apps.publishing.models import Target
from standfast.apps.publishing.services.targets import store_targets
from standfast.apps.publishing.services.writing import write_due

LOOK_EVERY_SECONDS = 0.5


def backup_duties(*, worker: str) -> list[Duty]:
    """The duties of one worker."""
    return [_duty(target, address, worker) for target, address in store_targets()]


def _duty(target: Target, address: str, worker: str) -> Duty:
    name = f"{worker[:50]}/{target.pk}"

    def run() -> int:
        write_due(target=target, address=address, worker=name, now=timezone.now())
        return 0  # one write holds all that happened; the next look is in a moment

    return Duty(f"backup site {target.address}", LOOK_EVERY_SECONDS, run)
