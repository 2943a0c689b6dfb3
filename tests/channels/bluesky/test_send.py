from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.bluesky.record import record_of, rkey_of, thread_of
from standfast.channels.bluesky.send import normalise, open_bluesky
from standfast.channels.contract import AddressRefused, Content, Outcome
from standfast.channels.words import Said, said
from tests.channels.briefs import BRIEF, LINK, NOW, message
from tests.channels.fakes import Asked, with_server

SIGN_IN, PUT = "/xrpc/com.atproto.server.createSession", "/xrpc/com.atproto.repo.putRecord"


def put(asked: Asked) -> web.Response:
    return web.json_response({"uri": f"at://did:plc:a/{asked.document['rkey']}", "cid": "cid1"})


def send(*changes: Mapping[str, Any], answer: Any = put) -> tuple[list[Outcome], list[Asked]]:
    async def use(home: str) -> list[Outcome]:
        channel = open_bluesky({"allow_private": True, "timeout": 30})
        try:
            default = {"address": f"{home}/status.nordlys.example", "secrets": ("app-password",)}
            messages = [message(**{**default, **change}) for change in changes]
            return await channel.send_many(messages, now=NOW)
        finally:
            await channel.close()

    def sign_in(asked: Asked) -> web.Response:
        assert asked.document == {
            "identifier": "status.nordlys.example",
            "password": "app-password",
        }
        return web.json_response({"did": "did:plc:a", "accessJwt": "jwt"})

    return with_server({SIGN_IN: sign_in, PUT: answer}, use)


def test_it_signs_in_once_and_puts_records() -> None:
    outcomes, asked = send({}, {"idempotency_key": "p2-s1-x"})

    assert [each.path for each in asked] == [SIGN_IN, PUT, PUT]
    first = asked[1].document
    assert (first["repo"], first["collection"]) == ("did:plc:a", "app.bsky.feed.post")
    assert first["rkey"] == rkey_of("p1-s1-x") != asked[2].document["rkey"]
    assert asked[1].headers["Authorization"] == "Bearer jwt"
    assert outcomes[0].receipt == " ".join([f"at://did:plc:a/{first['rkey']} cid1"] * 2)


def test_a_trial_signs_in_and_posts_nothing() -> None:
    (outcome,), asked = send({"content": Content("s", "t", brief=BRIEF, trial=True)})

    assert outcome.result == "sent"
    assert [each.path for each in asked] == [SIGN_IN]


def test_a_session_that_ended_is_made_anew_at_the_next_try() -> None:
    def ended(asked: Asked) -> web.Response:
        return web.json_response({"error": "ExpiredToken"}, status=400)

    another = {"content": Content("s", "t", thread="issue-EX2", brief=BRIEF)}
    outcomes, asked = send({}, another, answer=ended)

    assert [outcome.result for outcome in outcomes] == ["temporary", "temporary"]
    assert [each.path for each in asked] == [SIGN_IN, PUT, SIGN_IN, PUT]


@given(st.text(), st.text())
def test_the_link_is_marked_by_its_bytes_and_the_limit_is_kept(title: str, body: str) -> None:
    words = Said(title * 9, body * 200, (), LINK, "", "bad", "high")

    record = record_of(words, language="zh-hant", reply_to="", now=NOW)
    place = record["facets"][0]["index"]
    text = record["text"].encode()
    assert text[place["byteStart"] : place["byteEnd"]].decode() == LINK
    assert len(record["text"]) <= 300


def test_a_thread_names_its_first_post_and_the_one_before() -> None:
    first = thread_of("at://1", "c1", "")
    second = thread_of("at://2", "c2", first)
    third = record_of(said(message()), language="en", reply_to=second, now=NOW)

    assert third["reply"] == {
        "root": {"uri": "at://1", "cid": "c1"},
        "parent": {"uri": "at://2", "cid": "c2"},
    }
    assert len(thread_of("at://did:plc:" + "x" * 90, "b" * 59, second)) < 500


@given(st.text(min_size=1, max_size=40))
def test_a_record_key_has_the_form_that_servers_ask_for(key: str) -> None:
    rkey = rkey_of(key)

    assert len(rkey) == 13
    assert rkey[0] in "234567abcdefghij"
    assert set(rkey) <= set("234567abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize(
    "written",
    [
        "status.nordlys.example",
        "@Status.Nordlys.example",
        "https://bsky.app/profile/status.nordlys.example",
    ],
)
def test_a_handle_has_one_spelling(written: str) -> None:
    assert normalise(written) == "https://bsky.social/status.nordlys.example"


@pytest.mark.parametrize("written", ["", "status", "a b.c", "https://pds.example/"])
def test_anything_but_a_handle_is_refused(written: str) -> None:
    with pytest.raises(AddressRefused):
        normalise(written)
