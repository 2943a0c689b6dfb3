"""Nobody answers at an address: said in our words, with the system's reason."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime

from standfast.channels.contract import Content, Message, Outcome
from standfast.channels.details import NOT_CONNECTED, recognised
from standfast.channels.registry import get_channel

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_a_refused_connection_is_told_in_words_that_can_be_translated() -> None:
    async def send(port: int) -> Outcome:
        channel = get_channel("slack").open({"allow_private": True})
        message = Message(
            idempotency_key="n1-1-slack",
            address=f"http://127.0.0.1:{port}/x",
            content=Content(subject="Mail", text="It is slow.", language="en"),
        )
        try:
            return (await channel.send_many([message], now=NOW))[0]
        finally:
            await channel.close()

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # kept, so that nobody else listens there meanwhile
        outcome = asyncio.run(send(silent.getsockname()[1]))
    assert outcome.detail == "127.0.0.1: no connection (Connection refused)"
    assert recognised(outcome.detail) == (
        NOT_CONNECTED,
        {"host": "127.0.0.1", "answer": "Connection refused"},
    )
