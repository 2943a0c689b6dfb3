"""A worker is killed in the middle of 2,000 deliveries; another finishes them, and none is lost.

The other one starts afterwards, or has been at work beside it all the time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from standfast.apps.delivery.services.claiming import CHUNK
from tests.apps.delivery.receivers import Receivers, receivers
from tests.scenarios.seed_deliveries import DELIVERIES

ROOT = Path(__file__).resolve().parents[2]
# A lease of the killed worker (30 s) has to run out before its last chunks are taken over.
PATIENCE = 120.0


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "standfast", "worker"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def script(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "tests.scenarios.seed_deliveries", *arguments]
    return subprocess.run(
        command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def wait_until(met: Callable[[], bool], process: subprocess.Popen[bytes], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not met():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def arrived(found: Receivers) -> int:
    return len(found.keys())


def settings_for(found: Receivers, database: str, data: Path) -> dict[str, str]:
    return {
        **os.environ,
        "STANDFAST_DATA_DIR": str(data),
        "DATABASE_URL": database,
        "STANDFAST_EMAIL_URL": found.email_url,
        "STANDFAST_ALLOW_PRIVATE_WEBHOOKS": "1",
    }


@pytest.mark.slow
def test_one_of_two_workers_is_killed_and_nobody_is_told_twice_or_never(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    with receivers(delay=0.02) as found:
        environment = settings_for(found, new_database(), tmp_path / "data")
        script(environment, found.url(""))
        with worker(environment) as first, worker(environment) as second:
            wait_until(lambda: arrived(found) > DELIVERIES // 4, second, "they send too little")
            first.send_signal(signal.SIGKILL)
            first.wait()
            assert arrived(found) < DELIVERIES, "it was killed too late to show anything"
            wait_until(
                lambda: json.loads(script(environment)).get("sent") == DELIVERIES,
                second,
                "not everything is recorded as sent",
            )
            second.send_signal(signal.SIGTERM)
            assert second.wait(30) == 0, "SIGTERM ends it in peace"
        # A receiver that keeps the keys takes each message once: as many keys as receivers.
        keys = found.keys()
        assert len({place for place, _key in keys}) == len(keys) == DELIVERIES
        # What was on its way in the killed worker may come again, under the same keys.
        assert keys.total() <= DELIVERIES + 2 * CHUNK


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(new_database: Callable[[], str], tmp_path: Path) -> None:
    with receivers(delay=0.02) as found:
        environment = settings_for(found, new_database(), tmp_path / "data")
        script(environment, found.url(""))
        with worker(environment) as first:
            wait_until(lambda: arrived(found) > DELIVERIES // 4, first, "it sends too little")
            first.send_signal(signal.SIGKILL)
            first.wait()
        before = arrived(found)
        assert before < DELIVERIES, "it was killed too late to show anything"
        assert json.loads(script(environment)).get("claimed"), "nothing was on its way"

        with worker(environment) as second:
            wait_until(lambda: arrived(found) == DELIVERIES, second, "it does not finish")
            wait_until(
                lambda: json.loads(script(environment)).get("sent") == DELIVERIES,
                second,
                "not everything is recorded as sent",
            )
            second.send_signal(signal.SIGTERM)
            assert second.wait(30) == 0, "SIGTERM ends it in peace"

        kept = json.loads(script(environment))
        assert kept == {"sent": DELIVERIES, "attempts": DELIVERIES}
        # Every subscriber was reached; a repeat came under the key of the first, so it can be told.
        keys = found.keys()
        assert len({place for place, _key in keys}) == len(keys) == DELIVERIES
        assert keys.total() <= DELIVERIES + 2 * CHUNK
