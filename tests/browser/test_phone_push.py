"""Push messages on a phone, in a real browser with a real service worker."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.browser.phone import SCREENS, context_of, open_dashboard, phone, until
from tests.browser.site import Site, served_site
from tests.browser.world import INSIDE, PROVIDER, admin_of

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
