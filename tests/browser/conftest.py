"""A real browser and a real system for every test of this folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.site import PATIENCE_MS, Site, served_site
from tools.chromium import ADVICE, find_chromium

# Runs as root, and in containers, have no user namespaces for Chromium's own sandbox.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Headless Chromium. Without one the test is skipped, in continuous integration it fails."""
    program = find_chromium()
    if program is None:
        if os.environ.get("STANDFAST_CI"):
            pytest.fail(ADVICE)
        pytest.skip(ADVICE)
    # Started anew for each test: its event loop must not run on below other tests.
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield started
        finally:
            started.close()


@pytest.fixture
def site(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Site]:
    """The system on a database of its own, on a free port of loopback."""
    with served_site(tmp_path, new_database()) as found:
        yield found
