"""The webhook channel."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from yarl import URL

from standfast.channels import details
from standfast.channels.batch import send_in_parallel
from standfast.channels.contract import (
    AddressRefused,
    Content,
    Message,
    Outcome,
    PermanentFailure,
)
from standfast.channels.outgoing.addresses import normalise
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.client import Client
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.outgoing.posting import in_address
from standfast.channels.webhook.signing import signature_headers


class WebhookChannel:
    """Posts signed JSON over kept connections."""

    def __init__(self, config: OutgoingConfig) -> None:
        self._config = config
        self._client = Client(config, {"Content-Type": "application/json"})

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """One try for each message. 410 is gone; 408, 425, 429, 5xx and time-outs are temporary."""
        bodies: dict[Content, str] = {}
        started = monotonic()

        async def send(message: Message) -> str:
            shared = bodies.get(message.content)
            if shared is None:
                shared = bodies[message.content] = _json(message.content.payload)
            at = now + timedelta(seconds=monotonic() - started)
            return await self._post(message, with_recipient(shared, message.personal), at)

        return await send_in_parallel(
            messages, send, workers=self._config.connections, hidden=in_address
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _post(self, message: Message, body: str, at: datetime) -> str:
        try:
            url = URL(normalise(message.address))
        except AddressRefused as refusal:
            raise PermanentFailure(refusal.message, gone=True) from None
        if not message.secrets:
            raise PermanentFailure(details.NO_SECRET)
        headers = signature_headers(message.idempotency_key, body, message.secrets, at=at)
        # The id in the headers makes a repeat harmless.
        answer = await self._client.post(url, body.encode(), headers, repeatable=True)
        return judge(answer.status, answer.retry_after, answer.text, now=at)


def with_recipient(body: str, personal: Mapping[str, str]) -> str:
    """The JSON object `body` with the member `recipient`, without encoding it again."""
    if not personal:
        return body
    member = f'"recipient":{_json(personal)}}}'
    return f"{{{member}" if body == "{}" else f"{body[:-1]},{member}"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
