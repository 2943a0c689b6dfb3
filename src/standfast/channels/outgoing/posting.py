"""Channels that post one JSON document for each message, to a service that many people use."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yarl import URL

from standfast.channels.batch import Hidden, nothing, send_in_parallel
from standfast.channels.contract import AddressRefused, Message, Outcome, PermanentFailure, Taken
from standfast.channels.outgoing.addresses import telling_parts
from standfast.channels.outgoing.client import Answer, Client
from standfast.channels.outgoing.config import OutgoingConfig


@dataclass(frozen=True, slots=True)
class Post:
    """Where a message goes, and the document that says it."""

    url: URL
    document: Mapping[str, Any] = field(repr=False)


#: Makes the post of a message; raises AddressRefused or one of the two failures.
Write = Callable[[Message], Post]
#: Says what an answer means; raises one of the two failures.
Read = Callable[[Answer, datetime], str | Taken]


class PostingChannel:
    """Posts what `write` makes, lets `read` judge the answer, and keeps `hidden` out of details."""

    def __init__(
        self,
        config: OutgoingConfig,
        *,
        write: Write,
        read: Read,
        hidden: Hidden = nothing,
    ) -> None:
        self._write = write
        self._read = read
        self._hidden = hidden
        self._workers = config.connections
        self._client = Client(config, {"Content-Type": "application/json"})

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """One try for each message."""

        async def send(message: Message) -> str | Taken:
            try:
                post = self._write(message)
            except AddressRefused as refusal:
                raise PermanentFailure(refusal.message, gone=True) from None
            body = json.dumps(post.document, ensure_ascii=False, separators=(",", ":"))
            return self._read(await self._client.post(post.url, body.encode(), {}), now)

        return await send_in_parallel(messages, send, workers=self._workers, hidden=self._hidden)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def in_address(message: Message) -> list[str]:
    """What is to be hidden when the address itself lets anybody write."""
    return telling_parts(message.address)
