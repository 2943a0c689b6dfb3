from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.contract import AddressRefused
from standfast.channels.slack.send import document, normalise
from standfast.channels.words import Said, said
from tests.channels.briefs import LINK, message


def test_the_message_has_a_header_facts_text_and_a_button() -> None:
    made = document(said(message()))

    header, facts, body, actions = made["blocks"]
    assert header["text"]["text"] == "⚠️ Mail is slow [EX123456]"
    assert [field["text"] for field in facts["fields"]] == [
        "*Status*\nInvestigating",
        "*Next update by*\n1 Mar 2026 13:00 (UTC)",
    ]
    assert body["text"]["type"] == "plain_text"
    assert actions["elements"][0]["url"] == LINK
    assert actions["elements"][0]["text"]["text"] == "All updates"


def test_no_text_can_call_people_or_hide_a_link() -> None:
    made = document(said(message()))

    assert "<!here>" not in made["text"]
    assert "&lt;!here&gt;" in made["text"]
    assert all(block["text"]["type"] == "plain_text" for block in made["blocks"] if "text" in block)


@given(st.text(min_size=1), st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=20))
def test_slack_s_limits_are_kept(title: str, body: str, facts: list[tuple[str, str]]) -> None:
    made = document(Said(title * 40, body * 900, tuple(facts), LINK, "Open", "bad", "normal"))

    assert len(made["blocks"][0]["text"]["text"]) <= 150
    for block in made["blocks"]:
        assert len(block.get("text", {}).get("text", "")) <= 3_000
        assert len(block.get("fields", ())) <= 10
        assert all(len(field["text"]) <= 2_000 for field in block.get("fields", ()))
    assert len(json.dumps(made)) < 100_000


def test_a_page_of_slack_is_no_webhook() -> None:
    with pytest.raises(AddressRefused, match=r"hooks\.slack\.com/services"):
        normalise("https://app.slack.com/client/T1/C1")
    for good in ("https://hooks.slack.com/services/T/B/x", "https://chat.example/hooks/abc"):
        assert normalise(good) == good
