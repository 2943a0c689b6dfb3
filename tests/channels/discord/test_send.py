from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.discord.send import document
from standfast.channels.words import Said, said, utf16
from tests.channels.briefs import LINK, message


def test_the_message_is_an_embed_that_calls_nobody() -> None:
    made = document(said(message()))

    (embed,) = made["embeds"]
    assert made["allowed_mentions"] == {"parse": []}
    assert (embed["title"], embed["url"]) == ("Mail is slow [EX123456]", LINK)
    assert embed["fields"][0] == {"name": "Status", "value": "Investigating", "inline": True}
    assert "\\*more\\*" in embed["description"]
    assert "[a link](" not in embed["description"]


@given(st.text(), st.text(min_size=1), st.lists(st.tuples(st.text(), st.text()), max_size=20))
def test_discord_s_limits_are_kept(title: str, body: str, facts: list[tuple[str, str]]) -> None:
    made = document(Said(title * 90, body * 9_000, tuple(facts), LINK, "", "ok", "normal"))

    (embed,) = made["embeds"]
    pieces = [embed["title"], embed["description"]]
    pieces += [text for field in embed["fields"] for text in (field["name"], field["value"])]
    assert utf16(embed["title"]) <= 256
    assert utf16(embed["description"]) <= 4_096
    assert sum(map(utf16, pieces)) <= 6_000
    assert len(embed["fields"]) <= 25
