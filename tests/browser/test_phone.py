"""The installed app on a phone, in a real browser with a real service worker and a real push."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.browser.site import Site, served_site
from tests.browser.visitors import Screen, Visitor, visitor
from tests.browser.world import BESIDE, INSIDE, PROVIDER, admin_of

SCREENS = [Screen("en-GB", 360, 740), Screen("zh-TW", 360, 740)]
AGE = {"en": "Last known state", "zh-hant": "最後已知狀態"}
OFFLINE = {"en": "You are offline", "zh-hant": "您目前離線"}
NOTHING_KEPT = """async () => (await caches.keys())
  .every((name) => !/^standfast-pages-(?!public)/.test(name))"""
# A browser in a test has no push service: it gives a device's address, with keys as browsers make.
NO_PUSH_SERVICE = """
  PushManager.prototype.subscribe = async function (options) {
    const kind = { name: "ECDH", namedCurve: "P-256" };
    const pair = await crypto.subtle.generateKey(kind, true, ["deriveBits"]);
    const point = await crypto.subtle.exportKey("raw", pair.publicKey);
    const plain = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
    const text = (bytes) =>
      plain(bytes).replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
    const made = {
      endpoint: "https://push.example.test/device/1",
      asked: options,
      keys: { p256dh: text(point), auth: text(crypto.getRandomValues(new Uint8Array(16))) },
    };
    made.toJSON = () => ({ endpoint: made.endpoint, keys: made.keys });
    window.device = made;
    return made;
  };
  PushManager.prototype.getSubscription = async () => window.device || null;
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One system for all tests of this module: none of them writes what another reads."""
    folder = tmp_path_factory.mktemp("phone")
    with served_site(folder, f"sqlite:///{folder / 'phone.sqlite3'}") as found:
        yield found


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


def read_offline(who: Visitor) -> None:
    """Look at the kept dashboard without a network."""
    who.sign_in(admin_of(INSIDE))
    open_dashboard(who)
    context_of(who).set_offline(True)
    who.go(f"/portal/{INSIDE}/")


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


def test_a_push_message_shows_and_opens_the_right_page(browser: Browser, site: Site) -> None:
    with phone(browser, site) as who:
        who.sign_in(admin_of(INSIDE))
        open_dashboard(who)
        session = context_of(who).new_cdp_session(who.page)
        page = f"{site.address}/portal/{INSIDE}/maintenance/"
        deliver(session, site, title="Mail is down", body="Investigating", url=page, tag="issue-1")
        (shown,) = notifications(who.page, 1)
        assert (shown["title"], shown["body"], shown["tag"]) == (
            "Mail is down",
            "Investigating",
            "issue-1",
        )
        # A newer one about the same issue takes its place.
        deliver(session, site, title="Mail is back", body="Restored", url=page, tag="issue-1")
        until(
            who.page,
            """() => navigator.serviceWorker.ready.then((it) => it.getNotifications())
                .then((all) => all.length === 1 && all[0].title === "Mail is back")""",
        )
        click_the_notification(context_of(who))
        who.page.wait_for_url(page)
        assert notifications(who.page, 0) == []


def test_a_push_message_takes_no_unfinished_form_away(browser: Browser, site: Site) -> None:
    with phone(browser, site) as who:
        who.sign_in(admin_of(INSIDE))
        open_dashboard(who)
        form = f"{site.address}/portal/{INSIDE}/reports/"
        who.go(f"/portal/{INSIDE}/reports/")
        who.page.locator("textarea").first.fill("Half a sentence")
        session = context_of(who).new_cdp_session(who.page)
        page = f"{site.address}/portal/{INSIDE}/maintenance/"
        deliver(session, site, title="Mail is down", url=page, tag="issue-1")
        notifications(who.page, 1)
        worker = context_of(who).service_workers[0]
        worker.evaluate(
            "() => { self.clients.openWindow = async (url) => { self.opened = url; }; }"
        )
        click_the_notification(context_of(who))
        notifications(who.page, 0)
        end = time.monotonic() + 60
        while worker.evaluate("self.opened") != page:
            assert time.monotonic() < end, "no window was opened"
            time.sleep(0.05)
        assert who.page.url == form
        assert who.page.locator("textarea").first.input_value() == "Half a sentence"


def test_a_push_message_never_leads_to_another_site(browser: Browser, site: Site) -> None:
    with phone(browser, site) as who:
        who.sign_in(admin_of(INSIDE))
        open_dashboard(who)
        session = context_of(who).new_cdp_session(who.page)
        deliver(session, site, title="Look", url="https://elsewhere.example/", tag="x")
        (shown,) = notifications(who.page, 1)
        assert shown["url"] == f"{site.address}/"


def deliver(session: CDPSession, site: Site, **told: str) -> None:
    """Hand a message to the worker as a push service does."""
    registrations: list[Any] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(event["registrations"]),
    )
    session.send("ServiceWorker.disable")
    session.send("ServiceWorker.enable")
    end = time.monotonic() + 60
    while not registrations:
        assert time.monotonic() < end, "the browser names no registration"
        session.send("Runtime.evaluate", {"expression": "1"})  # its news come with an answer
        time.sleep(0.01)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": site.address,
            "registrationId": registrations[0]["registrationId"],
            "data": json.dumps({"language": "en", "urgency": "normal", **told}),
        },
    )


def notifications(page: Page, count: int) -> list[dict[str, str]]:
    """What the device shows, once it shows so many."""
    until(
        page,
        """(count) => navigator.serviceWorker.ready.then((it) => it.getNotifications())
            .then((all) => all.length === count)""",
        count,
    )
    found: list[dict[str, str]] = page.evaluate(
        """() => navigator.serviceWorker.ready.then((it) => it.getNotifications())
            .then((all) => all.map((each) =>
              ({ title: each.title, body: each.body, tag: each.tag, url: each.data.url })))"""
    )
    return found


def click_the_notification(context: BrowserContext) -> None:
    """What the device does when somebody taps it."""
    context.service_workers[0].evaluate(
        """async () => {
          const [notification] = await self.registration.getNotifications();
          self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
        }"""
    )


def test_this_device_is_told_after_a_click_and_no_more_after_another(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site) as who:
        context_of(who).add_init_script(NO_PUSH_SERVICE)
        who.sign_in(admin_of(INSIDE))
        who.go(f"/portal/{INSIDE}/notifications/")
        part = who.page.locator("[data-push]")
        expect(part.locator("[data-push-on]")).to_be_visible()
        who.inspect("notifications on a phone")
        part.locator("[data-push-on]").click()
        expect(part.locator("[data-push-off]")).to_be_visible()
        key = who.page.evaluate("window.device.asked.applicationServerKey")
        assert key == part.get_attribute("data-vapid")
        who.go(f"/portal/{INSIDE}/notifications/")
        mine = who.page.locator("section[aria-labelledby=own-title] .list-rows > li")
        expect(mine.filter(has_text="Push message")).to_have_count(1)
        expect(who.page.locator("[data-push] [data-state=off]")).to_contain_text("1 other device")
        # The same browser again: it finds itself among those that are told.
        who.page.locator("[data-push-on]").click()
        expect(who.page.locator("[data-push-off]")).to_be_visible()
        who.page.locator("[data-push-off]").click()
        expect(who.page.locator("[data-push-on]")).to_be_visible()
        who.go(f"/portal/{INSIDE}/notifications/")
        expect(mine.filter(has_text="Push message")).to_have_count(0)
        assert who.problems == []


def test_a_visitor_s_device_is_told_without_an_address(browser: Browser, site: Site) -> None:
    with phone(browser, site, SCREENS[1]) as who:
        context_of(who).add_init_script(NO_PUSH_SERVICE)
        who.go(f"/status/{PROVIDER}/subscribe/")
        who.page.locator("[data-push-on]").click()
        expect(who.page.locator("[data-push-off]")).to_be_visible()
        who.inspect("subscribing on a phone")
        who.page.locator("[data-push-off]").click()
        expect(who.page.locator("[data-push-on]")).to_be_visible()
        assert who.problems == []
