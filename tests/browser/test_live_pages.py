"""Open pages whose event stream ends or is refused: they come back, and miss nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Route

from standfast.edge.streams import RENEW
from tests.browser.site import Site, served_site
from tests.browser.visitors import Screen, Visitor, visitor
from tests.browser.world import COMMUNICATOR, INSIDE, PROVIDER, admin_of

# Pages wait for a while that is another one for each; here for the shortest, a second and a half.
AT_ONCE = "Math.random = () => 0;"
LONG_ENOUGH_MS = 4_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One system for all tests of this module, none of which writes anything."""
    folder = tmp_path_factory.mktemp("live")
    with served_site(folder, f"sqlite:///{folder / 'live.sqlite3'}") as found:
        yield found


@contextmanager
def reader(browser: Browser, site: Site, email: str) -> Iterator[tuple[Visitor, list[Route]]]:
    """Somebody signed in, and what asks for event streams: the test answers the first of them."""
    with visitor(browser, site.address, Screen("en-GB", 1280)) as who:
        who.sign_in(email)
        asked: list[Route] = []

        def ask(route: Route) -> None:
            asked.append(route)
            if len(asked) > 1:
                route.continue_()

        who.page.context.add_init_script(AT_ONCE)
        who.page.context.route("**/events?*", ask)
        yield who, asked


def first_of(who: Visitor, asked: list[Route]) -> Route:
    """The page's request for its stream."""
    while not asked:
        who.page.wait_for_timeout(50)
    return asked[0]


def test_a_page_whose_ticket_is_over_opens_itself_anew(browser: Browser, site: Site) -> None:
    with reader(browser, site, admin_of(INSIDE)) as (who, asked):
        who.go(f"/portal/{INSIDE}/")
        with who.page.expect_navigation():
            first_of(who, asked).fulfill(content_type="text/event-stream", body=RENEW.decode())
        who.listens()


def test_a_page_where_somebody_types_waits_with_that(browser: Browser, site: Site) -> None:
    with reader(browser, site, COMMUNICATOR) as (who, asked):
        who.go(f"/console/{PROVIDER}/maintenance/")
        field = who.page.locator("main input[type=search]").first
        field.fill("Half a wo")
        who.page.evaluate("window.isTheSame = true")
        first_of(who, asked).fulfill(content_type="text/event-stream", body=RENEW.decode())
        who.page.wait_for_timeout(LONG_ENOUGH_MS)
        assert who.page.evaluate("window.isTheSame") is True
        with who.page.expect_navigation():
            field.fill("")


def test_a_page_that_was_refused_for_a_while_fetches_itself_anew(
    browser: Browser, site: Site
) -> None:
    with reader(browser, site, admin_of(INSIDE)) as (who, asked):
        who.go(f"/portal/{INSIDE}/")
        with who.page.expect_response(
            lambda answer: answer.url.endswith(f"/portal/{INSIDE}/") and answer.status == 200
        ):
            first_of(who, asked).fulfill(status=502, body="starting")
        who.listens()
