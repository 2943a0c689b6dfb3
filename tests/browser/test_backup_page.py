"""A page of the backup site in a real browser, opened as the file that it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from standfast.apps.publishing.rendering.pages import Frame
from standfast.apps.publishing.rendering.public import public_files
from tests.factories_incidents import make_world, on, publish_issue

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DUE = NOW + timedelta(minutes=15)
SIZES = [(1280, "light", ""), (360, "dark", "zh-hant/")]


@pytest.fixture
def bundle(db: None, tmp_path: Path) -> Path:
    """The files, made before the browser starts: its event loop and the database do not mix."""
    world = make_world()
    publish_issue(world, on(world.first), is_public=True)
    frame = Frame(world.provider.name, NOW, DUE, UTC, "https://status.example/")
    for path, content in public_files(world.provider, frame, address="https://b.example/").items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path


def opened(
    browser: Browser,
    file: Path,
    *,
    now: datetime,
    width: int = 1280,
    theme: str = "light",
    script: bool = True,
) -> tuple[Page, list[str]]:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        java_script_enabled=script,
    )
    page, trouble = context.new_page(), []
    page.on("console", lambda message: trouble.append(message.text))
    page.on(
        "request", lambda asked: trouble.append(asked.url) if "file:" not in asked.url else None
    )
    if script:
        page.clock.set_fixed_time(now)
    page.goto(file.as_uri())
    return page, [each for each in trouble if not each.startswith("data:")]


def test_it_warns_when_it_is_out_of_date_and_not_before(bundle: Path, browser: Browser) -> None:
    fresh, trouble = opened(browser, bundle / "index.html", now=DUE)
    expect(fresh.locator("#stale")).to_be_hidden()
    assert trouble == []
    stale, trouble = opened(browser, bundle / "index.html", now=DUE + timedelta(seconds=1))
    expect(stale.locator("#stale")).to_be_visible()
    assert trouble == []


def test_without_a_script_it_says_until_when_it_holds(bundle: Path, browser: Browser) -> None:
    page, _ = opened(browser, bundle / "index.html", now=NOW, script=False)
    expect(page.get_by_text("if it is later than 2 Mar 2026 10:15 (UTC) now")).to_be_visible()


@pytest.mark.parametrize(("width", "theme", "folder"), SIZES)
def test_its_links_lead_on_and_it_fits_the_screen(
    bundle: Path, browser: Browser, width: int, theme: str, folder: str
) -> None:
    page, trouble = opened(
        browser, bundle / f"{folder}index.html", now=NOW, width=width, theme=theme
    )
    page.locator("main a.title").first.click()
    expect(page.locator("h1")).to_contain_text("信箱變慢" if folder else "Mailboxes are slow")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("header a[hreflang]").click()
    expect(page.locator("h1")).to_contain_text("Mailboxes are slow" if folder else "信箱變慢")
    assert trouble == []
