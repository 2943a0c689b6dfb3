from __future__ import annotations

import asyncio
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import http_ece
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from py_vapid import Vapid02

from standfast.channels.contract import AddressRefused, Brief, Message, Outcome
from standfast.channels.webpush.payload import payload
from standfast.channels.webpush.send import normalise, open_webpush, topic_of
from standfast.channels.words import Said
from tests.channels.briefs import LINK, NOW, message
from tests.contracts.browser import BROWSER, Browser, point_of

SETTINGS: dict[str, object] = {
    "vapid_key": BROWSER.vapid_key,
    "sender": "Standfast <status@provider.example>",
    "allow_private": True,
}


def push(*changes: Mapping[str, Any]) -> tuple[list[Outcome], list[tuple[Any, bytes]]]:
    """Push messages to a push service on loopback."""
    received: list[tuple[Any, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        received.append((request.headers.copy(), await request.read()))
        return web.Response(status=201)

    async def run() -> list[Outcome]:
        app = web.Application()
        app.router.add_post("/push/{id}", take)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/push/a1b2"
        channel = open_webpush(SETTINGS)
        given_: dict[str, Any] = {"address": address, "secrets": (BROWSER.secret,)}
        messages: list[Message] = [message(**{**given_, **change}) for change in changes]
        try:
            return await channel.send_many(messages, now=NOW)
        finally:
            await channel.close()
            await runner.cleanup()

    return asyncio.run(run()), received


def test_the_browser_reads_title_body_page_tag_and_language() -> None:
    (outcome,), ((headers, body),) = push({})

    assert outcome.result == "sent"
    assert headers["Content-Encoding"] == "aes128gcm"
    told = json.loads(BROWSER.read(body))
    assert told["title"] == "Mail is slow [EX123456]"
    assert told["body"].startswith("Investigating\nWe look into <mail>")
    assert told["url"] == LINK
    assert (told["tag"], told["language"]) == ("issue-EX123456", "en")


def test_nobody_else_can_read_it() -> None:
    _, ((_, body),) = push({})

    with pytest.raises(http_ece.ECEException):
        Browser().read(body)
    assert b"Mail" not in body


def test_the_push_service_can_check_who_sends() -> None:
    _, ((headers, _),) = push({})

    signed = re.fullmatch(r"vapid t=([^,]+),\s*k=(\S+)", headers["Authorization"])
    assert signed
    assert decoded(signed[2]) == point_of(BROWSER.server)
    assert Vapid02.verify(headers["Authorization"])
    claims = json.loads(decoded(signed[1].split(".")[1]))
    assert claims["sub"] == "mailto:status@provider.example"
    assert claims["aud"] == f"http://{headers['Host']}"
    assert 0 < claims["exp"] - NOW.timestamp() <= timedelta(hours=24).total_seconds()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_urgency_and_patience_follow_the_severity() -> None:
    _, received = push({}, {"brief": Brief("Planned work")})

    urgent, normal = sorted((headers for headers, _ in received), key=lambda one: one["Urgency"])

    assert (urgent["Urgency"], urgent["TTL"]) == ("high", "86400")
    assert (normal["Urgency"], normal["TTL"]) == ("normal", "43200")


def test_a_newer_message_replaces_an_older_one_that_still_waits() -> None:
    _, ((headers, _),) = push({})

    assert headers["Topic"] == topic_of("issue-EX123456")
    assert len(headers["Topic"]) <= 32


@pytest.mark.parametrize("secret", ["", "{}", "nonsense", '{"p256dh": "x", "auth": "y"}', "[]"])
def test_without_the_browser_s_keys_the_subscription_is_dead(secret: str) -> None:
    (outcome,), received = push({"secrets": (secret,)})

    assert (outcome.result, outcome.gone) == ("permanent", True)
    assert "add it again" in outcome.detail
    assert received == []


def test_one_signature_serves_many_messages() -> None:
    _, received = push(*({} for _ in range(5)))

    assert len({headers["Authorization"] for headers, _ in received}) == 1
    assert len({body for _, body in received}) == 5


@given(st.text(min_size=1), st.text(min_size=1), st.text(max_size=40))
def test_the_payload_always_fits(title: str, body: str, status: str) -> None:
    words = Said(title * 500, body * 2_000, (("Status", status * 20),), LINK, "", "ok", "high")

    told = payload(words, topic="issue-EX123456", language="zh-hant")
    assert len(told) <= 3_993
    assert json.loads(told)["url"] == LINK


def test_an_address_of_a_browser_is_https() -> None:
    with pytest.raises(AddressRefused, match="https://"):
        normalise("http://push.example/abc")
