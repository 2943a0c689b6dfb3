"""Markdown where nothing shows it as such."""

from __future__ import annotations

import pytest

from standfast.web.plain import plain_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("", ""),
        ("No mail is lost.", "No mail is lost."),
        ("**No mail** is *lost*; run `mail --check`.", "No mail is lost; run mail --check."),
        (
            "See [the list](https://status.example/x?a=1&b=2), at last.",
            "See the list (https://status.example/x?a=1&b=2), at last.",
        ),
        ("<https://status.example/x>", "https://status.example/x"),
        ("[**Bold** link](https://a.example/)", "Bold link (https://a.example/)"),
        ("One\ntwo\n\nthree", "One\ntwo\n\nthree"),
        (
            "Done:\n\n- MBX-0161: 80 %\n- MBX-0162\n  - half\n\nNext:",
            "Done:\n\n• MBX-0161: 80 %\n• MBX-0162\n  • half\n\nNext:",
        ),
        ("3. third\n4. fourth", "3. third\n4. fourth"),
        ("# Cause\n\nA shelf.", "Cause\n\nA shelf."),
        ("    mail --check\n", "mail --check"),
        ("5 < 6 & **7** > 6; 2*3*4; a_b_c", "5 < 6 & 7 > 6; 234; a_b_c"),
        ("前四個**資料庫**已恢復。", "前四個資料庫已恢復。"),
    ],
)
def test_marks_go_and_words_stay(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text


def test_places_that_are_filled_later_stay() -> None:
    assert plain_text("Until \ue000due\ue001 **at most**.") == "Until \ue000due\ue001 at most."
