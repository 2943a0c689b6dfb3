"""`standfast edge serve` as a process of its own: fast protocol, small, and hard to fool."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from standfast.bundle.keys import public_text
from standfast.bundle.manifest import MANIFEST
from standfast.bundle.store import Store
from standfast.bundle.writing import write_site
from standfast.cli.listening import free_port
from tests.bundle.sites import KEY, draft, prepared, written

MEGABYTE = 1_000_000


@contextmanager
def serving(bundle: Path) -> Iterator[tuple[str, psutil.Process]]:
    port = free_port()
    command = ["edge", "serve", "--bundle", str(bundle), "--port", str(port)]
    options = ["--public-key", public_text(KEY), "--look-every", "0.1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "standfast", *command, *options], stderr=subprocess.PIPE
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: ask(f"{address}/healthz")[0] == 200)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def ask(address: str, **headers: str) -> tuple[int, bytes]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers=names), timeout=60
        ) as at:
            return at.status, at.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""


def until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not so():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


@pytest.mark.slow
def test_it_serves_what_is_genuine_and_stays_small(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    store = written(tmp_path, draft(made=now))
    # A large bundle, 600 pages of 20 KB that compress as real ones do; 50 tenants with pages.
    page = b"".join(b"<p>%d: all is well, and was before.</p>" % line for line in range(500))
    words = random.Random(1)
    pages = {f"issues/EX{n}/index.html": words.randbytes(10_000).hex().encode() for n in range(600)}
    write_site(store, prepared(draft(made=now, sequence=2), {"index.html": page, **pages}))
    tenants = [
        f"t/{'abcdefghijklmnopqrstuvwxyz'[n % 26] * 31}{'abcdefg'[n // 26]}/" for n in range(50)
    ]
    for prefix in tenants:
        write_site(
            Store(str(tmp_path)), prepared(draft(made=now, prefix=prefix), {"index.html": page})
        )
    with serving(tmp_path) as (address, process):
        assert ask(f"{address}/") == (200, page)
        for path in list(pages)[:120]:
            assert ask(f"{address}/{path}", Accept_Encoding="br")[0] == 200
        for prefix in tenants:
            assert ask(f"{address}/{prefix}") == (200, page)
        assert process.memory_info().rss < 60 * MEGABYTE

        newer = prepared(draft(made=now + timedelta(seconds=1), sequence=3), {"index.html": b"new"})
        fraud = newer.envelope.replace(b"Example Cloud", b"Example Fraud")
        (tmp_path / MANIFEST).write_bytes(fraud)
        until(lambda: json.loads(ask(f"{address}/healthz")[1])["status"] == "trouble")
        assert ask(f"{address}/") == (200, page)
        write_site(store, newer)
        until(lambda: ask(f"{address}/") == (200, b"new"))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "standfast", "edge", "serve", "--bundle", str(tmp_path / "x")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "--bundle: There is no folder" in done.stderr) == (2, True)
