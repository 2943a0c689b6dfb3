"""A phone for tests: a small browser with the app's worker in charge, and what it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.site import Site
from tests.browser.visitors import Screen, Visitor, visitor
from tests.browser.world import INSIDE

SCREENS = [Screen("en-GB", 360, 740), Screen("zh-TW", 360, 740)]


@contextmanager
def phone(browser: Browser, site: Site, screen: Screen = SCREENS[0]) -> Iterator[Visitor]:
    """A phone with the app's worker in charge."""
    with visitor(browser, site.address, screen) as found:
        context_of(found).grant_permissions(["notifications"], origin=site.address)
        yield found


def context_of(who: Visitor) -> BrowserContext:
    return who.page.context


def open_dashboard(who: Visitor, slug: str = INSIDE) -> None:
    """Look at the dashboard until the worker has kept it."""
    who.go(f"/portal/{slug}/")
    who.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    until(who.page, "async () => navigator.serviceWorker.controller !== null")
    opened = who.page.evaluate("Date.now()")  # a page that was kept on signing in is put anew
    who.go(f"/portal/{slug}/")
    kept(who, f"/portal/{slug}/", since=opened)
    kept(who, f"/portal/{slug}/maintenance/")


def until(page: Page, met: str, argument: object = None) -> None:
    """Wait until an asynchronous condition holds in the page."""
    page.evaluate(
        f"""async (argument) => {{
          const met = {met};
          const end = performance.now() + 60000;
          while (!(await met(argument))) {{
            if (performance.now() > end) throw new Error("not met: " + met);
            await new Promise((again) => setTimeout(again, 50));
          }}
        }}""",
        argument,
    )


def kept(who: Visitor, path: str, *, since: float = 0) -> None:
    """Wait until the page is kept on the device, as it was at a time (milliseconds) or later."""
    until(
        who.page,
        """async ([path, since]) => {
          const kept = await caches.match(new Request(path));
          return Boolean(kept) && Date.parse(kept.headers.get("X-Kept-At")) >= since;
        }""",
        [path, since],
    )


def kept_pages(who: Visitor) -> list[str]:
    found: list[str] = who.page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            if (!name.startsWith("standfast-pages-")) continue;
            const cache = await caches.open(name);
            for (const each of await cache.keys()) found.push(new URL(each.url).pathname);
          }
          return found;
        }"""
    )
    return found
