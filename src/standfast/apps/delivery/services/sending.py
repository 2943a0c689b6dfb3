"""Sending what is due over one channel, chunk by chunk."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import uvloop
from django.utils import timezone

from standfast.apps.delivery.models import Delivery
from standfast.apps.delivery.outgoing import open_channel
from standfast.apps.delivery.rendering.messages import Composer
from standfast.apps.delivery.services.claiming import CHUNK, LEASE, claim, renew
from standfast.apps.delivery.services.recording import record_outcomes
from standfast.channels.contract import Channel, Message, Outcome, TemporaryFailure

logger = logging.getLogger(__name__)


class Sender:
    """One channel in one thread of a worker: keeps its connections between chunks; close it.

    `worker` names the claims, so it must be unique; `clock` is asked anew as sending takes time.
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
        self._loop = uvloop.new_event_loop()

    def send_due(self, *, size: int = CHUNK) -> int:
        """Send one chunk of due deliveries and record it. Returns how many were tried."""
        claimed = claim(channel=self._kind, worker=self._worker, now=self._clock(), size=size)
        if not claimed:
            return 0
        tried, messages = self._composed(claimed)
        ids = [delivery.pk for delivery in claimed]
        outcomes = self._run(
            self._channel.send_many([message for _, message in messages], now=self._clock()),
            meanwhile=lambda: renew(ids=ids, worker=self._worker, now=self._clock()),
        )
        sent_or_not = zip((delivery for delivery, _ in messages), outcomes, strict=True)
        record_outcomes(
            tried=[*tried, *sent_or_not],
            worker=self._worker,
            now=self._clock(),
            chance=random.random,
        )
        return len(claimed)

    def close(self) -> None:
        """Close the channel's connections."""
        self._loop.run_until_complete(self._channel.close())
        self._loop.close()

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

    def _run(
        self,
        sending: Coroutine[Any, Any, list[Outcome]],
        *,
        meanwhile: Callable[[], None],
    ) -> list[Outcome]:
        """Run to the end, calling `meanwhile` often enough to keep the claim."""
        task = self._loop.create_task(sending)
        while True:
            pause = LEASE.total_seconds() / 3
            self._loop.run_until_complete(asyncio.wait({task}, timeout=pause))
            if task.done():
                return task.result()
            meanwhile()
