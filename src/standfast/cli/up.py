"""`standfast up`: everything in one go, for one machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from standfast.cli.listening import at_address, check_free
from standfast.cli.stored_data import with_data
from standfast.cli.web import serve


@click.command()
@at_address(port=8000)
@with_data
def up(*, host: str, port: int) -> None:
    """Bring the database up to date, start a worker, and serve on one port until stopped."""
    check_free(host, port)
    bring_up(host=host, port=port)


def bring_up(*, host: str, port: int) -> None:
    """Migrate, then run worker and web; both end together."""
    from django.core.management import call_command

    # The server ends well on SIGTERM and then raises it again; left alone that would end this
    # process on the spot, and the worker would live on without it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    call_command("migrate", verbosity=0, interactive=False)
    with worker_beside():
        serve(host=host, port=port)


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker process with the same settings, ended with the block."""
    from django.conf import settings

    environment = {**os.environ, "STANDFAST_DATA_DIR": str(settings.DATA_DIR)}
    command = [sys.executable, "-m", "standfast", "worker"]
    worker = subprocess.Popen(command, env=environment)
    try:
        yield
    finally:
        worker.send_signal(signal.SIGTERM)
        try:
            worker.wait(timeout=15)
        except subprocess.TimeoutExpired:
            worker.kill()
