from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.contract import Heard, PermanentFailure, TemporaryFailure
from standfast.channels.markup import plain_text, web_link
from standfast.channels.mastodon.hear import open_listener
from tests.channels.fakes import Asked, with_server


def mention(
    number: str, content: str = "<p>Mail is down here</p>", **status: Any
) -> dict[str, Any]:
    return {
        "id": number,
        "type": "mention",
        "account": {"acct": "ana@social.example"},
        "status": {
            "id": f"9{number}",
            "content": content,
            "url": "https://social.example/@ana/9",
            "created_at": "2026-03-01T11:58:00.000Z",
            "language": "en",
            **status,
        },
    }


def hear(body: object, *, since: str = "", status: int = 200) -> tuple[list[Heard], list[Asked]]:
    async def use(home: str) -> list[Heard]:
        listener = open_listener({"allow_private": True, "timeout": 30})
        try:
            return await listener.hear(f"{home}/@status", "token", since=since)
        finally:
            await listener.close()

    answer = {"/api/v1/notifications": lambda _: web.json_response(body, status=status)}
    return with_server(answer, use)


def test_mentions_come_oldest_first_and_only_those_after_the_last_one() -> None:
    heard, (asked,) = hear([mention("12"), mention("9")], since="8")

    assert [each.number for each in heard] == ["9", "12"]
    assert heard[0].receipt == "99"
    assert (heard[0].author, heard[0].text) == ("ana@social.example", "Mail is down here")
    assert asked.query["min_id"] == "8"
    assert asked.query["types[]"] == "mention"


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "1", "type": "follow"},
        {"id": "1", "type": "mention", "status": None, "account": {}},
        mention("1", created_at="soon"),
        "text",
        7,
    ],
)
def test_what_is_no_mention_is_passed_over(odd: object) -> None:
    heard, _ = hear([odd, mention("2")])

    assert [each.number for each in heard] == ["2"]


@pytest.mark.parametrize("body", [None, 5, "hello", {"error": "no"}])
def test_an_answer_that_is_no_list_is_a_failure_and_no_silence(body: object) -> None:
    with pytest.raises(TemporaryFailure):
        hear(body)


def test_an_answer_nested_without_end_is_a_failure() -> None:
    async def use(home: str) -> list[Heard]:
        listener = open_listener({"allow_private": True, "timeout": 30})
        try:
            return await listener.hear(f"{home}/@status", "token", since="")
        finally:
            await listener.close()

    answer = {"/api/v1/notifications": lambda _: web.Response(body=b"[" * 1_000_000)}
    with pytest.raises(TemporaryFailure):
        with_server(answer, use)


def test_what_no_database_could_keep_is_cleaned_or_passed_over() -> None:
    odd = mention("1", language="e\x00n", id="9\x001")
    late = mention("2", created_at="9999-12-31T23:59:59-12:00")
    heard, _ = hear([mention(""), odd, late])
    assert [each.number for each in heard] == ["1"]
    assert "\x00" not in heard[0].language + heard[0].receipt


def test_a_token_that_was_taken_back_is_permanent() -> None:
    with pytest.raises(PermanentFailure) as failure:
        hear({"error": "revoked"}, status=401)

    assert failure.value.gone
    with pytest.raises(TemporaryFailure):
        hear({}, status=503)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>One</p><p>two<br>three</p>", "One\ntwo\nthree"),
        ('<a href="javascript:alert(1)" onclick="x()">click</a>', "click"),
        ("<script>alert(1)</script>Hi", "Hi"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("turn\u202eed\u200b", "turned"),
        ("<img src=x onerror=alert(1)>", ""),
    ],
)
def test_markup_is_hostile(markup: str, words: str) -> None:
    assert plain_text(markup) == words


@given(st.text())
def test_no_slot_and_no_control_character_gets_through(markup: str) -> None:
    text = plain_text(markup)

    assert not {"\ue000", "\ue001", "\x00", "\u202e", "\r"} & set(text)


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "data:text/html,x", "https://a b", "", "/x"]
)
def test_only_web_addresses_become_links(bad: str) -> None:
    assert web_link(bad) == ""
    assert web_link("https://social.example/@ana/9") == "https://social.example/@ana/9"
