"""The service worker in its two bad moments: a late answer, and a new version of itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.phone import kept_pages, open_dashboard, phone, until
from tests.browser.site import Site, served_site
from tests.browser.world import INSIDE, PROVIDER, admin_of


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One system for both tests."""
    folder = tmp_path_factory.mktemp("worker")
    with served_site(folder, f"sqlite:///{folder / 'phone.sqlite3'}") as found:
        yield found


# The worker's own script, with a network whose answers come when the test says so.
SLOW_NETWORK = """async (path) => {
  const run = (self, fetch) => { %s };
  const does = {}, answers = [], waits = [];
  const worker = {
    addEventListener: (name, how) => { does[name] = how; },
    location, navigator,
    registration: { pushManager: { getSubscription: async () => null } },
  };
  run(worker, () => new Promise((come) => answers.push(come)));
  const event = (more) => ({
    waitUntil: (it) => waits.push(it), respondWith: (it) => waits.push(it), ...more,
  });
  const url = location.origin + path;
  does.fetch(event({ request: { method: "GET", mode: "navigate", url } }));
  if (!answers.length) throw new Error("the network was not asked");
  does.message(event({ data: { forget: true } }));
  await waits[1];
  const headers = { "Content-Type": "text/html", "X-Standfast-Reader": "the-first" };
  answers[0](new Response("<title>A secret of the first</title>", { headers }));
  for (let done = 0; done < waits.length; done++) await waits[done];
  return (await caches.keys()).filter((name) => name === "standfast-pages-the-first");
}"""


def test_an_answer_that_comes_after_signing_out_is_not_kept(browser: Browser, site: Site) -> None:
    """Else a slow page of the first person would be back on the phone for the second."""
    with phone(browser, site) as who:
        who.go(f"/status/{PROVIDER}/")
        script = who.page.request.get(f"{site.address}/service-worker.js").text()
        assert who.page.evaluate(SLOW_NETWORK % script, "/portal/first/") == []


def test_a_new_version_takes_over_open_pages_and_throws_away_the_old_files(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site) as who:
        who.sign_in(admin_of(INSIDE))
        open_dashboard(who)
        who.page.evaluate(
            """async () => {
              await caches.open("standfast-shell-of-before");
              const found = await navigator.serviceWorker.ready;
              await found.unregister();
            }"""
        )
        who.page.goto("about:blank")  # nobody holds on to the worker any more
        who.go(f"/portal/{INSIDE}/")
        until(who.page, "async () => navigator.serviceWorker.controller !== null")
        gone = "async () => !(await caches.has('standfast-shell-of-before'))"
        until(who.page, gone)
        assert f"/portal/{INSIDE}/" in kept_pages(who), "what was read stays"
