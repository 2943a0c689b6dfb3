from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.batch import send_in_parallel
from standfast.channels.contract import (
    ConfigError,
    Content,
    Message,
    TemporaryFailure,
    redacted,
    slot,
    split_at_slots,
)
from standfast.channels.options import flag, names, number, text
from standfast.channels.registry import CHANNELS, get_channel

CONTENT = Content(subject="s", text="t")


def message(key: str = "p1-s1-email") -> Message:
    return Message(key, "anna@tenant.example", CONTENT)


@pytest.mark.parametrize("key", ["", "x" * 81, "a b", "a\r\nBcc: b", "a>", "é"])
def test_a_key_that_could_break_a_header_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="idempotency key"):
        message(key)


@given(st.lists(st.text("abc \n", max_size=5), min_size=1), st.text("abc", min_size=1))
def test_texts_are_cut_at_slots(texts: list[str], name: str) -> None:
    whole = slot(name).join(texts)

    assert split_at_slots(whole) == (texts, [name] * (len(texts) - 1))


@pytest.mark.parametrize("name", ["", "Users", "a-b", "a b"])
def test_a_slot_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="no name for a slot"):
        slot(name)


def test_redaction_hides_every_secret_and_keeps_one_short_line() -> None:
    assert redacted("a key-1 b\r\n key-12\x00", ["key-1", "key-12", ""]) == "a ••• b •••"
    assert len(redacted("x" * 9999, [])) == 500


def test_a_mistake_of_ours_loses_no_message_and_stops_no_other() -> None:
    async def send(sent: Message) -> str:
        if sent.idempotency_key == "k1":
            raise KeyError("whsec_secret")
        return "ok"

    outcomes = asyncio.run(
        send_in_parallel(
            [message("k0"), message("k1"), message("k2")],
            send,
            workers=2,
            secrets=["whsec_secret"],
        )
    )

    assert [outcome.result for outcome in outcomes] == ["sent", "temporary", "sent"]
    assert outcomes[1].detail == "KeyError: '•••'"


def test_no_more_workers_are_busy_than_asked_for_and_time_is_taken() -> None:
    busy = most = 0

    async def send(_: Message) -> str:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.01)
        busy -= 1
        raise TemporaryFailure("later", retry_after=timedelta(minutes=1))

    outcomes = asyncio.run(
        send_in_parallel([message(f"k{number}") for number in range(10)], send, workers=3)
    )

    assert most == 3
    assert all(outcome.retry_after == timedelta(minutes=1) for outcome in outcomes)
    assert all(outcome.duration >= timedelta(milliseconds=9) for outcome in outcomes)


def test_settings_are_read_or_named() -> None:
    settings: dict[str, object] = {"a": " x ", "b": "2.5", "c": True, "d": ["Host.Example "]}

    assert text(settings, "a") == "x"
    assert number(settings, "b", 1, low=0, high=9) == 2.5
    assert flag(settings, "c")
    assert names(settings, "d") == {"host.example"}
    assert number(settings, "missing", 7, low=0, high=9) == 7
    for read in (
        lambda: text({"x": 1}, "x"),
        lambda: number({"x": 10}, "x", 1, low=0, high=9),
        lambda: number({"x": True}, "x", 1, low=0, high=9),
        lambda: number({"x": "nan"}, "x", 1, low=0, high=9),
        lambda: flag({"x": "yes"}, "x"),
        lambda: names({"x": "host"}, "x"),
        lambda: names({"x": [1]}, "x"),
    ):
        with pytest.raises(ConfigError) as error:
            read()
        assert error.value.field == "x"


def test_an_unknown_channel_is_named_with_those_that_exist() -> None:
    with pytest.raises(ConfigError, match=r"“pigeon” .*email, .*webhook"):
        get_channel("pigeon")
    assert get_channel("email") is CHANNELS["email"]
