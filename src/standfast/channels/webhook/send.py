"""The webhook channel."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

from standfast.channels import details
from standfast.channels.batch import send_in_parallel
from standfast.channels.contract import (
    AddressRefused,
    Content,
    Message,
    Outcome,
    PermanentFailure,
)
from standfast.channels.outgoing.addresses import parsed
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.client import Client
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.outgoing.posting import in_address
from standfast.channels.webhook.signing import signature_headers

# A value that is nothing but a slot, as JSON writes it.
_SLOT: Final = re.compile(r'"\\ue000([a-z_]+)\\ue001"')


class WebhookChannel:
    """Posts signed JSON over kept connections."""

    def __init__(self, config: OutgoingConfig) -> None:
        self._config = config
        self._client = Client(config, {"Content-Type": "application/json"})

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """One try for each message. 410 is gone; 408, 425, 429, 5xx and time-outs are temporary."""
        templates: dict[Content, Template] = {}
        started = monotonic()

        async def send(message: Message) -> str:
            template = templates.get(message.content)
            if template is None:
                template = templates[message.content] = Template(message.content.payload)
            at = now + timedelta(seconds=monotonic() - started)
            return await self._post(message, template.filled(message), at)

        return await send_in_parallel(
            messages, send, workers=self._config.connections, hidden=in_address
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _post(self, message: Message, body: bytes, at: datetime) -> str:
        try:
            url = parsed(message.address)
        except AddressRefused as refusal:
            raise PermanentFailure(refusal.message, gone=True) from None
        if not message.secrets:
            raise PermanentFailure(details.NO_SECRET)
        headers = signature_headers(message.idempotency_key, body, message.secrets, at=at)
        # The id in the headers makes a repeat harmless.
        answer = await self._client.post(url, body, headers, repeatable=True)
        return judge(answer.status, answer.retry_after, answer.text, now=at)


class Template:
    """The JSON of a payload, written once; its slots are filled for each message.

    What recipients share is most of it, and writing that costs more than sending it.
    """

    def __init__(self, payload: Mapping[str, Any]) -> None:
        self._pieces = _SLOT.split(_json(payload))

    def filled(self, message: Message) -> bytes:
        """The body of one message; its `personal` is added as the member `recipient`."""
        fields, pieces = message.fields, self._pieces
        if len(pieces) == 1:
            body = pieces[0]
        else:
            # Texts take turns with names; a name that nobody fills is a text that looks like one.
            filled = [*pieces]
            for place in range(1, len(pieces), 2):
                name = pieces[place]
                filled[place] = fields.get(name, f'"\\ue000{name}\\ue001"')
            body = "".join(filled)
        if message.personal:
            member = f'"recipient":{_json(message.personal)}}}'
            body = f"{{{member}" if body == "{}" else f"{body[:-1]},{member}"
        return body.encode()


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
