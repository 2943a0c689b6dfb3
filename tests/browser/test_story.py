"""The story of the mission, by hand: alert, scope, preview, publish, update, narrow, resolve.

Everything is real: the system as `standfast up` runs it, browsers of a communicator, three tenants
and a passer-by, an SMTP server and an HTTP receiver.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, expect
from standardwebhooks import Webhook

from tests.browser.site import Site
from tests.browser.visitors import Screen, Visitor, visitor
from tests.browser.world import (
    BESIDE,
    COMMUNICATOR,
    INSIDE,
    OUTSIDE,
    PROVIDER,
    TOKEN,
    admin_of,
    mailbox_of,
)

AT_ONCE, PATIENCE = 1.0, 60.0
CONSOLE = f"/console/{PROVIDER}/"
TITLE = {"en": "People cannot open their mailboxes", "zh-hant": "使用者無法開啟信箱"}
IMPACT = {"en": "Mail waits; **nothing is lost**.", "zh-hant": "郵件等候中，**不會遺失**。"}
FIRST = {"en": "A server has stopped; we look into it.", "zh-hant": "一台伺服器停止，調查中。"}
SECOND = {"en": "The standby copy is starting.", "zh-hant": "備援複本啟動中。"}
THIRD = {"en": "Only one database is hit.", "zh-hant": "僅一個資料庫受影響。"}
CLOSING = {"en": "Your mailboxes are fine.", "zh-hant": "您的信箱正常。"}
LAST = {"en": "All mailboxes open again.", "zh-hant": "所有信箱已可開啟。"}
SCREENS = [Screen("en-GB", 1280), Screen("zh-TW", 1280), Screen("en-GB", 360, 740)]


@dataclass
class Cast:
    """Everybody with a browser."""

    site: Site
    communicator: Visitor
    inside: Visitor
    beside: Visitor
    outside: Visitor
    stranger: Visitor
    reference: str = ""
    waits: list[float] = field(default_factory=list)  # seconds until open pages showed the news

    @property
    def tenants(self) -> dict[str, Visitor]:
        return {INSIDE: self.inside, BESIDE: self.beside, OUTSIDE: self.outside}

    @property
    def language(self) -> str:
        return self.communicator.language

    def console(self, step: str = "") -> None:
        """Open a page of the issue in the console."""
        self.communicator.go(f"{CONSOLE}issues/{self.reference}/{step}")

    def portal(self, slug: str, page: str = "") -> Visitor:
        """Open a page of the tenant's portal."""
        self.tenants[slug].go(f"/portal/{slug}/{page}")
        return self.tenants[slug]

    def card(self, who: Visitor) -> Locator:
        """The card that an open page gets by itself."""
        return who.page.locator(f"#live [data-issue='{self.reference}']").first

    def told(self, who: Visitor, text: str = "") -> None:
        """Wait for the news of the issue in an open page."""
        began = time.monotonic()
        expect(self.card(who)).to_contain_text(text)
        self.waits.append(time.monotonic() - began)

    def problems(self) -> list[str]:
        everybody = [self.communicator, *self.tenants.values(), self.stranger]
        return [problem for who in everybody for problem in who.problems]


@pytest.mark.slow
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: f"{screen.locale}-{screen.width}")
def test_the_story(browser: Browser, site: Site, screen: Screen) -> None:
    with ExitStack() as stack:
        people = [stack.enter_context(visitor(browser, site.address, screen)) for _ in range(5)]
        communicator, inside, beside, outside, stranger = people
        cast = Cast(site, communicator, inside, beside, outside, stranger)
        cast.communicator.sign_in(COMMUNICATOR)
        for slug, who in cast.tenants.items():
            who.sign_in(admin_of(slug))
        detect(cast)
        scope(cast)
        compose_and_publish(cast)
        told_at_once(cast)
        read(cast)
        update(cast)
        narrow(cast)
        resolve(cast)
        # A machine that stands still for a moment makes some of the news late, but not all.
        assert min(cast.waits) < AT_ONCE
        problems = sorted(set(cast.problems()))
        assert not problems, "\n".join(problems)


def detect(cast: Cast) -> None:
    """An alert becomes an issue in the open console, and nobody else sees it."""
    console = cast.communicator
    console.go(CONSOLE)
    console.listens()
    console.inspect("console, nothing to do")
    for _repetition in range(2):
        answer = cast.site.post_alert(alert(), source="prometheus", token=TOKEN)
    (cast.reference,) = answer["issues"]
    expect(cast.card(console)).to_be_visible()
    console.go(CONSOLE)
    console.inspect("console, detected")
    console.page.locator(f"main a[href$='/issues/{cast.reference}/']").first.click()
    console.page.wait_for_url(f"**/issues/{cast.reference}/")
    expect(console.page.locator("main")).to_contain_text("MBX-0173")
    console.inspect("console, detected issue")
    assert cast.reference not in cast.portal(INSIDE).text()
    assert status_of(cast.inside, f"/portal/{INSIDE}/issues/{cast.reference}/") == 404
    with console.page.expect_navigation():
        console.page.locator("form[action$='/confirm/'] button").click()


def scope(cast: Cast) -> None:
    """Where the fault is is not known yet: the whole server, and whoever cannot be placed."""
    console, page = cast.communicator, cast.communicator.page
    cast.console("scope/")
    expect(page.locator(".reach-figures .figure").first).to_have_text("1")
    page.fill("#scope-q", "MXS-01")
    row = page.locator("li.tree-row").filter(has=page.locator("strong", has_text="MXS-01"))
    row.locator("a[id^=pick-]").click()
    expect(page.locator(".reach-figures .figure").first).to_have_text("2")
    expect(page.locator(".largest")).to_contain_text("Asterholm Foods")
    expect(page.locator(".largest")).to_contain_text("214")
    expect(page.locator(".largest")).to_contain_text("MBX-0173")
    page.locator("#unclear-switch").click()
    expect(page.locator(".choices .chip-warn")).to_be_visible()
    page.fill("#why-q", "Corvane")
    expect(page.locator("#why-answers")).to_contain_text("MBX-0200")
    console.inspect("scope picker")
    with page.expect_navigation():
        page.locator(".audience-aside form[method=post] button.btn-primary").click()


def compose_and_publish(cast: Cast) -> None:
    """Both languages, a look through a tenant's eyes, then out."""
    console, page = cast.communicator, cast.communicator.page
    cast.console("edit/")
    write(cast, "title", TITLE)
    write(cast, "user_impact", IMPACT)
    page.check("[name=is_public]")
    console.inspect("describing")
    console.submit("main form[method=post]:has([name=title_en])")
    cast.console("preview/")
    write(cast, "body", FIRST)
    page.fill("#id_tenant", "Corvane")
    with page.expect_navigation():
        page.locator("#publish-form button[formaction$='/preview/']").click()
    expect(page.locator("#preview .alert-info")).to_contain_text("Corvane")
    page.fill("#id_tenant", "Asterholm Foods")
    with page.expect_navigation():
        page.locator("#publish-form button[formaction$='/preview/']").click()
    expect(page.locator("#preview .as-tenant")).to_contain_text(FIRST[cast.language])
    expect(page.locator("#preview .as-tenant")).to_contain_text("214")
    console.inspect("preview")
    for slug in cast.tenants:
        cast.portal(slug).listens()
    cast.stranger.go(f"/status/{PROVIDER}/")
    cast.stranger.listens()
    cast.stranger.inspect("public page, all well")
    console.submit("#publish-form")


def told_at_once(cast: Cast) -> None:
    """Open pages of the audience show it by themselves; mail and webhook arrive; nobody else."""
    title = TITLE[cast.language]
    for who in (cast.inside, cast.beside, cast.stranger):
        cast.told(who, title)
    mails, hooks = cast.site.received.mails_to, cast.site.received.hooks
    until(lambda: mails(mailbox_of(INSIDE)) and mails(mailbox_of(BESIDE)) and hooks)
    assert TITLE["en"] in str(mails(mailbox_of(INSIDE))[0]["Subject"])
    assert TITLE["zh-hant"] in str(mails(mailbox_of(BESIDE))[0]["Subject"])
    told = Webhook(cast.site.secret).verify(hooks[0].body, hooks[0].headers)
    assert told["data"]["title"] == TITLE
    assert cast.reference in str(told)
    assert mails(mailbox_of(OUTSIDE)) == []
    assert cast.card(cast.outside).count() == 0
    assert title not in cast.portal(OUTSIDE).text()
    assert status_of(cast.outside, f"/portal/{OUTSIDE}/issues/{cast.reference}/") == 404


def read(cast: Cast) -> None:
    """The dashboard answers, the issue page has everything, the chart stands beside it."""
    inside = cast.portal(INSIDE)
    expect(inside.page.locator(".issue-line").first).to_contain_text(TITLE[cast.language])
    inside.inspect("dashboard")
    inside.page.locator("main a.issue-title").first.click()
    inside.page.wait_for_url(f"**/issues/{cast.reference}/")
    text = inside.text().replace(",", "")
    for piece in ("214", "5200", FIRST[cast.language], cast.reference):
        assert piece in text, piece
    assert inside.page.locator("aside li").count() > 5, "the responsibility chart"
    inside.inspect("issue of a tenant")
    cast.stranger.go(f"/status/{PROVIDER}/")
    assert TITLE[cast.language] in cast.stranger.text()
    cast.stranger.inspect("public page")
    cast.console()
    cast.communicator.inspect("console, published issue")


def update(cast: Cast) -> None:
    """News with another cadence: the open issue page hears of it, the promise changes."""
    console, page = cast.communicator, cast.communicator.page
    cast.portal(INSIDE, f"issues/{cast.reference}/").listens()
    before = promised(cast.inside)
    cast.console("update/")
    write(cast, "body", SECOND)
    page.select_option("[name=status]", "restoringService")
    page.check("[name=promise][value=cadence]")
    page.fill("[name=cadence_minutes]", "30")
    console.inspect("update")
    console.submit("form:has([name=body_en])")
    cast.told(cast.inside)
    inside = cast.portal(INSIDE, f"issues/{cast.reference}/")
    assert inside.text().index(SECOND[cast.language]) < inside.text().index(FIRST[cast.language])
    after = promised(inside)
    assert after < before
    assert abs(after - datetime.now(UTC) - timedelta(minutes=30)) < timedelta(minutes=2)


def narrow(cast: Cast) -> None:
    """It is clear now: who is not hit is let go with a closing note, and the versions are kept."""
    console, page = cast.communicator, cast.communicator.page
    beside = cast.portal(BESIDE)
    beside.listens()
    mails_before = len(cast.site.received.mails_to(mailbox_of(BESIDE)))
    cast.console("audience/")
    page.locator("a.chip-drop", has_text="MXS-01").click()
    expect(page.locator("a.chip-drop", has_text="MXS-01")).to_have_count(0)
    page.locator("#unclear-switch").click()
    expect(page.locator(".choices .chip-warn")).to_have_count(0)
    expect(page.locator(".reach-figures .figure").first).to_have_text("1")
    with page.expect_navigation():
        page.locator(".audience-aside form[action$='/change/'] button").click()
    expect(page.locator(".change-figures")).to_contain_text("貝嶼航運")
    page.fill("[name=why]", "the fault was found on one database")
    write(cast, "body", THIRD)
    write(cast, "closing_note", CLOSING)
    console.inspect("change of audience")
    console.submit("form:has([name=why])")
    cast.told(beside)
    until(lambda: len(cast.site.received.mails_to(mailbox_of(BESIDE))) > mails_before)
    assert "the fault was found on one database" in console.text()
    beside = cast.portal(BESIDE)
    assert TITLE[cast.language] not in beside.page.locator(".page-head").inner_text()
    beside.inspect("dashboard of a released tenant")
    beside = cast.portal(BESIDE, f"issues/{cast.reference}/")
    assert CLOSING[cast.language] in beside.text()
    assert THIRD[cast.language] not in beside.text()
    assert THIRD[cast.language] in cast.portal(INSIDE, f"issues/{cast.reference}/").text()


def resolve(cast: Cast) -> None:
    """The end: it moves to the history, with start, end and duration."""
    console, page = cast.communicator, cast.communicator.page
    cast.portal(INSIDE).listens()
    cast.console("resolve/")
    write(cast, "body", LAST)
    page.select_option("[name=status]", "serviceRestored")
    console.inspect("resolving")
    console.submit("form:has([name=end_at])")
    console.inspect("console, resolved issue")
    cast.told(cast.inside)
    inside = cast.portal(INSIDE, "history/")
    line = inside.page.locator(".issue-line", has_text=cast.reference)
    expect(line).to_contain_text(TITLE[cast.language])
    assert line.locator("time").count() == 2, "start and end"
    assert re.search(r"\d+", line.locator("strong").first.inner_text()), "duration"
    inside.inspect("history")
    assert LAST[cast.language] in cast.portal(INSIDE, f"issues/{cast.reference}/").text()
    assert LAST[cast.language] not in cast.portal(BESIDE, f"issues/{cast.reference}/").text()


def alert() -> dict[str, object]:
    """One mailbox database is down, since twenty minutes."""
    began = datetime.now(UTC) - timedelta(minutes=20)
    return {
        "version": "4",
        "groupKey": '{}:{alertname="DatabaseDown"}',
        "status": "firing",
        "truncatedAlerts": 0,
        "alerts": [
            {
                "status": "firing",
                "labels": {"alertname": "DatabaseDown", "mailbox_database": "MBX-0173"},
                "annotations": {"summary": "MBX-0173 does not answer"},
                "startsAt": began.replace(second=0, microsecond=0).isoformat(),
                "endsAt": "0001-01-01T00:00:00Z",
            }
        ],
    }


def write(cast: Cast, name: str, text: dict[str, str]) -> None:
    """Fill a text in both languages."""
    for language, words in text.items():
        cast.communicator.page.fill(f"[name={name}_{language.replace('-', '_')}]", words)


def promised(who: Visitor) -> datetime:
    """The time that the page counts down to."""
    moment = who.page.locator("[data-countdown]").first.get_attribute("data-countdown")
    assert moment
    return datetime.fromisoformat(moment)


def status_of(who: Visitor, path: str) -> int:
    """What the site answers to somebody who types an address."""
    return who.page.request.get(f"{who.address}{path}").status


def until(met: Callable[[], object]) -> None:
    """Wait for what happens outside of the browsers."""
    deadline = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < deadline, "it did not arrive"
        time.sleep(0.02)
