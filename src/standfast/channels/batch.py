"""Many messages through a few workers: order kept, time taken, every exception an outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from time import monotonic

from standfast.channels import details
from standfast.channels.contract import (
    Message,
    Outcome,
    PermanentFailure,
    Taken,
    TemporaryFailure,
    redacted,
)

#: Sends one message and returns what the receiver said, or raises one of the two failures.
Send = Callable[[Message], Awaitable[str | Taken]]


#: What of a message must not be shown, besides its secrets: the telling parts of its address.
Hidden = Callable[[Message], Iterable[str]]


def nothing(_: Message) -> Iterable[str]:
    """For channels whose addresses anybody may see."""
    return ()


async def send_in_parallel(
    messages: Sequence[Message],
    send: Send,
    *,
    workers: int,
    secrets: Sequence[str] = (),
    hidden: Hidden = nothing,
) -> list[Outcome]:
    """One outcome for each message, in their order; `secrets` and the messages' own are hidden."""
    outcomes: list[Outcome] = [Outcome("temporary", details.NOT_TRIED)] * len(messages)
    places = iter(range(len(messages)))

    async def work(places: Iterator[int]) -> None:
        for place in places:
            outcomes[place] = await _outcome(messages[place], send, secrets, hidden)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(workers, len(messages))):
            group.create_task(work(places))
    return outcomes


async def _outcome(message: Message, send: Send, secrets: Sequence[str], hidden: Hidden) -> Outcome:
    started = monotonic()
    try:
        taken = await send(message)
    except Exception as error:
        kept = (*secrets, *message.secrets, *hidden(message))
        return replace(_failed(error, kept), duration=timedelta(seconds=monotonic() - started))
    detail, receipt = (taken.detail, taken.receipt) if isinstance(taken, Taken) else (taken, "")
    return Outcome(
        "sent",
        redacted(detail, (*secrets, *message.secrets)),
        duration=timedelta(seconds=monotonic() - started),
        receipt=receipt,
    )


def _failed(error: Exception, kept: Sequence[str]) -> Outcome:
    match error:
        case PermanentFailure():
            return Outcome("permanent", redacted(error.detail, kept), gone=error.gone)
        case TemporaryFailure():
            detail = redacted(error.detail, kept)
            return Outcome("temporary", detail, retry_after=error.retry_after)
    # A mistake of ours in one message must neither lose it nor stop the others.
    return Outcome("temporary", redacted(f"{type(error).__name__}: {error}", kept))
