"""Planned maintenance in real browsers: parts are picked, open pages follow it by themselves."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.site import Site
from tests.browser.visitors import Screen, Visitor, visitor
from tests.browser.world import BESIDE, COMMUNICATOR, INSIDE, OUTSIDE, PROVIDER, admin_of

CONSOLE = f"/console/{PROVIDER}/"
# Cards come by the stream alone. Readers fetch their pages anew within ten seconds, each at another
# moment, so one that is no quicker than that did not come at once.
AT_ONCE = 1.5
TITLE = {"en": "New disks for MBX-0173", "zh_hant": "更換 MBX-0173 的磁碟"}
DESKTOP = Screen("en-GB", 1280)


def write(who: Visitor, *, components: str = "", public: bool = False) -> str:
    """Fill the form of a maintenance, save it, and return its id."""
    page = who.page
    fill(who)
    if components:
        page.locator("[name=components]").evaluate("(at, keys) => { at.value = keys }", components)
    page.set_checked("[name=is_public]", public)
    return save(who)


def fill(who: Visitor) -> None:
    """Open the form and fill in what it must have: words, a service, a window."""
    page = who.page
    who.go(f"{CONSOLE}maintenance/new/")
    for language, words in TITLE.items():
        page.fill(f"[name=title_{language}]", words)
        page.fill(f"[name=body_{language}]", words)
    page.locator("[name=services]").first.check()
    start = datetime.now(UTC) + timedelta(days=2)
    for name, moment in (("start_at", start), ("end_at", start + timedelta(hours=2))):
        page.fill(f"[name={name}]", moment.strftime("%Y-%m-%dT%H:%M"))


def save(who: Visitor) -> str:
    """Save the form; the id of what it became."""
    with who.page.expect_navigation():
        who.page.locator(".form-actions button.btn-primary").click()
    return who.page.url.rstrip("/").rsplit("/", 1)[-1]


def press(who: Visitor, act: str) -> None:
    """Press a button of the maintenance's page."""
    with who.page.expect_navigation():
        who.page.locator(f"form[action$='/{act}/'] button").click()


def card(who: Visitor, reference: str) -> Locator:
    """The newest card that an open page got by itself."""
    return who.page.locator(f"#live [data-maintenance='{reference}']").first


@pytest.mark.slow
def test_open_pages_follow_a_maintenance(browser: Browser, site: Site) -> None:
    with ExitStack() as stack:
        people = [stack.enter_context(visitor(browser, site.address, DESKTOP)) for _ in range(6)]
        writer, watcher, inside, beside, outside, stranger = people
        for who, email in (
            (writer, COMMUNICATOR),
            (watcher, COMMUNICATOR),
            (inside, admin_of(INSIDE)),
            (beside, admin_of(BESIDE)),
            (outside, admin_of(OUTSIDE)),
        ):
            who.sign_in(email)
        watcher.go(f"{CONSOLE}maintenance/")
        inside.go(f"/portal/{INSIDE}/")
        beside.go(f"/portal/{BESIDE}/")
        outside.go(f"/portal/{OUTSIDE}/maintenance/")
        stranger.go(f"/status/{PROVIDER}/")
        for who in (watcher, inside, beside, outside, stranger):
            who.listens()

        reference = write(writer, components="MBX-0173", public=True)
        for who in (watcher, inside, beside, outside, stranger):
            expect(card(who, reference)).to_have_count(0)
        press(writer, "schedule")
        began = time.monotonic()
        waits = []
        for who in (watcher, inside, stranger):
            expect(card(who, reference)).to_contain_text(TITLE["en"])
            waits.append(time.monotonic() - began)
        expect(inside.page.locator("#health .issue-title")).to_have_text(TITLE["en"])
        expect(watcher.page.locator("#maintenance-found")).to_contain_text(reference)
        expect(stranger.page.locator("#public")).to_contain_text(reference)

        inside.go(f"/portal/{INSIDE}/maintenance/{reference}/")
        inside.listens()
        press(writer, "start")
        began = time.monotonic()
        expect(card(inside, reference)).to_contain_text("Started")
        waits.append(time.monotonic() - began)
        assert min(waits) < AT_ONCE, "a machine that stands still makes some late, but not all"
        expect(inside.page.locator("#maintenance .answer")).to_contain_text("The work is going on")
        expect(watcher.page.locator("#maintenance-found")).to_contain_text("In progress")
        for who in (beside, outside):
            expect(card(who, reference)).to_have_count(0)
            assert TITLE["en"] not in who.text()
        card(inside, reference).locator("a").click()
        inside.page.wait_for_url(f"**/portal/{INSIDE}/maintenance/{reference}/")
        for who in (watcher, inside, stranger):
            who.inspect("after the news")
        problems = [problem for who in people for problem in who.problems]
        assert not problems, "\n".join(problems)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "found"),
    [
        ("en-GB", ("harbour", "MBX-0173", "1 tenant, 214 users")),
        ("zh-TW", ("貝嶼", "MBX-0174", "1 個租用戶、70 位使用者")),
    ],
    ids=["en", "zh-hant"],
)
def test_components_are_searched_picked_and_taken_out_on_a_phone(
    browser: Browser, site: Site, locale: str, found: tuple[str, str, str]
) -> None:
    words, key, reached = found
    with visitor(browser, site.address, Screen(locale, 360, 740)) as who:
        who.sign_in(COMMUNICATOR)
        page = who.page
        fill(who)
        typed, chips = page.locator("[name=components]"), page.locator("#parts-chosen .chip")
        count, rows = page.locator("#parts-reached"), page.locator("#parts .tree-row")
        expect(typed).to_be_hidden()
        expect(count).to_contain_text("3")
        page.fill("#parts-q", words)
        expect(rows).to_contain_text([words])
        rows.locator("[id^=pick-]").click()
        expect(chips).to_contain_text(key)
        expect(count).to_have_text(reached)
        who.inspect("one part is picked")

        # Chosen from where it stands, and taken out by its chip, with the keyboard.
        page.fill("#parts-q", "MXS-02")
        expect(rows).to_contain_text(["MXS-02"])
        page.locator("#parts [id^=open-]").press("Enter")
        expect(page.locator("#parts .crumbs")).to_contain_text("MXS-02")
        expect(page.locator("#parts-q")).to_have_value("")
        rows.first.locator("[id^=pick-]").press("Enter")
        expect(chips).to_have_count(2)
        assert typed.input_value().split() == [key, "MBX-0200"]
        chips.first.press("Enter")
        expect(chips).to_have_text([re.compile("MBX-0200")])
        expect(page.locator("#parts-chosen")).to_be_focused()

        # What is typed counts as well, and what nobody knows is said before it is saved.
        page.locator(".parts summary").click()
        typed.fill(f"{key}, NOWHERE")
        expect(page.locator("#parts-chosen .field-error")).to_contain_text("NOWHERE")
        expect(count).to_be_empty()
        who.inspect("an unknown key")
        chips.filter(has_text="NOWHERE").click()
        expect(count).to_have_text(reached)

        # Enter in the search saves nothing.
        page.locator("#parts-q").press("Enter")
        reference = save(who)
        assert page.url.endswith(f"/maintenance/{reference}/")
        expect(page.locator("[aria-labelledby=parts-title]")).to_contain_text(key)
        who.inspect("saved")
        assert not who.problems, "\n".join(who.problems)
