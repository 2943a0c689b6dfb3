from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web

from standfast.channels.contract import AddressRefused, Brief, Content, Outcome
from standfast.channels.mastodon.send import normalise, open_mastodon
from tests.channels.briefs import BRIEF, LINK, NOW, message
from tests.channels.fakes import Answers, Asked, with_server

TOKEN = "token-4711"


def fine(asked: Asked) -> web.Response:
    return web.json_response({"id": f"{1100 + len(asked.document['status'])}"})


def instance(longest: object) -> web.Response:
    statuses = {"max_characters": longest, "characters_reserved_per_url": 23}
    return web.json_response({"configuration": {"statuses": statuses}})


def send(answers: Answers, *changes: Mapping[str, Any]) -> tuple[list[Outcome], list[Asked]]:
    async def use(home: str) -> list[Outcome]:
        channel = open_mastodon({"allow_private": True, "timeout": 30})
        try:
            default = {"address": f"{home}/@status", "secrets": (TOKEN,)}
            messages = [message(**{**default, **change}) for change in changes]
            return await channel.send_many(messages, now=NOW)
        finally:
            await channel.close()

    return with_server(answers, use)


def posts(asked: list[Asked]) -> list[Asked]:
    return [each for each in asked if each.method == "POST"]


def test_a_post_is_public_and_known_again() -> None:
    (outcome,), asked = send({"/api/v1/statuses": fine}, {})

    (post,) = posts(asked)
    assert (outcome.result, outcome.receipt.isdigit()) == ("sent", True)
    assert post.headers["Authorization"] == f"Bearer {TOKEN}"
    assert post.headers["Idempotency-Key"] == "p1-s1-x"
    assert (post.document["visibility"], post.document["language"]) == ("public", "en")
    assert post.document["status"].startswith("Investigating: Mail is slow [EX123456]")
    assert post.document["status"].endswith(LINK)


def test_the_server_s_limit_is_kept_and_asked_for_once() -> None:
    long = {"brief": Brief("t", "word " * 500)}
    _, asked = send(
        {"/api/v1/statuses": fine, "/api/v2/instance": lambda _: instance(1_000)}, long, long
    )

    assert [each.path for each in asked].count("/api/v2/instance") == 1
    for post in posts(asked):
        counted = len(post.document["status"]) - len(LINK) + 23
        assert 980 <= counted <= 1_000


@pytest.mark.parametrize("nonsense", [None, "many", -1, True, 10**9])
def test_a_nonsense_limit_is_not_believed(nonsense: object) -> None:
    _, asked = send(
        {"/api/v1/statuses": fine, "/api/v2/instance": lambda _: instance(nonsense)},
        {"brief": Brief("t", "word " * 500)},
    )

    assert len(posts(asked)[0].document["status"]) - len(LINK) + 23 <= 500


def test_an_update_answers_the_post_before_it() -> None:
    _, asked = send({"/api/v1/statuses": fine}, {"reply_to": "1099"})

    assert posts(asked)[0].document["in_reply_to_id"] == "1099"


def test_an_update_stands_alone_when_what_it_answers_was_deleted() -> None:
    def forgetful(asked: Asked) -> web.Response:
        return web.Response(status=404) if "in_reply_to_id" in asked.document else fine(asked)

    (outcome,), asked = send({"/api/v1/statuses": forgetful}, {"reply_to": "1099"})

    assert outcome.result == "sent"
    assert len(posts(asked)) == 2


def test_a_trial_is_seen_by_the_account_alone() -> None:
    trial = Content("s", "t", language="zh-hant", brief=BRIEF, trial=True)
    _, asked = send({"/api/v1/statuses": fine}, {"content": trial})

    assert posts(asked)[0].document["visibility"] == "direct"
    assert posts(asked)[0].document["language"] == "zh-TW"


@pytest.mark.parametrize("written", ["", "@status@mastodon.example", "https://mastodon.example/"])
def test_anything_but_an_account_is_refused(written: str) -> None:
    with pytest.raises(AddressRefused):
        normalise(written)


def test_posts_of_one_thread_follow_each_other_and_none_overtakes() -> None:
    _, asked = send(
        {"/api/v1/statuses": fine},
        {},
        {"idempotency_key": "p2-s1-x"},
        {"idempotency_key": "p3-s1-x"},
    )

    first, second, third = (post.document for post in posts(asked))
    assert "in_reply_to_id" not in first
    assert second["in_reply_to_id"] == third["in_reply_to_id"] != ""

    busy = {"/api/v1/statuses": lambda _: web.Response(status=503)}
    outcomes, asked = send(busy, {}, {"idempotency_key": "p2-s1-x"})
    assert [outcome.result for outcome in outcomes] == ["temporary", "temporary"]
    assert len(posts(asked)) == 1
    assert "comes first" in outcomes[1].detail
