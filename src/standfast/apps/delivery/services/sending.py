"""Sending what is due over one channel, chunk by chunk."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import uvloop
from django.utils import timezone

from standfast.apps.delivery.models import Delivery
from standfast.apps.delivery.outgoing import open_channel
from standfast.apps.delivery.rendering.messages import Composer
from standfast.apps.delivery.services.claiming import CHUNK, LEASE, claim, renew
from standfast.apps.delivery.services.recording import record_outcomes
from standfast.channels.contract import Channel, Message, Outcome, TemporaryFailure
from standfast.channels.registry import get_channel

logger = logging.getLogger(__name__)

#: Chunks that may be under way at once where each address has a server of its own.
ABREAST: Final = 4
#: A chunk that takes longer (seconds) waits for receivers that hang: the next one begins.
PATIENCE: Final = 1.0
#: While chunks are under way and nothing is due, what has become due is looked for so often.
LOOK_EVERY: Final = 0.1
_RENEW_EVERY: Final = LEASE.total_seconds() / 3


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Claimed deliveries on their way. `failed` are those that no message could be made of."""

    sending: asyncio.Task[list[Outcome]]
    sent: list[Delivery]
    failed: list[tuple[Delivery, Outcome]]

    @property
    def ids(self) -> list[int]:
        """All that was claimed."""
        return [each.pk for each in self.sent] + [each.pk for each, _ in self.failed]


class Sender:
    """One channel in one thread of a worker: keeps its connections between chunks; close it.

    Where each address has a server of its own, a chunk with receivers that hang does not hold up
    the next. `worker` names the claims, so it must be unique; `clock` is asked anew as sending
    takes time.
    """

    def __init__(
        self,
        kind: str,
        *,
        worker: str,
        clock: Callable[[], datetime] = timezone.now,
        channel: Channel | None = None,
    ) -> None:
        self._kind = kind
        self._worker = worker
        self._clock = clock
        self._channel = channel or open_channel(kind)
        self._abreast = ABREAST if get_channel(kind).apart else 1
        self._loop = uvloop.new_event_loop()
        self._under_way: list[Chunk] = []
        self._renewed = self._loop.time()

    def send_due(self, *, size: int = CHUNK) -> int:
        """Send a chunk of due deliveries, and record what has come of this and earlier ones.

        Returns how many were claimed, or else recorded, or are still under way.
        """
        has_room = len(self._under_way) < self._abreast
        claimed = self._begin(size) if has_room else 0
        if not self._under_way:
            return 0
        if len(self._under_way) == self._abreast:
            recorded = self._go_on(_RENEW_EVERY)
        else:
            recorded = self._go_on(PATIENCE if claimed else LOOK_EVERY)
        return claimed or recorded or sum(len(chunk.ids) for chunk in self._under_way)

    def close(self) -> None:
        """Wait for what is under way, then close the channel's connections."""
        while self._under_way:
            self._go_on(_RENEW_EVERY)
        self._loop.run_until_complete(self._channel.close())
        self._loop.close()

    def _begin(self, size: int) -> int:
        """Claim a chunk and set it going. Returns how many it has."""
        claimed = claim(channel=self._kind, worker=self._worker, now=self._clock(), size=size)
        if claimed:
            failed, messages = self._composed(claimed)
            sending = self._channel.send_many([each for _, each in messages], now=self._clock())
            chunk = Chunk(self._loop.create_task(sending), [each for each, _ in messages], failed)
            self._under_way.append(chunk)
        return len(claimed)

    def _go_on(self, patience: float) -> int:
        """Send until a chunk is done, so many seconds at most. Returns how many were recorded."""
        sending = {chunk.sending for chunk in self._under_way}
        waiting = asyncio.wait(sending, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        self._loop.run_until_complete(waiting)
        self._keep_claims()
        return sum(self._record(chunk) for chunk in list(self._under_way) if chunk.sending.done())

    def _record(self, chunk: Chunk) -> int:
        self._under_way.remove(chunk)
        record_outcomes(
            tried=[*chunk.failed, *zip(chunk.sent, chunk.sending.result(), strict=True)],
            worker=self._worker,
            now=self._clock(),
            chance=random.random,
        )
        return len(chunk.ids)

    def _keep_claims(self) -> None:
        """Renew the claims of what is under way, now and then."""
        if self._loop.time() - self._renewed < _RENEW_EVERY:
            return
        self._renewed = self._loop.time()
        ids = [each for chunk in self._under_way for each in chunk.ids]
        renew(ids=ids, worker=self._worker, now=self._clock())

    def _composed(
        self, claimed: list[Delivery]
    ) -> tuple[list[tuple[Delivery, Outcome]], list[tuple[Delivery, Message]]]:
        """The messages, and the outcomes of deliveries that no message could be made of."""
        composer = Composer(now=self._clock())
        failed: list[tuple[Delivery, Outcome]] = []
        messages: list[tuple[Delivery, Message]] = []
        for delivery in claimed:
            try:
                messages.append((delivery, composer.message(delivery)))
            except TemporaryFailure as failure:
                failed.append((delivery, Outcome("temporary", failure.detail)))
            except Exception as error:
                # Our own mistake in one message must neither lose it nor hold up the others.
                logger.exception("delivery %s cannot be composed", delivery.pk)
                failed.append((delivery, Outcome("temporary", f"{type(error).__name__}: {error}")))
        return failed, messages
