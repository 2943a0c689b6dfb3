from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.contract import AddressRefused
from standfast.channels.telegram.send import document, normalise, open_telegram
from standfast.channels.words import Said, said, utf16
from tests.channels.briefs import LINK, NOW, message


def test_the_message_is_text_with_a_bold_title_and_its_link() -> None:
    made = document(said(message()), "@nordlys", "")

    assert made["text"].startswith("<b>Mail is slow [EX123456]</b>\nStatus: Investigating")
    assert "&lt;mail&gt; &amp; *more*" in made["text"]
    assert made["text"].endswith(LINK)
    assert "reply_parameters" not in made


def test_an_update_answers_the_message_before_it() -> None:
    made = document(said(message()), "@nordlys", "77")

    assert made["reply_parameters"]["message_id"] == 77


@given(st.text(), st.text(min_size=1))
def test_telegram_s_limit_is_kept(title: str, body: str) -> None:
    facts = (("Status", "x" * 400),) * 9
    made = document(Said(title * 90, body * 5_000, facts, LINK, "", "ok", "normal"), "1", "")

    shown = made["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert utf16(shown.replace("&quot;", '"').replace("&#x27;", "'")) <= 4_096 + len("<b></b>")


@pytest.mark.parametrize("written", ["", "nonsense", "12", "@a", "@a b", "https://t.me/x"])
def test_anything_but_a_chat_is_refused(written: str) -> None:
    with pytest.raises(AddressRefused, match="number"):
        normalise(written)


def test_without_a_bot_nothing_is_lost() -> None:
    async def run() -> str:
        channel = open_telegram({})
        (outcome,) = await channel.send_many([message(address="-1001234567890")], now=NOW)
        assert "has not set this channel up" in outcome.detail
        return outcome.result

    assert asyncio.run(run()) == "temporary"
