"""Every page that links lead to, in the demo, on a small phone and in Chinese.

The story's pages are looked at while it happens; this finds the page that nobody thought of: wider
than the screen, with something too small for a thumb, or with English left on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser

from standfast.cli.demo.world.people import PASSWORD
from tests.browser.visitors import WIDER_THAN_SCREEN, Screen, Visitor, visitor
from tools.messages import SOURCE, po_path, read, texts
from tools.screenshots import CONSOLE, PARTNER, PARTNER_PAGE, PORTAL, PUBLIC, TENANT, demo

PHONE = Screen("zh-TW", 360, 740)
OWNER = "owner@nimbarrow.example"
# What is no page, ends the visit, or asks for the password first.
NOT_PAGES = re.compile(r"/(static|api|feeds|logout|2fa)/|\.\w+$")
# A link on its own, as opposed to one among words, and everything else that is pressed.
TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, summary, select, input")]
  .filter((each) => {
    if (each.type === "hidden" || each.matches(".skip-link")) return false;
    if (!each.checkVisibility()) return false;
    const among = getComputedStyle(each).display === "inline"
      && each.parentElement.textContent.trim() !== each.textContent.trim();
    const label = each.closest("label");
    const { width, height } = (label || each).getBoundingClientRect();
    return !among && width > 0 && (width < 23.5 || height < 23.5);
  })
  .map((each) => `${each.tagName} "${each.textContent.trim()}"`)"""
# Words of the interface: a text as a whole, or what stands on something to press or to fill in.
WORDS = """() => {
  const found = { all: [], labels: [] };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), parent = walker.currentNode.parentElement;
    if (!text || parent.closest("script, option, [lang=en], code, pre, .mono")) continue;
    found.all.push(text);
    const named = parent.matches(".visually-hidden");  // what a button is for may be anybody's word
    if (!named && parent.closest("label, legend, button, thead, dt")) found.labels.push(text);
  }
  return found;
}"""
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
ADDRESSES = "[...document.querySelectorAll('a[href]')].map((each) => each.href)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "start", "fewest"),
    [("", PUBLIC, 6), (TENANT, PORTAL, 18), (PARTNER, PARTNER_PAGE, 15), (OWNER, CONSOLE, 60)],
    ids=["visitor", "tenant", "partner", "owner"],
)
def test_every_page_fits_a_phone_and_speaks_chinese(
    browser: Browser, address: str, who: str, start: str, fewest: int
) -> None:
    with visitor(browser, address, PHONE) as person:
        if who:
            person.sign_in(who, PASSWORD)
        seen = sum(1 for _ in pages(person, start))
        assert not person.problems, "\n".join(person.problems)
        assert seen >= fewest


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A demo of its own: it has something to show on every page."""
    with demo(None) as found:
        yield found


def pages(person: Visitor, start: str) -> Iterator[str]:
    """Visit one page of each kind that is reachable from `start`, and look at each."""
    waiting, kinds = [start], set()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(urlsplit(path).path)
        if kind is None or kind in kinds:
            continue
        kinds.add(kind)
        person.go(path)
        look(person, path)
        yield path
        found: list[str] = person.page.evaluate(ADDRESSES)
        ours = (urlsplit(each) for each in found if each.startswith(person.address))
        waiting += [f"{each.path}?{each.query}" for each in ours]


def kind_of(path: str) -> str | None:
    """The view that answers an address; None for what is no page."""
    if NOT_PAGES.search(path):
        return None
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def look(person: Visitor, path: str) -> None:
    """The page's width, the size of what is pressed, the language of every word."""
    if person.page.evaluate(WIDER_THAN_SCREEN):
        person.problems.append(f"{path}: the page is wider than the screen")
    for small in person.page.evaluate(TOO_SMALL):
        person.problems.append(f"{path}: too small to press: {small}")
    found = person.page.evaluate(WORDS)
    for text in found["all"]:
        if text in ENGLISH_TEXTS:
            person.problems.append(f"{path}: in English although translated: {text}")
    for text in found["labels"]:
        if ENGLISH.search(text):
            person.problems.append(f"{path}: a label in English: {text}")


def _english_texts() -> frozenset[str]:
    """Texts of the interface that Chinese pages never show as they stand in the source."""
    catalog = read(po_path(SOURCE, "zh_Hant"), "zh_Hant")
    every = (texts(message) for message in catalog if message.id)
    return frozenset(
        source[0] for source, shown in every if " " in source[0] and source[0] not in shown
    )


ENGLISH_TEXTS = _english_texts()
