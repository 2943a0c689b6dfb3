"""The Mastodon channel: posts of an account, threaded by issue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from standfast.channels.contract import (
    Message,
    Outcome,
    Taken,
)
from standfast.channels.mastodon.account import Servers, endpoint, normalise, signed_in
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.client import Answer, Client
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.threads import post_in_order
from standfast.channels.words import said, with_link

__all__ = ["normalise", "open_mastodon"]

#: The token was taken back, or the account was.
_GONE: Final = frozenset({401, 403, 410})
_NO_SUCH_POST: Final = 404
_LANGUAGES: Final = {"zh-hant": "zh-TW"}


class MastodonChannel:
    """Posts one after the other, so that an update answers what was posted before it."""

    def __init__(self, config: OutgoingConfig) -> None:
        self._client = Client(config, {"Content-Type": "application/json"})
        self._servers = Servers(self._client)

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """One try for each message. A token that is refused ends the account's posts."""

        async def post(message: Message) -> Taken:
            return await self._post(message, now)

        return await post_in_order(messages, post)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _post(self, message: Message, now: datetime) -> Taken:
        url = endpoint(message.address, "/api/v1/statuses")
        limits = await self._servers.limits(message.address, now=now)
        words = said(message)
        language = message.content.language
        document = {
            "status": with_link(words, limits.characters, link_costs=limits.link),
            "language": _LANGUAGES.get(language, language),
            # A trial is seen by the account alone.
            "visibility": "direct" if message.content.trial else "public",
        }
        headers = {
            **signed_in(message.secrets[0]),
            "Idempotency-Key": message.idempotency_key,
        }

        async def post(**more: str) -> Answer:
            body = json.dumps({**document, **more}, ensure_ascii=False).encode()
            return await self._client.post(url, body, headers, repeatable=True)

        answer = await post(**({"in_reply_to_id": message.reply_to} if message.reply_to else {}))
        if answer.status == _NO_SUCH_POST and message.reply_to:
            # What it answers was deleted there; it can stand alone.
            answer = await post()
        detail = judge(answer.status, answer.retry_after, answer.text, now=now, gone=_GONE)
        return Taken(detail, receipt=str(answer.json().get("id", ""))[:100])


def open_mastodon(settings: Mapping[str, object]) -> MastodonChannel:
    """The channel; accounts bring their own tokens."""
    return MastodonChannel(OutgoingConfig.parse(settings))
