from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.contract import AddressRefused
from standfast.channels.teams.send import document, normalise
from standfast.channels.words import Said, in_bytes, said
from tests.channels.briefs import LINK, message


def test_the_message_is_an_adaptive_card() -> None:
    made = document(said(message()), language="zh-hant")

    (attachment,) = made["attachments"]
    card = attachment["content"]
    assert made["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert (card["type"], card["version"], card["lang"]) == ("AdaptiveCard", "1.5", "zh-hant")
    assert card["body"][0]["style"] == "warning"
    assert card["body"][1]["facts"][0] == {"title": "Status", "value": "Investigating"}
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "All updates", "url": LINK}]


def test_markdown_in_a_text_stays_text() -> None:
    card = json.dumps(document(said(message()), language="en"))

    assert "[a link](https://evil.example)" not in card
    assert "*more*" not in card


@given(st.text(min_size=1), st.integers(0, 9_000))
def test_the_card_fits_into_teams(body: str, times: int) -> None:
    words = Said("t", body * times, (), LINK, "Open", "bad", "normal")

    size = in_bytes(json.dumps(document(words, language="en"), ensure_ascii=False))
    assert size <= 28_000


def test_a_page_of_teams_is_no_webhook() -> None:
    with pytest.raises(AddressRefused, match="make a workflow"):
        normalise("https://teams.microsoft.com/l/channel/x")
