from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from contextlib import suppress
from datetime import timedelta

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.contract import Content, Message, Outcome, slot
from standfast.channels.outgoing.client import READ_LIMIT
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.outgoing.guard import Guard
from standfast.channels.webhook.send import Template, WebhookChannel
from standfast.channels.webhook.signing import make_secret
from standfast.feeds.signature import verify
from tests.channels.webhook.receiver import CONTENT, NOW, OLD_SECRET, SECRET, fine, post


def test_a_post_is_signed_json_with_the_key_as_its_id() -> None:
    (outcome,), (received,) = post(fine, {"idempotency_key": "p1-s1-webhook"})

    assert (outcome.result, outcome.detail) == ("sent", "200")
    assert received.headers["Content-Type"] == "application/json"
    assert json.loads(received.body) == CONTENT.payload
    assert verify(received.body, received.headers, [SECRET], now=NOW) == "p1-s1-webhook"


def test_during_a_rotation_either_secret_verifies() -> None:
    _, (received,) = post(fine, {"secrets": (SECRET, OLD_SECRET)})

    assert len(received.headers["webhook-signature"].split()) == 2
    for secret in (SECRET, OLD_SECRET):
        assert verify(received.body, received.headers, [secret], now=NOW)


def test_a_new_secret_works() -> None:
    secret = make_secret(bytes(range(32)))

    _, (received,) = post(fine, {"secrets": (secret,)})

    assert verify(received.body, received.headers, [secret], now=NOW)
    assert b64decode(secret.removeprefix("whsec_")) == bytes(range(32))
    with pytest.raises(ValueError, match="24 to 64"):
        make_secret(b"short")


def test_without_a_secret_nothing_is_sent() -> None:
    (outcome,), received = post(fine, {"secrets": ()})

    assert outcome.result == "permanent"
    assert "no secret" in outcome.detail
    assert received == []


def test_the_recipient_is_part_of_what_is_signed() -> None:
    _, (received,) = post(fine, {"personal": {"users": "214"}})

    assert json.loads(received.body) == {**CONTENT.payload, "recipient": {"users": "214"}}
    assert verify(received.body, received.headers, [SECRET], now=NOW)


@given(
    st.dictionaries(st.text(), st.integers() | st.text(), max_size=3).filter(
        lambda payload: "recipient" not in payload
    ),
    st.dictionaries(st.text(), st.text(), max_size=3),
)
def test_adding_the_recipient_keeps_the_payload(
    payload: dict[str, object], personal: dict[str, str]
) -> None:
    message = Message("k", "x", Content("", "", payload=payload), personal=personal)
    found = json.loads(Template(payload).filled(message))

    assert found == payload | ({"recipient": personal} if personal else {})


@given(st.text(), st.integers(), st.text())
def test_slots_of_the_payload_hold_each_recipient_s_own_values(
    name: str, users: int, shared: str
) -> None:
    payload = {"shared": shared, "to": {"name": slot("name"), "users": slot("users")}, "end": [1]}
    fields = {"name": json.dumps(name), "users": str(users)}
    message = Message("k", "x", Content("", "", payload=payload), fields=fields)
    found = json.loads(Template(payload).filled(message))

    assert found == {"shared": shared, "to": {"name": name, "users": users}, "end": [1]}


def test_a_text_that_looks_like_a_slot_stays_a_text() -> None:
    payload = {"title": slot("nobody_fills_this"), "other": f"{slot('name')} in between"}
    message = Message("k", "x", Content("", "", payload=payload), fields={"name": '"n"'})

    assert json.loads(Template(payload).filled(message)) == payload


def test_redirects_are_not_followed() -> None:
    async def elsewhere(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/other")

    (outcome,), received = post(elsewhere, {})

    assert outcome.result == "temporary"
    assert len(received) == 1


def test_an_endless_answer_is_read_to_its_limit_only() -> None:
    written = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse(status=500)
        await response.prepare(request)
        with suppress(ConnectionError):
            while True:
                await response.write(b"x" * 65_536)
                written += 65_536
        return response

    (outcome,), _ = post(endless, {})

    assert outcome.result == "temporary"
    assert outcome.duration < timedelta(seconds=20)  # the time-out would be 30
    assert READ_LIMIT < written < 100_000_000
    assert len(outcome.detail) < 300


def test_an_answer_that_drips_is_a_time_out() -> None:
    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b".")
            await asyncio.sleep(0.05)
        return response

    (outcome,), _ = post(dripping, {}, timeout=0.3)

    assert (outcome.result, outcome.detail) == ("temporary", "127.0.0.1: time-out")


def test_an_echo_of_the_secret_does_not_reach_the_log() -> None:
    async def echo(request: web.Request) -> web.StreamResponse:
        return web.Response(status=400, text=f"bad secret {SECRET}\x00\r\nx: y")

    (outcome,), _ = post(echo, {})

    assert outcome.detail == "The receiver refuses: 400 bad secret ••• x: y"


def test_the_path_of_an_address_does_not_reach_the_log() -> None:
    (outcome,), _ = post(fine, {"address": "http://127.0.0.1:1/services/T0K3N?key=K3Y"})

    assert outcome.result == "temporary"
    assert "T0K3N" not in outcome.detail
    assert "K3Y" not in outcome.detail
    assert "127.0.0.1" in outcome.detail


def test_a_kept_connection_that_was_closed_costs_no_message() -> None:
    requests = 0

    async def one_each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        requests += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        # It promises to keep the connection, then drops it when the next request comes in.
        await reader.read(1)
        writer.close()

    async def run() -> list[Outcome]:
        server = await asyncio.start_server(one_each, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        channel = WebhookChannel(
            OutgoingConfig(guard=Guard(allow_private=True), connections=1, timeout=30)
        )
        messages = [
            Message(
                f"k{number}",
                f"http://127.0.0.1:{port}/hook",
                Content("s", "t"),
                secrets=(SECRET,),
            )
            for number in range(6)
        ]
        try:
            return await channel.send_many(messages, now=NOW)
        finally:
            await channel.close()
            server.close()

    assert [outcome.result for outcome in asyncio.run(run())] == ["sent"] * 6
    assert requests == 6


def test_many_messages_arrive_once_each_and_in_order_of_outcome() -> None:
    async def odd_ones_fail(request: web.Request) -> web.StreamResponse:
        number = int(request.headers["webhook-id"].removeprefix("k"))
        return web.Response(status=503 if number % 2 else 200)

    outcomes, received = post(odd_ones_fail, *({} for _ in range(200)))

    assert [outcome.result for outcome in outcomes] == ["sent", "temporary"] * 100
    assert sorted(int(one.headers["webhook-id"][1:]) for one in received) == list(range(200))
