"""People with a browser. Whatever goes wrong on their pages is kept: the test looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.browser.site import PATIENCE_MS
from tests.factories import PASSWORD

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RUN_AXE = """async () => {
  const brief = document.getAnimations().filter(
    (each) => each.effect && each.effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(brief.map((each) => each.finished));
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations
    .filter((each) => each.impact === "serious" || each.impact === "critical")
    .map((each) => `${each.id}: ${each.nodes.map((node) =>
      node.target.join(" ") + " " + (node.any[0] ? node.any[0].message : "")).join(" | ")}`);
}"""
#: Keeps that the page's event stream is open: what was published before that is not told by it.
KEEP_LISTENING = (
    """document.addEventListener("htmx:sseOpen", () => { window.listening = true; });"""
)
LISTENING = """async (patience) => {
  const end = performance.now() + patience;
  while (!window.listening) {
    if (performance.now() > end) throw new Error("the event stream does not open");
    await new Promise((again) => setTimeout(again, 20));
  }
}"""
WIDER_THAN_SCREEN = "() => document.documentElement.scrollWidth > window.innerWidth + 1"
THEME = "(name) => document.documentElement.setAttribute('data-bs-theme', name)"


@dataclass(frozen=True, slots=True)
class Screen:
    """How a person looks at the pages."""

    locale: str
    width: int
    height: int = 900

    @property
    def language(self) -> str:
        """The language that the pages should be in."""
        return "zh-hant" if self.locale.startswith("zh") else "en"


@dataclass
class Visitor:
    """One person's page. `problems` collects console errors, failed requests and violations."""

    page: Page
    address: str
    language: str
    problems: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the site; it must be there."""
        response = self.page.goto(f"{self.address}{path}")
        assert response, path
        assert response.status == 200, f"{path}: {response.status}"

    def listens(self) -> None:
        """Wait until the page hears what happens."""
        # Not wait_for_function: it evaluates a text in the page, which the pages' policy refuses
        # unless the first look finds it so.
        self.page.evaluate(LISTENING, PATIENCE_MS)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in with the password that all have."""
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.locator("#sign-in-form button[type=submit]").click()
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def submit(self, form: str) -> None:
        """Press the main button of a form and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.locator(f"{form} button.btn-primary[type=submit]").first.click()

    def inspect(self, name: str) -> None:
        """Check the page as it stands: language, width, accessibility in light and in dark."""
        page = self.page
        language = page.evaluate("document.documentElement.lang").lower()
        if language != self.language:
            self.problems.append(f"{name}: the page is in {language}")
        if page.evaluate(WIDER_THAN_SCREEN):
            self.problems.append(f"{name}: the page is wider than the screen")
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        before = page.evaluate("document.documentElement.getAttribute('data-bs-theme')")
        for theme in ("light", "dark"):
            page.evaluate(THEME, theme)
            violations: list[str] = page.evaluate(RUN_AXE)
            self.problems += [f"{name}, {theme}: {each}" for each in violations]
        page.evaluate(THEME, before)

    def text(self) -> str:
        """What the main part of the page says."""
        return self.page.locator("main").inner_text()


@contextmanager
def visitor(browser: Browser, address: str, screen: Screen) -> Iterator[Visitor]:
    """A person with a fresh browser profile."""
    context = browser.new_context(
        locale=screen.locale,
        viewport={"width": screen.width, "height": screen.height},
        timezone_id="Asia/Taipei",
        reduced_motion="reduce",
        color_scheme="light",
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(KEEP_LISTENING)
    found = Visitor(context.new_page(), address, screen.language)
    _watch(found)
    try:
        yield found
    finally:
        context.close()


def _watch(found: Visitor) -> None:
    def said(message: ConsoleMessage) -> None:
        # The inspection itself tries inline styles, which the pages' policy refuses. It comes from
        # no address, whereas what pages and their scripts do is told with theirs.
        address = message.location.get("url")
        by_inspection = not address and "inline style" in message.text
        if message.type == "error" and not by_inspection:
            found.problems.append(f"console: {message.text} ({address})")

    def failed(request: Request) -> None:
        # A page that is left ends its event stream and whatever it was still fetching.
        if request.failure != "net::ERR_ABORTED":
            found.problems.append(f"request: {request.url}: {request.failure}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            found.problems.append(f"response: {response.url}: {response.status}")

    def threw(error: Any) -> None:
        found.problems.append(f"script: {error}")

    found.page.on("console", said)
    found.page.on("pageerror", threw)
    found.page.on("requestfailed", failed)
    found.page.on("response", answered)
    found.page.on("dialog", lambda dialog: dialog.accept())
