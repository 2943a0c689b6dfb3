"""The installed app on a phone, in a real browser with a real service worker."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phone import (
    SCREENS,
    context_of,
    kept_pages,
    open_dashboard,
    phone,
    until,
)
from tests.browser.site import Site, served_site
from tests.browser.visitors import Screen, Visitor
from tests.browser.world import BESIDE, INSIDE, PROVIDER, admin_of

AGE = {"en": "Last known state", "zh-hant": "最後已知狀態"}
OFFLINE = {"en": "You are offline", "zh-hant": "您目前離線"}
NOTHING_KEPT = """async () => (await caches.keys())
  .every((name) => !/^standfast-pages-(?!public)/.test(name))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One system for all tests of this module: none of them writes what another reads."""
    folder = tmp_path_factory.mktemp("phone")
    with served_site(folder, f"sqlite:///{folder / 'phone.sqlite3'}") as found:
        yield found


def read_offline(who: Visitor) -> None:
    """Look at the kept dashboard without a network."""
    who.sign_in(admin_of(INSIDE))
    open_dashboard(who)
    context_of(who).set_offline(True)
    who.go(f"/portal/{INSIDE}/")


def test_it_can_be_installed_in_both_languages(browser: Browser, site: Site) -> None:
    with phone(browser, site) as who:
        who.sign_in(admin_of(INSIDE))
        session = context_of(who).new_cdp_session(who.page)
        found = session.send("Page.getAppManifest")
        assert found["errors"] == []
        manifest = json.loads(found["data"])
        assert (manifest["display"], manifest["scope"], manifest["lang"]) == (
            "standalone",
            "/",
            "en",
        )
        problems = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert {each["errorId"] for each in problems} <= {"in-incognito"}
        for icon in manifest["icons"]:
            assert size_of(who.page, icon["src"]) in {icon["sizes"], "any"}, icon
        for shortcut in manifest["shortcuts"]:
            assert who.page.request.get(f"{site.address}{shortcut['url']}").ok
        chinese = who.page.request.get(f"{site.address}/manifest.webmanifest?language=zh-hant")
        assert "服務健康情況" in chinese.text()
        public = f"{site.address}/status/{PROVIDER}/manifest.webmanifest"
        assert who.page.request.get(public).json()["start_url"] == f"/status/{PROVIDER}/"


def size_of(page: Page, address: str) -> str:
    found: str = page.evaluate(
        """(address) => new Promise((done, failed) => {
          const image = new Image();
          image.onload = () => done(`${image.naturalWidth}x${image.naturalHeight}`);
          image.onerror = failed;
          image.src = address;
        })""",
        address,
    )
    return found if not address.endswith("svg") else "any"


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.locale)
def test_the_last_known_state_is_shown_offline_with_its_age(
    browser: Browser, site: Site, screen: Screen
) -> None:
    with phone(browser, site, screen) as who:
        who.sign_in(admin_of(INSIDE))
        open_dashboard(who)
        online = who.page.locator("h1").inner_text()
        who.inspect("dashboard on a phone")
        problems = list(who.problems)
        context_of(who).set_offline(True)
        for path in (f"/portal/{INSIDE}/", f"/portal/{INSIDE}/maintenance/"):
            who.go(path)
            expect(who.page.locator(".banner-offline")).to_contain_text(AGE[who.language])
        # What the app starts with leads to the page that was kept.
        who.page.goto("about:blank")  # as an app that is opened anew
        who.go("/?from=app")
        expect(who.page.locator("h1")).to_have_text(online)
        assert who.page.url.endswith(f"/portal/{INSIDE}/")
        # What was not kept says so, and offers what was.
        who.page.goto("about:blank")
        who.page.goto(f"{site.address}/portal/{INSIDE}/reports/")
        expect(who.page.locator("h1")).to_have_text(OFFLINE[who.language])
        expect(who.page.locator("[data-kept-pages] a").first).to_be_visible()
        context_of(who).set_offline(False)
        who.go(f"/portal/{INSIDE}/")
        expect(who.page.locator(".banner-offline")).to_have_count(0)
        assert problems == []


def test_a_kept_page_fetches_itself_when_the_network_is_back(browser: Browser, site: Site) -> None:
    with phone(browser, site) as who:
        read_offline(who)
        expect(who.page.locator(".banner-offline")).to_be_visible()
        context_of(who).set_offline(False)
        expect(who.page.locator(".banner-offline")).to_have_count(0)


def test_a_network_that_is_back_does_not_stop_a_reader_on_the_way(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site) as who:
        read_offline(who)
        with who.page.expect_navigation():
            who.page.evaluate(
                """(path) => {
                  window.dispatchEvent(new Event("online"));
                  location.href = path;
                  window.dispatchEvent(new Event("online"));
                }""",
                f"/portal/{INSIDE}/maintenance/",
            )
        who.page.wait_for_timeout(1500)  # longer than a page waits before it fetches itself
        assert who.page.url.endswith("/maintenance/")


def test_the_age_grows_while_the_page_is_offline(browser: Browser, site: Site) -> None:
    with phone(browser, site) as who:
        who.sign_in(admin_of(INSIDE))
        open_dashboard(who)
        who.page.evaluate(
            """async () => {
              for (const name of await caches.keys()) {
                if (!name.startsWith("standfast-pages-")) continue;
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                  const kept = await cache.match(request);
                  const headers = new Headers(kept.headers);
                  headers.set("X-Kept-At", new Date(Date.now() - 14 * 60000 - 5000).toISOString());
                  await cache.put(request, new Response(await kept.blob(), { headers }));
                }
              }
            }"""
        )
        context_of(who).set_offline(True)
        who.go(f"/portal/{INSIDE}/")
        expect(who.page.locator(".banner-offline")).to_contain_text("14 minutes old")


def test_signing_out_forgets_and_the_next_person_sees_nothing_of_the_first(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site) as who:
        who.sign_in(admin_of(INSIDE))
        open_dashboard(who)
        assert f"/portal/{INSIDE}/" in kept_pages(who)
        who.page.locator("details.menu", has=who.page.locator("form[action$='/logout/']")).click()
        with who.page.expect_navigation():
            who.page.locator("form[action$='/accounts/logout/'] button").click()
        who.page.wait_for_url("**/signed-out")
        until(who.page, NOTHING_KEPT)
        context_of(who).set_offline(True)
        who.go(f"/portal/{INSIDE}/")
        assert "Asterholm" not in who.text()
        context_of(who).set_offline(False)
        who.sign_in(admin_of(BESIDE))
        open_dashboard(who, BESIDE)
        assert not [path for path in kept_pages(who) if INSIDE in path]
        context_of(who).set_offline(True)
        who.go(f"/portal/{INSIDE}/")
        assert "Asterholm" not in who.text()


def test_a_session_that_ended_elsewhere_is_forgotten_with_the_next_page(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site) as who:
        who.sign_in(admin_of(INSIDE))
        open_dashboard(who)
        context_of(who).clear_cookies()
        who.go(f"/portal/{INSIDE}/")
        assert "/accounts/login/" in who.page.url
        until(who.page, NOTHING_KEPT)
