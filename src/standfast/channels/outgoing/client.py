"""A client for channels: kept connections past the guard, answers read to a limit."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from yarl import URL

from standfast.channels import details
from standfast.channels.contract import PermanentFailure, TemporaryFailure
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.outgoing.guard import GuardedResolver
from standfast.channels.outgoing.hanging import Hanging

#: So much of an answer is read, in bytes, unless a channel asks for more.
READ_LIMIT: Final = 4_096
#: So much of an answer is kept for the log, in characters.
KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `body` is the answer's beginning."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the receiver took it."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The first characters, for the log."""
        return self.body.decode("utf-8", "replace").strip()[:KEPT]

    @property
    def retry_after(self) -> str:
        """The header of that name."""
        return self.headers.get("Retry-After", "")

    def json(self) -> dict[str, Any]:
        """The JSON object of the body; empty when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class Client:
    """Opens its session when it is first used; `headers` go with every request."""

    def __init__(self, config: OutgoingConfig, headers: Mapping[str, str]) -> None:
        self._config = config
        self._headers = headers
        self._hanging = Hanging()
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self, url: URL, body: bytes, headers: Mapping[str, str], *, repeatable: bool = False
    ) -> Answer:
        """Post `body`. Raises one of the two failures when there is no answer.

        A kept connection may have been closed meanwhile: what is `repeatable`, because the receiver
        knows it again, is then posted once more.
        """
        try:
            return await self.request("POST", url, body, headers)
        except _Disconnected:
            if not repeatable:
                raise
            return await self.request("POST", url, body, headers)

    async def request(
        self,
        method: str,
        url: URL,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        limit: int = READ_LIMIT,
    ) -> Answer:
        """One request, without following redirects. Raises one of the two failures."""
        self._config.guard.check_literal(url.host or "")
        self._hanging.check(url)
        try:
            async with self._open().request(
                method, url, data=body, headers=headers, allow_redirects=False
            ) as response:
                start = await _beginning(response, limit)
                self._hanging.answered(url)
                return Answer(response.status, response.headers, start)
        except aiohttp.InvalidURL:
            raise PermanentFailure(details.NO_HOST % {"host": url.host}) from None
        except aiohttp.ServerDisconnectedError as error:
            raise _Disconnected(_broken(error, url)) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(error, TimeoutError):
                self._hanging.timed_out(url)
            raise TemporaryFailure(_broken(error, url)) from None

    async def close(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            config = self._config
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=GuardedResolver(config.guard),
                    use_dns_cache=False,
                    limit=0,  # whoever sends is limited; waiting for a turn is no time-out
                ),
                timeout=aiohttp.ClientTimeout(total=config.timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                headers={
                    "User-Agent": config.user_agent,
                    "Accept-Encoding": "identity",
                    **self._headers,
                },
            )
        return self._session


class _Disconnected(TemporaryFailure):
    """The receiver closed the connection without a word."""


async def _beginning(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The beginning of the answer; a longer answer costs it its connection."""
    read = bytearray()
    while len(read) < limit:
        chunk = await response.content.read(limit - len(read))
        if not chunk:
            break
        read += chunk
    else:
        response.close()
    return bytes(read)


def _broken(error: Exception, url: URL) -> str:
    """What broke, without the path of the address, which may hold a secret."""
    if isinstance(error, TimeoutError):
        template = details.TIMED_OUT
    elif isinstance(error, aiohttp.ClientConnectorDNSError):
        template = details.UNKNOWN_NAME
    elif isinstance(error, aiohttp.ClientConnectorCertificateError):
        template = details.BAD_CERTIFICATE
    elif isinstance(error, aiohttp.ClientConnectorError):
        if number := error.os_error.errno:
            # Not the error's own text: that is asyncio's, “Connect call failed ('192.0.2.1', 443)”.
            return details.NOT_CONNECTED % {"host": url.host, "answer": os.strerror(number)}
        template = details.NO_CONNECTION
    else:
        return f"{url.host}: {type(error).__name__}"
    return template % {"host": url.host}
