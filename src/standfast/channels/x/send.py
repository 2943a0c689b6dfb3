"""The X channel: posts of an account, threaded by issue."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from yarl import URL

from standfast.channels import details
from standfast.channels.contract import (
    AddressRefused,
    Message,
    Outcome,
    PermanentFailure,
    Taken,
)
from standfast.channels.options import text
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.client import Answer, Client
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.threads import post_in_order
from standfast.channels.words import said, with_link
from standfast.channels.x.signing import Keys, authorization
from standfast.engine.health.refusal import gettext_noop

API: Final = "https://api.x.com"
LONGEST, LINK = 280, 23
_NAME: Final = re.compile(r"@[a-z0-9_]{1,15}", re.ASCII)
_PROFILE: Final = re.compile(r"https://(?:www\.)?(?:x|twitter)\.com/", re.ASCII)
#: The keys are refused.
_GONE: Final = frozenset({401, 410})
_FORBIDDEN: Final = 403
#: Characters that count as one; others count as two.
_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


@dataclass(frozen=True, slots=True)
class _Signer:
    keys: Keys
    key: str
    now: datetime

    def headers(self, method: str, url: URL) -> dict[str, str]:
        """The signature of one request; its nonce is never used twice."""
        at = self.now.timestamp()
        nonce = sha256(f"{self.key} {method} {at}".encode()).hexdigest()[:32]
        return {"Authorization": authorization(method, url, self.keys, nonce=nonce, at=int(at))}


class XChannel:
    """Posts one after the other, each request signed."""

    def __init__(self, config: OutgoingConfig, api: str) -> None:
        self._client = Client(config, {"Content-Type": "application/json"})
        self._api = URL(api)

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """One try for each message. Keys that are refused end the account's posts."""

        async def post(message: Message) -> Taken:
            return await self._post(message, now)

        return await post_in_order(messages, post, hidden=_hidden)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _post(self, message: Message, now: datetime) -> Taken:
        normalise(message.address)
        keys = Keys.parse(message.secrets[0]) if message.secrets else None
        if keys is None:
            raise PermanentFailure(details.NO_KEYS, gone=True)
        signer = _Signer(keys, message.idempotency_key, now)
        if message.content.trial:
            # X shows every post to everybody; that it knows us proves as much.
            return Taken(self._judged(await self._call("GET", "2/users/me", signer), now))
        document: dict[str, Any] = {
            "text": with_link(said(message), LONGEST, measure=weight, link_costs=LINK)
        }
        if message.reply_to:
            document["reply"] = {"in_reply_to_tweet_id": message.reply_to}
        answer = await self._call("POST", "2/tweets", signer, document)
        if answer.status == _FORBIDDEN and b"duplicate" in answer.body:
            # An earlier try got through, though we did not hear of it.
            return Taken(str(answer.status))
        detail = self._judged(answer, now)
        made = answer.json().get("data")
        return Taken(detail, receipt=str(made.get("id", ""))[:60] if isinstance(made, dict) else "")

    async def _call(
        self, method: str, path: str, signer: _Signer, document: Mapping[str, Any] | None = None
    ) -> Answer:
        url = self._api.joinpath(path)
        body = json.dumps(document, ensure_ascii=False).encode() if document else None
        return await self._client.request(method, url, body, signer.headers(method, url))

    def _judged(self, answer: Answer, now: datetime) -> str:
        wait = answer.retry_after
        reset = answer.headers.get("x-rate-limit-reset", "")
        if not wait and reset.isdigit():
            wait = str(max(int(reset[:12]) - int(now.timestamp()), 0))
        return judge(answer.status, wait, answer.text, now=now, gone=_GONE)


def open_x(settings: Mapping[str, object]) -> XChannel:
    """The channel; accounts bring their own keys. `api` is another server that speaks the same."""
    return XChannel(OutgoingConfig.parse(settings), text(settings, "api", API) or API)


def normalise(address: str) -> str:
    """“@name” in lower case, also from a profile's address. Raises `AddressRefused`."""
    plain = _PROFILE.sub("@", address.strip()).lower().rstrip("/")
    if not _NAME.fullmatch(plain):
        raise AddressRefused(gettext_noop("Write the account's name like @nordlys_status."))
    return plain


def weight(written: str) -> int:
    """The length as X counts it: Chinese characters and pictures count twice."""
    return sum(
        1 if any(low <= ord(each) <= high for low, high in _LIGHT) else 2 for each in written
    )


def _hidden(message: Message) -> Iterable[str]:
    return message.secrets[0].split() if message.secrets else ()
