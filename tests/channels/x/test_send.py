from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from standfast.channels.contract import AddressRefused, Content, Outcome
from standfast.channels.x.send import normalise, open_x, weight
from standfast.channels.x.signing import Keys, authorization, signature
from tests.channels.briefs import BRIEF, LINK, NOW, message
from tests.channels.fakes import Answers, Asked, with_server

KEYS = "api-key api-secret token token-secret"


def posted(_: Asked) -> web.Response:
    return web.json_response({"data": {"id": "77"}}, status=201)


def send(answers: Answers, *changes: Mapping[str, Any]) -> tuple[list[Outcome], list[Asked]]:
    async def use(home: str) -> list[Outcome]:
        channel = open_x({"allow_private": True, "timeout": 30, "api": home})
        try:
            default = {"address": "@nordlys_status", "secrets": (KEYS,)}
            messages = [message(**{**default, **change}) for change in changes]
            return await channel.send_many(messages, now=NOW)
        finally:
            await channel.close()

    return with_server(answers, use)


def test_a_post_is_signed_and_answers_the_one_before() -> None:
    (outcome,), (asked,) = send({"/2/tweets": posted}, {"reply_to": "76"})

    assert (outcome.result, outcome.receipt) == ("sent", "77")
    assert asked.headers["Authorization"].startswith('OAuth oauth_consumer_key="api-key"')
    assert asked.document["reply"] == {"in_reply_to_tweet_id": "76"}
    assert asked.document["text"].endswith(LINK)
    assert weight(asked.document["text"][: -len(LINK)]) + 23 <= 280


def test_the_signature_is_that_of_the_example_in_the_documentation() -> None:
    keys = Keys(
        "xvz1evFS4wEEPTGEFPHBog",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    )
    named = {
        "oauth_consumer_key": keys.key,
        "oauth_nonce": "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1318622958",
        "oauth_token": keys.token,
        "oauth_version": "1.0",
        "status": "Hello Ladies + Gentlemen, a signed OAuth request!",
    }
    url = URL("https://api.twitter.com/1.1/statuses/update.json?include_entities=true")

    assert signature("POST", url, named, keys) == "hCtSmYh+iHYCEqBWrE7C7hYmtUk="
    assert 'oauth_signature="' in authorization("POST", url, keys, nonce="n", at=1)


def test_what_was_posted_already_counts_as_sent() -> None:
    def again(_: Asked) -> web.Response:
        detail = "You are not allowed to create a Tweet with duplicate content."
        return web.json_response({"detail": detail}, status=403)

    (outcome,), _ = send({"/2/tweets": again}, {})

    assert outcome.result == "sent"


def test_a_limit_says_when_it_ends() -> None:
    def limited(_: Asked) -> web.Response:
        reset = str(int(NOW.timestamp()) + 600)
        return web.Response(status=429, headers={"x-rate-limit-reset": reset})

    (outcome,), _ = send({"/2/tweets": limited}, {})

    assert outcome.retry_after == timedelta(minutes=10)


def test_a_trial_asks_who_we_are_and_posts_nothing() -> None:
    (outcome,), (asked,) = send(
        {"/2/users/me": posted}, {"content": Content("s", "t", brief=BRIEF, trial=True)}
    )

    assert outcome.result == "sent"
    assert (asked.method, asked.path) == ("GET", "/2/users/me")


def test_three_keys_are_not_enough() -> None:
    (outcome,), asked = send({}, {"secrets": ("api-key api-secret token",)})

    assert (outcome.result, outcome.gone, asked) == ("permanent", True, [])


def test_chinese_characters_count_twice() -> None:
    assert weight("Mail") == 4
    assert weight("郵件") == 4


@pytest.mark.parametrize(
    "written",
    ["@Nordlys_Status", "https://x.com/Nordlys_Status", "https://twitter.com/nordlys_status/"],
)
def test_a_name_has_one_spelling(written: str) -> None:
    assert normalise(written) == "@nordlys_status"


@pytest.mark.parametrize("written", ["", "nordlys", "@a b", "@" + "x" * 16])
def test_anything_but_a_name_is_refused(written: str) -> None:
    with pytest.raises(AddressRefused):
        normalise(written)
