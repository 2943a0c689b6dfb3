"""The webhook channel."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

import aiohttp
from yarl import URL

from standfast.channels import details
from standfast.channels.batch import send_in_parallel
from standfast.channels.contract import (
    AddressRefused,
    Content,
    Message,
    Outcome,
    PermanentFailure,
    TemporaryFailure,
)
from standfast.channels.webhook.addresses import GuardedResolver, normalise
from standfast.channels.webhook.answers import judge
from standfast.channels.webhook.config import WebhookConfig
from standfast.channels.webhook.signing import signature_headers

#: So much of an answer is read, in bytes, and so much of it is kept for the log, in characters.
READ_LIMIT: Final = 4_096
KEPT: Final = 200


class WebhookChannel:
    """Posts signed JSON over kept connections."""

    def __init__(self, config: WebhookConfig) -> None:
        self._config = config
        self._session: aiohttp.ClientSession | None = None

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """One try for each message. 410 is gone; 408, 425, 429, 5xx and time-outs are temporary."""
        session = self._open_session()
        bodies: dict[Content, str] = {}
        started = monotonic()

        async def send(message: Message) -> str:
            shared = bodies.get(message.content)
            if shared is None:
                shared = bodies[message.content] = _json(message.content.payload)
            at = now + timedelta(seconds=monotonic() - started)
            return await self._post(session, message, with_recipient(shared, message.personal), at)

        return await send_in_parallel(messages, send, workers=self._config.connections)

    async def close(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            config = self._config
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=GuardedResolver(config.guard),
                    use_dns_cache=False,
                    limit=config.connections,
                ),
                timeout=aiohttp.ClientTimeout(total=config.timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                headers={
                    "User-Agent": config.user_agent,
                    "Accept-Encoding": "identity",
                    "Content-Type": "application/json",
                },
            )
        return self._session

    async def _post(
        self, session: aiohttp.ClientSession, message: Message, body: str, at: datetime
    ) -> str:
        try:
            url = URL(normalise(message.address))
        except AddressRefused as refusal:
            raise PermanentFailure(refusal.message, gone=True) from None
        if not message.secrets:
            raise PermanentFailure(details.NO_SECRET)
        self._config.guard.check_literal(url.host or "")
        headers = signature_headers(message.idempotency_key, body, message.secrets, at=at)
        try:
            try:
                return await _answer(session, url, body, headers, at)
            except aiohttp.ServerDisconnectedError:
                # A kept connection may have been closed meanwhile; the id makes a repeat harmless.
                return await _answer(session, url, body, headers, at)
        except aiohttp.InvalidURL:
            raise PermanentFailure(details.NO_HOST % {"host": url.host}) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TemporaryFailure(_broken(error, url)) from None


async def _answer(
    session: aiohttp.ClientSession,
    url: URL,
    body: str,
    headers: Mapping[str, str],
    at: datetime,
) -> str:
    async with session.post(
        url, data=body.encode(), headers=headers, allow_redirects=False
    ) as response:
        start = await _beginning(response)
        return judge(response.status, response.headers.get("Retry-After", ""), start, now=at)


async def _beginning(response: aiohttp.ClientResponse) -> str:
    """The first characters of the answer; a longer answer costs it its connection."""
    read = bytearray()
    while len(read) < READ_LIMIT:
        chunk = await response.content.read(READ_LIMIT - len(read))
        if not chunk:
            break
        read += chunk
    else:
        response.close()
    return bytes(read).decode("utf-8", "replace").strip()[:KEPT]


def with_recipient(body: str, personal: Mapping[str, str]) -> str:
    """The JSON object `body` with the member `recipient`, without encoding it again."""
    if not personal:
        return body
    member = f'"recipient":{_json(personal)}}}'
    return f"{{{member}" if body == "{}" else f"{body[:-1]},{member}"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _broken(error: Exception, url: URL) -> str:
    """What broke, without the path of the address, which may hold a secret."""
    if isinstance(error, TimeoutError):
        template = details.TIMED_OUT
    elif isinstance(error, aiohttp.ClientConnectorDNSError):
        template = details.UNKNOWN_NAME
    elif isinstance(error, aiohttp.ClientConnectorCertificateError):
        template = details.BAD_CERTIFICATE
    elif isinstance(error, aiohttp.ClientConnectorError):
        if error.os_error.strerror:
            return f"{url.host}: {error.os_error.strerror}"
        template = details.NO_CONNECTION
    else:
        return f"{url.host}: {type(error).__name__}"
    return template % {"host": url.host}
