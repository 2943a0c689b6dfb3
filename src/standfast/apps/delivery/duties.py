"""What a worker does: each line of `make_duties` is one duty."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

from django.utils import timezone

from standfast.apps.catalog.index import refresh_index
from standfast.apps.catalog.services.import_queue import run_next_import
from standfast.apps.delivery.outgoing import channel_kinds
from standfast.apps.delivery.services.fallbacks import start_fallbacks
from standfast.apps.delivery.services.holding import release_held
from standfast.apps.delivery.services.planning import plan_waiting
from standfast.apps.delivery.services.sending import Sender
from standfast.apps.delivery.services.visitors import forget_unconfirmed
from standfast.apps.delivery.worker import Duty
from standfast.apps.incidents.services.promises import check_promises
from standfast.apps.messagecenter.services.running import follow_the_clock
from standfast.channels.registry import get_channel

HEARTBEAT = "worker-heartbeat"
# Seconds. A published post is planned within one period and sent within another.
AT_ONCE, NOT_LONG, SOON, NOW_AND_THEN, EACH_HOUR = 0.1, 0.5, 1.0, 5.0, 3600.0


def worker_name() -> str:
    """Unique for each start of a worker, so that a claim of a dead one is never taken for ours."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def make_duties(*, worker: str, data_dir: Path) -> list[Duty]:
    """All duties of one worker."""
    duties = [
        Duty("plan", AT_ONCE, lambda: plan_waiting(now=timezone.now())),
        Duty("release", SOON, lambda: release_held(now=timezone.now())),
        Duty("fallbacks", SOON, lambda: start_fallbacks(now=timezone.now())),
        Duty("promises", NOW_AND_THEN, lambda: check_promises(now=timezone.now())),
        Duty("maintenance", NOW_AND_THEN, lambda: follow_the_clock(now=timezone.now())),
        Duty("visitors", EACH_HOUR, lambda: forget_unconfirmed(now=timezone.now())),
        Duty("imports", SOON, _import_next),
        Duty("index", SOON, _refresh),
        Duty("heartbeat", NOW_AND_THEN, lambda: _beat(data_dir / HEARTBEAT)),
    ]
    for kind in channel_kinds():
        sender = Sender(kind, worker=worker)
        # Where an issue means a few messages only, looking less often costs nobody anything.
        period = AT_ONCE if get_channel(kind).bulk else NOT_LONG
        duties.append(Duty(f"send {kind}", period, sender.send_due, sender.close))
    return duties


def _import_next() -> int:
    return int(bool(run_next_import(now=timezone.now())))


def _refresh() -> int:
    refresh_index()
    return 0


def _beat(path: Path) -> int:
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(f"{timezone.now().isoformat()}\n", encoding="ascii")
    unfinished.replace(path)
    return 0
