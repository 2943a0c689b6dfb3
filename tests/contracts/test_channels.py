"""What every channel promises, checked for each registered one against a real server."""

from __future__ import annotations

import asyncio
import re
import socket
from datetime import UTC, datetime, timedelta

import pytest

from standfast.channels.contract import Content, Message, Outcome
from standfast.channels.registry import CHANNELS
from tests.contracts.browser import BROWSER
from tests.contracts.rigs import PASSWORD, PASSWORD_AS_SECRET, PLENTY, RIGS, WAIT, Rig

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CONTENT = Content(
    subject="EX123456: mail is slow",
    text="Mail is slow.",
    html="<p>Mail is slow.</p>",
    payload={"type": "issue.updated", "data": {"id": "EX123456"}},
)
kinds = pytest.mark.parametrize("kind", CHANNELS)
#: Those that call web addresses that somebody wrote down.
OVER_HTTP = [kind for kind in CHANNELS if kind != "email"]
ANYWHERE = [kind for kind in OVER_HTTP if kind not in {"telegram", "sms", "x"}]


def message(rig: Rig, name: str, number: int = 0) -> Message:
    return Message(
        idempotency_key=f"p1-s{number}-{name}",
        address=rig.address(name),
        content=CONTENT,
        secrets=rig.keys(name),
    )


def send(
    kind: str, *names: str, timeout: float = PLENTY
) -> tuple[list[Outcome], list[tuple[str, bytes]]]:
    async def run() -> tuple[list[Outcome], list[tuple[str, bytes]]]:
        async with RIGS[kind](timeout=timeout) as rig:
            messages = [message(rig, name, number) for number, name in enumerate(names)]
            return await rig.channel.send_many(messages, now=NOW), rig.arrived

    return asyncio.run(run())


def test_every_registered_channel_keeps_the_contract() -> None:
    assert RIGS.keys() == CHANNELS.keys()


@kinds
def test_a_message_arrives(kind: str) -> None:
    (outcome,), arrived = send(kind, "anna")

    assert outcome.result == "sent"
    assert not outcome.gone
    assert len(arrived) == 1
    assert b"EX123456" in arrived[0][1]


@kinds
def test_a_dead_address_is_permanent_and_gone(kind: str) -> None:
    (outcome,), arrived = send(kind, "permanent")

    assert (outcome.result, outcome.gone) == ("permanent", True)
    assert outcome.detail
    assert arrived == []


@kinds
def test_a_busy_receiver_is_temporary(kind: str) -> None:
    (outcome,), arrived = send(kind, "temporary")

    assert (outcome.result, outcome.gone) == ("temporary", False)
    assert outcome.detail
    assert arrived == []


@kinds
def test_a_receiver_may_limit_the_rate(kind: str) -> None:
    (outcome,), _ = send(kind, "limited")

    assert outcome.result == "temporary"
    assert outcome.retry_after == (timedelta(seconds=120) if kind in OVER_HTTP else None)


@kinds
def test_a_silent_receiver_is_temporary_and_does_not_hold_up_for_long(kind: str) -> None:
    (outcome,), _ = send(kind, "slow", timeout=WAIT)

    assert outcome.result == "temporary"
    assert "time-out" in outcome.detail
    assert timedelta(seconds=WAIT * 0.9) < outcome.duration < timedelta(seconds=PLENTY)


@kinds
def test_a_receiver_that_is_not_there_is_temporary(kind: str) -> None:
    async def run() -> list[Outcome]:
        async with RIGS[kind]() as rig:
            elsewhere = {
                "url": "smtp://127.0.0.1:1",
                "sender": "status@provider.example",
                "api": "http://127.0.0.1:1",
                "gateway": "json://127.0.0.1:1/{to}",
            }
            channel = CHANNELS[kind].open(
                {**rig.settings, **elsewhere, "allow_private": True, "timeout": PLENTY}
            )
            nowhere = re.sub(r":\d+/", ":1/", rig.address("anna"))
            try:
                return await channel.send_many(
                    [Message("k1", nowhere, CONTENT, secrets=rig.keys("anna"))], now=NOW
                )
            finally:
                await channel.close()

    (outcome,) = asyncio.run(run())
    assert outcome.result == "temporary"
    assert outcome.detail


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_an_answer_of_ten_gigabytes_is_not_read(kind: str) -> None:
    (outcome,), arrived = send(kind, "huge")

    assert outcome.duration < timedelta(seconds=PLENTY / 2)
    assert len(outcome.detail) <= 500
    assert arrived == []


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_a_redirect_is_not_followed(kind: str) -> None:
    (outcome,), arrived = send(kind, "moved")

    assert outcome.result == "temporary"
    assert arrived == []


@pytest.mark.parametrize("kind", ANYWHERE)
def test_a_private_address_is_refused_and_not_called(kind: str) -> None:
    async def run() -> tuple[list[Outcome], list[tuple[str, bytes]]]:
        async with RIGS[kind]() as rig:
            channel = CHANNELS[kind].open({**rig.settings, "timeout": PLENTY})
            try:
                return await channel.send_many([message(rig, "anna")], now=NOW), rig.arrived
            finally:
                await channel.close()

    (outcome,), arrived = asyncio.run(run())
    assert outcome.result == "permanent"
    assert "private network" in outcome.detail
    assert arrived == []


@pytest.mark.parametrize("kind", ANYWHERE)
def test_a_name_that_turns_private_after_it_was_added_is_refused(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: what is looked up for the connection is what is checked."""

    def turned(host: str, port: int, *_: object, **__: object) -> list[object]:
        place = ("127.0.0.1", int(port or 0))
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place)]

    async def run() -> tuple[list[Outcome], list[tuple[str, bytes]]]:
        async with RIGS[kind]() as rig:
            channel = CHANNELS[kind].open({**rig.settings, "timeout": PLENTY})
            address = rig.address("anna").replace("127.0.0.1", "rebound.example")
            monkeypatch.setattr(socket, "getaddrinfo", turned)
            try:
                outcomes = await channel.send_many(
                    [Message("k1", address, CONTENT, secrets=rig.keys("anna"))], now=NOW
                )
                return outcomes, rig.arrived
            finally:
                await channel.close()

    (outcome,), arrived = asyncio.run(run())
    assert (outcome.result, arrived) == ("permanent", [])
    assert "rebound.example is in a private network" in outcome.detail


@kinds
def test_one_bad_message_harms_no_other_and_the_order_is_kept(kind: str) -> None:
    names = ["anna", "permanent", "bo", "temporary", "cleo", "limited", "dan"] * 3

    outcomes, arrived = send(kind, *names)

    expected = {"permanent": "permanent", "temporary": "temporary", "limited": "temporary"}
    assert [outcome.result for outcome in outcomes] == [
        expected.get(name, "sent") for name in names
    ]
    assert len(arrived) == 12


@kinds
def test_an_address_that_is_none_is_permanent(kind: str) -> None:
    async def run() -> list[Outcome]:
        async with RIGS[kind]() as rig:
            bad = [
                Message(f"k{number}", address, CONTENT, secrets=rig.keys("anna"))
                for number, address in enumerate(["", "nonsense", "a\r\nBcc: x@example.org", "é@@"])
            ]
            return await rig.channel.send_many(bad, now=NOW)

    assert [outcome.result for outcome in asyncio.run(run())] == ["permanent"] * 4


@kinds
def test_secrets_are_never_in_errors_or_shown(kind: str) -> None:
    async def run(timeout: float, *names: str) -> tuple[list[Outcome], str]:
        async with RIGS[kind](timeout=timeout) as rig:
            messages = [message(rig, name) for name in names]
            shown = repr(messages) + repr(vars(rig.channel))
            return await rig.channel.send_many(messages, now=NOW), shown

    outcomes, shown = asyncio.run(run(PLENTY, "temporary", "permanent", "limited"))
    late, also_shown = asyncio.run(run(WAIT, "slow"))
    outcomes, shown = outcomes + late, shown + also_shown
    for text in (shown, repr(outcomes)):
        assert PASSWORD not in text
        assert PASSWORD_AS_SECRET not in text
        assert BROWSER.secret not in text
    assert "•••" in outcomes[0].detail


@kinds
def test_a_channel_is_used_again_after_sending_and_after_closing(kind: str) -> None:
    async def run() -> list[str]:
        async with RIGS[kind]() as rig:
            results = []
            for _ in range(2):
                results += await rig.channel.send_many([message(rig, "anna")], now=NOW)
            await rig.channel.close()
            results += await rig.channel.send_many([message(rig, "anna")], now=NOW)
            return [outcome.result for outcome in results]

    assert asyncio.run(run()) == ["sent"] * 3


@kinds
def test_nothing_to_send_is_no_work(kind: str) -> None:
    assert send(kind) == ([], [])


@kinds
def test_a_wrong_setting_is_named(kind: str) -> None:
    with pytest.raises(Exception, match=r"timeout: .*from 0\.1") as error:
        CHANNELS[kind].open(
            {"url": "smtp://mail.example", "sender": "a@provider.example", "timeout": "soon"}
        )

    assert type(error.value).__name__ == "ConfigError"
