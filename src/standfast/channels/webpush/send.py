"""The web push channel: the address is a browser's endpoint, the secret holds its keys."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from yarl import URL

from standfast.channels import details
from standfast.channels.batch import send_in_parallel
from standfast.channels.contract import (
    AddressRefused,
    Message,
    Outcome,
    PermanentFailure,
    TemporaryFailure,
)
from standfast.channels.email.addresses import parse_sender
from standfast.channels.options import text
from standfast.channels.outgoing import addresses
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.client import Client
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.webpush.payload import payload
from standfast.channels.webpush.sealing import Keys, Signer, sealed
from standfast.channels.words import said
from standfast.engine.health.refusal import gettext_noop

#: The browser unsubscribed, or its profile is no more.
_GONE: Final = frozenset({404, 410})
#: For how long a push service keeps a message for a device that is off.
KEPT: Final = {
    "critical": timedelta(days=1),
    "high": timedelta(days=1),
    "normal": timedelta(hours=12),
}
_URGENCIES: Final = {"critical": "high", "high": "high", "normal": "normal"}


class WebPushChannel:
    """Encrypts each message for its browser and hands it to that browser's push service."""

    def __init__(self, config: OutgoingConfig, signer: Signer | None) -> None:
        self._config = config
        self._signer = signer
        self._client = Client(config, {"Content-Encoding": "aes128gcm"})

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """One try for each message. 404 and 410 say that the subscription is gone."""

        async def send(message: Message) -> str:
            return await self._push(message, now)

        return await send_in_parallel(
            messages, send, workers=self._config.connections, hidden=_hidden
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _push(self, message: Message, now: datetime) -> str:
        try:
            url = URL(addresses.normalise(message.address), encoded=True)
        except AddressRefused as refusal:
            raise PermanentFailure(refusal.message, gone=True) from None
        keys = Keys.parse(message.secrets[0]) if message.secrets else None
        if keys is None:
            raise PermanentFailure(details.NO_KEYS, gone=True)
        if self._signer is None:
            raise TemporaryFailure(details.NOT_SET_UP)
        words = said(message)
        topic = message.content.thread
        body = sealed(payload(words, topic=topic, language=message.content.language), keys)
        headers = {
            **self._signer.headers(url.origin(), now=now),
            "TTL": str(int(KEPT[words.urgency].total_seconds())),
            "Urgency": _URGENCIES[words.urgency],
            **({"Topic": topic_of(topic)} if topic else {}),
        }
        answer = await self._client.post(url, body, headers)
        return judge(answer.status, answer.retry_after, answer.text, now=now, gone=_GONE)


def open_webpush(settings: Mapping[str, object]) -> WebPushChannel:
    """The channel, from `vapid_key` (PEM) and `sender`, whom push services may write to."""
    key = text(settings, "vapid_key")
    sender = parse_sender(text(settings, "sender", "status@localhost"))
    signer = Signer(key, contact=sender.addr_spec) if key else None
    return WebPushChannel(OutgoingConfig.parse(settings), signer)


def normalise(address: str) -> str:
    """The endpoint as the browser gave it. Raises `AddressRefused` for anything but https."""
    plain = addresses.normalise(address)
    if not plain.startswith("https://"):
        raise AddressRefused(gettext_noop("A browser's push address begins with https://."))
    return plain


def topic_of(thread: str) -> str:
    """A newer message takes the place of an older one of its thread that still waits."""
    return urlsafe_b64encode(sha256(thread.encode()).digest()).decode("ascii")[:32]


def _hidden(message: Message) -> Iterable[str]:
    keys = Keys.parse(message.secrets[0]) if message.secrets else None
    return (*addresses.telling_parts(message.address), *((keys.p256dh, keys.auth) if keys else ()))
