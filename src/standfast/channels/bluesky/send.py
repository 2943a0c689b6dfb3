"""The Bluesky channel: posts of an account, threaded by issue."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from yarl import URL

from standfast.channels import details
from standfast.channels.bluesky.record import record_of, rkey_of, thread_of
from standfast.channels.contract import (
    AddressRefused,
    Message,
    Outcome,
    PermanentFailure,
    Taken,
)
from standfast.channels.outgoing import addresses
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.client import Answer, Client
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.threads import post_in_order
from standfast.channels.words import said
from standfast.engine.health.refusal import gettext_noop

#: Where handles live that name no server.
HOME: Final = "https://bsky.social"
_HANDLE: Final = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", re.ASCII)
_PROFILE: Final = re.compile(r"https://bsky\.app/profile/", re.ASCII)
#: The handle or its app password is refused.
_GONE: Final = frozenset({401, 410})
_SESSION: Final = timedelta(minutes=60)


class BlueskyChannel:
    """Signs in once an hour and posts one after the other."""

    def __init__(self, config: OutgoingConfig) -> None:
        self._client = Client(config, {"Content-Type": "application/json"})
        self._sessions: dict[tuple[str, str], tuple[datetime, dict[str, Any]]] = {}

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """One try for each message. An app password that is refused ends the account's posts."""

        async def post(message: Message) -> Taken:
            return await self._post(message, now)

        return await post_in_order(messages, post, hidden=self._hidden)

    async def close(self) -> None:
        """Close the connections and forget the sessions."""
        self._sessions.clear()
        await self._client.close()

    async def _post(self, message: Message, now: datetime) -> Taken:
        url = URL(normalise(message.address))
        place = (str(url), message.secrets[0])
        session = await self._session(place, now)
        if message.content.trial:
            # Bluesky shows every post to everybody; having signed in proves as much.
            return Taken("200")
        did = str(session["did"])
        record = record_of(
            said(message), language=message.content.language, reply_to=message.reply_to, now=now
        )
        # The same key makes the same record, so a repeat changes nothing.
        document = {
            "repo": did,
            "collection": "app.bsky.feed.post",
            "rkey": rkey_of(message.idempotency_key),
            "record": record,
        }
        headers = {"Authorization": f"Bearer {session['accessJwt']}"}
        answer = await self._call(url, "com.atproto.repo.putRecord", document, headers)
        if answer.status in {400, 401} and "Token" in str(answer.json().get("error")):
            self._sessions.pop(place, None)  # a new one at the next try
            detail = judge(503, answer.retry_after, answer.text, now=now)
        else:
            detail = judge(answer.status, answer.retry_after, answer.text, now=now, gone=_GONE)
        made = answer.json()
        receipt = thread_of(str(made.get("uri")), str(made.get("cid")), message.reply_to)
        return Taken(detail, receipt=receipt)

    async def _session(self, place: tuple[str, str], now: datetime) -> dict[str, Any]:
        at, session = self._sessions.get(place, (now, {}))
        if not session or now >= at + _SESSION:
            url = URL(place[0])
            signing_in = {"identifier": url.path.strip("/"), "password": place[1]}
            answer = await self._call(url, "com.atproto.server.createSession", signing_in, {})
            judge(answer.status, answer.retry_after, answer.text, now=now, gone=_GONE)
            session = answer.json()
            if not {"did", "accessJwt"} <= session.keys():
                raise PermanentFailure(details.REFUSES % {"answer": answer.status})
            self._sessions[place] = (now, session)
        return session

    async def _call(
        self, url: URL, name: str, document: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Answer:
        body = json.dumps(document, ensure_ascii=False).encode()
        target = url.origin().with_path(f"/xrpc/{name}")
        return await self._client.request("POST", target, body, headers, limit=16_384)

    def _hidden(self, _: Message) -> list[str]:
        return [str(session.get("accessJwt", "")) for _, session in self._sessions.values()]


def open_bluesky(settings: Mapping[str, object]) -> BlueskyChannel:
    """The channel; accounts bring their own app passwords."""
    return BlueskyChannel(OutgoingConfig.parse(settings))


def normalise(address: str) -> str:
    """“https://server/handle”; a bare handle lives at Bluesky's own. Raises `AddressRefused`."""
    plain = _PROFILE.sub("", address.strip()).removeprefix("@")
    if "://" not in plain:
        plain = f"{HOME}/{plain}"
    url = URL(addresses.normalise(plain))
    handle = url.path.strip("/").lower()
    if not _HANDLE.fullmatch(handle):
        raise AddressRefused(gettext_noop("Write the handle like status.bsky.social."))
    return str(url.origin().with_path(f"/{handle}"))
