"""One SMTP conversation after the greeting: a mail in two round trips where the server pipelines.

aiosmtplib opens connections, with TLS and sign-in; its commands wait for each other, which costs
more than the mails themselves, so sender, recipient and the wish to send go together here (RFC
2920).
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from typing import Final

import aiosmtplib

LONGEST_REPLY: Final = 65_536
_LINE: Final = re.compile(rb"(\d{3})([ -]?)([^\r\n]*)\r?\n")
_GO_ON: Final = 354
_CLOSING: Final = 421


class Conversation(asyncio.Protocol):
    """Takes over the connection of a connected client. One mail at a time."""

    def __init__(self, client: aiosmtplib.SMTP, *, timeout: float) -> None:
        transport = client.transport
        assert transport is not None, "take over a client that is connected"
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._timeout = timeout
        self._pipelines = client.supports_extension("pipelining")
        self._sizes = client.supports_extension("size")
        self._buffer = b""
        self._text: list[bytes] = []
        self._replies: deque[tuple[int, str]] = deque()
        self._wanted = 0
        self._waiter: asyncio.Future[None] | None = None
        self._over = False
        self._transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        """Whether the server still listens."""
        return not self._over and not self._transport.is_closing()

    async def send(self, sender: str, to: str, mail: bytes) -> str:
        """Send one mail; what the server said to it.

        Raises the exception of aiosmtplib that says which step was refused, or that the connection
        was lost or timed out.
        """
        size = f" SIZE={len(mail)}" if self._sizes else ""
        steps = (f"MAIL FROM:<{sender}>{size}", f"RCPT TO:<{to}>", "DATA")
        replies = await self._steps(steps)
        refused = _refusal(replies, sender, to)
        if refused is not None:
            await self._begin_anew(replies)
            raise refused
        code, text = (await self._ask(_stuffed(mail), 1))[0]
        if code >= 300:
            raise aiosmtplib.SMTPDataError(code, text)
        return text

    async def noop(self) -> None:
        """Ask whether the server is still there."""
        code, text = (await self._ask(b"NOOP\r\n", 1))[0]
        if code >= 300:
            raise aiosmtplib.SMTPResponseException(code, text)

    async def quit(self, *, within: float) -> None:
        """Say goodbye, waiting for the answer only so long."""
        self._timeout = within
        try:
            await self._ask(b"QUIT\r\n", 1)
        finally:
            self.close()

    def close(self) -> None:
        """Close the connection without a word."""
        self._over = True
        self._transport.close()

    async def _steps(self, steps: tuple[str, ...]) -> list[tuple[int, str]]:
        lines = [f"{step}\r\n".encode() for step in steps]
        if self._pipelines:
            return await self._ask(b"".join(lines), len(lines))
        replies = []
        for line in lines:
            replies += await self._ask(line, 1)
            if replies[-1][0] >= 400:
                break
        return replies

    async def _begin_anew(self, replies: list[tuple[int, str]]) -> None:
        """After a refusal: end a body that the server waits for all the same, forget the rest."""
        codes = [code for code, _ in replies]
        if _CLOSING in codes:
            return
        if codes[-1] == _GO_ON:
            await self._ask(b".\r\n", 1)
        await self._ask(b"RSET\r\n", 1)

    async def _ask(self, line: bytes, count: int) -> list[tuple[int, str]]:
        if not self.is_open:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        self._replies.clear()
        self._wanted = count
        waiter = self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(line)
        try:
            async with asyncio.timeout(self._timeout):
                await waiter
        except TimeoutError:
            raise aiosmtplib.SMTPReadTimeoutError("Timed out waiting for a reply") from None
        finally:
            self._waiter, self._wanted = None, 0
        return list(self._replies)

    def data_received(self, data: bytes) -> None:
        """Collect replies until all that are wanted have come."""
        self._buffer += data
        end = 0
        for found in _LINE.finditer(self._buffer):
            if found.start() != end:
                break
            end = found.end()
            self._text.append(found[3].strip())
            if found[2] != b"-":
                text = b"\n".join(self._text).decode("utf-8", "surrogateescape")
                self._replies.append((int(found[1]), text))
                self._text = []
        self._buffer = self._buffer[end:]
        if b"\n" in self._buffer or len(self._buffer) + sum(map(len, self._text)) > LONGEST_REPLY:
            self._fail(aiosmtplib.SMTPServerDisconnected("The server's reply is no SMTP"))
            self.close()
        elif self._waiter is None:
            # Nobody asked: the server says why it is going to close.
            self._over = self._over or any(code == _CLOSING for code, _ in self._replies)
        elif len(self._replies) >= self._wanted or self._is_goodbye():
            self._done()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._over = True
        self._fail(aiosmtplib.SMTPServerDisconnected("Connection lost"))

    def _is_goodbye(self) -> bool:
        return bool(self._replies) and self._replies[-1][0] == _CLOSING

    def _done(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, error: Exception) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)


def _refusal(
    replies: list[tuple[int, str]], sender: str, to: str
) -> aiosmtplib.SMTPResponseException | None:
    """The first step that was refused, as an exception."""
    for place, (code, text) in enumerate(replies):
        if code == _CLOSING:
            return aiosmtplib.SMTPResponseException(code, text)
        if code >= 400 or (place == 2 and code != _GO_ON):
            match place:
                case 0:
                    return aiosmtplib.SMTPSenderRefused(code, text, sender)
                case 1:
                    return aiosmtplib.SMTPRecipientRefused(code, text, to)
                case _:
                    return aiosmtplib.SMTPDataError(code, text)
    return None


def _stuffed(mail: bytes) -> bytes:
    """A mail as DATA wants it: leading dots doubled, a line with a dot at its end."""
    stuffed = mail.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
    return stuffed + end
