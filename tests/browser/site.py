"""A whole system as an operator starts it, with real receivers of mail and webhooks beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standfast.cli.listening import free_port
from tests.apps.delivery.receivers import Receivers, receivers

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0
#: A browser waits so long for what comes: the machine may be slow, or stand still for seconds.
PATIENCE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Site:
    """The address, what arrived, and the secret that signs the webhooks."""

    address: str
    received: Receivers
    secret: str

    def post_alert(self, body: dict[str, Any], *, source: str, token: str) -> dict[str, Any]:
        """Post a notification as Alertmanager does; the answer as JSON."""
        request = urllib.request.Request(
            f"{self.address}/api/ingest/{source}/",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            answer: dict[str, Any] = json.loads(response.read())
        return answer


@contextmanager
def served_site(folder: Path, database_url: str) -> Iterator[Site]:
    """Seed the cast, run `standfast up` until the block ends, and end it as an operator does."""
    with receivers() as received:
        port = free_port()
        environment = {
            **os.environ,
            "STANDFAST_DATA_DIR": str(folder / "data"),
            "DATABASE_URL": database_url,
            "STANDFAST_BASE_URL": f"http://127.0.0.1:{port}",
            "STANDFAST_EMAIL_URL": received.email_url,
            "STANDFAST_ALLOW_PRIVATE_WEBHOOKS": "yes",
            "DJANGO_SETTINGS_MODULE": "standfast.config.settings",
        }
        seeding = [sys.executable, "-m", "tests.browser.world", received.url("hook")]
        made = subprocess.run(
            seeding, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        command = [sys.executable, "-m", "standfast", "up", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, cwd=ROOT)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(lambda: _answers(address), process, "the site does not answer")
            heartbeat = folder / "data" / "worker-heartbeat"
            wait_for(heartbeat.exists, process, "the worker does not run")
            yield Site(address, received, json.loads(made.stdout)["secret"])
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def wait_for(met: Callable[[], bool], process: subprocess.Popen[bytes], what: str) -> None:
    """Wait until something is the case, as long as the process lives."""
    deadline = time.monotonic() + START_SECONDS
    while not met():
        assert process.poll() is None, "the system ended by itself"
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/accounts/login/", timeout=60) as response:
            return bool(response.status == 200)
    except OSError:
        return False
