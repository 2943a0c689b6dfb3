from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.words import Said, cut, filled, in_bytes, said, utf16, with_link
from tests.channels.briefs import LINK, message


def test_a_brief_is_filled_and_empty_facts_are_left_out() -> None:
    words = said(message())

    assert words.facts == (
        ("Status", "Investigating"),
        ("Next update by", "1 Mar 2026 13:00 (UTC)"),
    )
    assert words.link == LINK
    assert filled("no slots", {}) == "no slots"


def test_a_content_without_a_brief_says_its_subject_and_text() -> None:
    words = said(message(brief=None))

    assert (words.title, words.body, words.tone) == ("s", "t", "info")


def test_a_cut_ends_at_a_word() -> None:
    assert cut("Mail is slow today", 18) == "Mail is slow today"
    assert cut("Mail is slow, today", 16) == "Mail is slow…"
    assert cut("郵件服務目前非常緩慢請稍候", 6) == "郵件服務目…"
    assert cut("abc", 0) == ""


@given(st.text(), st.integers(0, 60), st.sampled_from([len, utf16, in_bytes]))
def test_a_cut_is_never_too_long(text: str, limit: int, measure: object) -> None:
    text = text.encode("utf-8", "ignore").decode()
    found = cut(text, limit, measure=measure)  # type: ignore[arg-type]

    assert measure(found) <= limit  # type: ignore[operator]
    assert found == text or found.endswith("…") or not found


@given(st.text(max_size=400), st.text(max_size=400), st.integers(60, 300))
def test_the_link_is_always_whole(title: str, body: str, limit: int) -> None:
    words = Said(title, body, (), LINK, "", "info", "normal")
    text = with_link(words, limit)

    assert text.endswith(LINK)
    assert len(text) <= limit
    assert len(with_link(words, limit, link_costs=23)) <= limit - 23 + len(LINK)
