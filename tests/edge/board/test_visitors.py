from __future__ import annotations

import pytest

from standfast.edge.board import visitors
from standfast.edge.board.visitors import View, Visitors
from standfast.edge.prepared.content import prepare
from standfast.edge.prepared.table import Table

PATH = b"/status/northlight/"


def finder() -> Visitors:
    return Visitors(
        Table(),
        language_of=lambda accepted: "zh-hant" if accepted.startswith("zh") else "en",
        languages=frozenset({"en", "zh-hant"}),
        zones=frozenset({"Asia/Taipei", "UTC"}),
        cookies=("language", "zone", "session"),
    )


def view_of(**headers: str) -> View | None:
    """What a visitor with these headers wished for."""
    found = finder()
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    assert found.find(b"GET", PATH, pairs) is None  # nothing is prepared yet
    return next(iter(found.wanted()), None)


@pytest.mark.parametrize(
    ("headers", "view"),
    [
        ({}, ("en", "", False)),
        ({"accept_language": "zh-TW,zh;q=0.9"}, ("zh-hant", "", False)),
        ({"cookie": "language=zh-hant"}, ("zh-hant", "", False)),
        ({"cookie": "a=b; language=en", "accept_language": "zh"}, ("en", "", False)),
        ({"cookie": "language=xx", "accept_language": "zh"}, ("zh-hant", "", False)),
        ({"cookie": "zone=Asia/Taipei"}, ("en", "Asia/Taipei", False)),
        ({"cookie": "zone=Asia%2FTaipei"}, ("en", "Asia/Taipei", False)),
        ({"hx_request": "true"}, ("en", "", True)),
    ],
)
def test_a_page_is_prepared_for_the_visitor_s_language_and_zone(
    headers: dict[str, str], view: tuple[str, str, bool]
) -> None:
    assert view_of(**headers) == View(PATH.decode(), *view)


@pytest.mark.parametrize("cookie", ["session=abc", "zone=Nowhere/Land"])
def test_who_is_signed_in_or_strange_is_the_application_s_visitor(cookie: str) -> None:
    assert view_of(cookie=cookie) is None


def test_only_public_pages_are_found() -> None:
    found = finder()
    for target in (b"/", b"/portal/x/", b"/status/x", b"/status/x/?language=en", b"/status/x/y/"):
        assert found.find(b"GET", target, []) is None
    assert found.wanted() == []
    for target in (b"/status/x/", b"/status/x/history/", b"/status/x/issues/ML1/"):
        found.find(b"GET", target, [])
    assert len(found.wanted()) == 3


def test_the_first_wish_is_told_and_the_page_is_found_once_it_is_prepared() -> None:
    found, told = finder(), []
    found.on_wish = lambda: told.append(1)
    found.find(b"GET", PATH, [])
    found.find(b"GET", PATH, [])
    assert len(told) == 1
    [view] = found.missing()
    found.add({view: prepare(b"page", content_type="text/html")})
    answer = found.find(b"GET", PATH, [])
    assert answer
    assert answer.body == b"page"
    assert found.missing() == []
    assert found.find(b"GET", PATH, [(b"accept-language", b"zh")]) is None
    found.put({})
    assert found.find(b"GET", PATH, []) is None


def test_wishes_are_few_and_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    found = finder()
    for number in range(3 * visitors.MOST_PAGES):
        found.find(b"GET", b"/status/x/issues/ML%d/" % number, [])
    assert len(found.wanted()) == visitors.MOST_PAGES
    monkeypatch.setattr(visitors, "KEPT_SECONDS", -1.0)
    assert found.wanted() == []
