"""Posting one after the other: what follows in the same thread answers what was just posted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from standfast.channels import details
from standfast.channels.batch import Hidden, nothing, send_in_parallel
from standfast.channels.contract import (
    AddressRefused,
    Message,
    Outcome,
    PermanentFailure,
    Taken,
    TemporaryFailure,
)


async def post_in_order(
    messages: Sequence[Message],
    post: Callable[[Message], Awaitable[Taken]],
    *,
    hidden: Hidden = nothing,
) -> list[Outcome]:
    """One outcome for each message; none overtakes one of its thread that has to wait."""
    threads = _Threads()

    async def send(message: Message) -> Taken:
        if not message.secrets:
            raise PermanentFailure(details.NO_KEYS, gone=True)
        try:
            taken = await post(replace(message, reply_to=threads.before(message)))
        except AddressRefused as refusal:
            raise PermanentFailure(refusal.message, gone=True) from None
        except TemporaryFailure:
            threads.waits(message)
            raise
        threads.posted(message, taken.receipt)
        return taken

    return await send_in_parallel(messages, send, workers=1, hidden=hidden)


class _Threads:
    """The last receipt by address and thread; None while its message has to wait."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], str | None] = {}

    def before(self, message: Message) -> str:
        """What the message answers. Raises `TemporaryFailure` while that one has to wait."""
        receipt = self._last.get(_place(message), "")
        if receipt is None:
            raise TemporaryFailure(details.AFTER_THE_ONE_BEFORE)
        return receipt or message.reply_to

    def waits(self, message: Message) -> None:
        """The message could not be posted now."""
        if message.content.thread:
            self._last[_place(message)] = None

    def posted(self, message: Message, receipt: str) -> None:
        """The message was posted."""
        if message.content.thread:
            self._last[_place(message)] = receipt


def _place(message: Message) -> tuple[str, str]:
    return message.address, message.content.thread
