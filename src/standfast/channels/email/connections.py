"""A few SMTP conversations, kept open between mails."""

from __future__ import annotations

import ssl
from time import monotonic
from typing import Final

import aiosmtplib

from standfast.channels import details
from standfast.channels.contract import TemporaryFailure
from standfast.channels.email.config import EmailConfig
from standfast.channels.email.conversation import Conversation

#: A connection idle for longer is asked whether it still lives, in seconds.
IDLE_CHECK: Final = 5.0
#: After a failed connection nobody else waits for the same time-out, in seconds.
DOWN_FOR: Final = 5.0


class Connection:
    """One open conversation: when it was last used, and how many mails it took."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self.used_at = monotonic()
        self.mails = 0


class Connections:
    """Idle connections; whoever takes one gives it back, or drops it when it broke."""

    def __init__(self, config: EmailConfig) -> None:
        self._config = config
        self._idle: list[Connection] = []
        self._down_until = 0.0
        self._down_because = ""

    async def take(self) -> Connection:
        """An idle connection that lives, or a new one; raises `TemporaryFailure` without server."""
        while self._idle:
            connection = self._idle.pop()
            if await self._lives(connection):
                return connection
            self.drop(connection)
        if monotonic() < self._down_until:
            raise TemporaryFailure(self._down_because)
        try:
            return await self._open()
        except (aiosmtplib.SMTPException, OSError) as error:
            # A refused sign-in is our fault, not the recipient's: keep the mail.
            self._down_because = self._broken(error)
            self._down_until = monotonic() + DOWN_FOR
            raise TemporaryFailure(self._down_because) from None

    def give_back(self, connection: Connection) -> None:
        """Keep the connection for the next mail."""
        connection.used_at = monotonic()
        if connection.talk.is_open:
            self._idle.append(connection)

    def drop(self, connection: Connection) -> None:
        """Close a connection that is of no more use, without waiting for the server."""
        connection.talk.close()

    async def close(self) -> None:
        """Say goodbye on every idle connection."""
        while self._idle:
            connection = self._idle.pop()
            try:
                await connection.talk.quit(within=2)
            except (aiosmtplib.SMTPException, OSError):
                self.drop(connection)

    async def _lives(self, connection: Connection) -> bool:
        if not connection.talk.is_open:
            return False
        if monotonic() - connection.used_at < IDLE_CHECK:
            return True
        try:
            await connection.talk.noop()
        except (aiosmtplib.SMTPException, OSError):
            return False
        return True

    async def _open(self) -> Connection:
        config = self._config
        smtp = aiosmtplib.SMTP(
            hostname=config.host,
            port=config.port,
            username=config.username or None,
            password=config.password or None,
            # The default asks DNS for this machine's name, which can block for seconds.
            local_hostname=config.sender.domain,
            use_tls=config.tls == "tls",
            start_tls=config.tls == "starttls",
            timeout=config.timeout,
        )
        await smtp.connect()
        if smtp.is_ehlo_or_helo_needed:
            try:
                await smtp.ehlo()
            except aiosmtplib.SMTPHeloError:
                await smtp.helo()
        return Connection(Conversation(smtp, timeout=config.timeout))

    def _broken(self, error: Exception) -> str:
        """Why there is no connection; aiosmtplib tells what it met as its error's cause."""
        if isinstance(error.__cause__ or error, ssl.SSLCertVerificationError):
            return details.BAD_CERTIFICATE % {"host": self._config.host}
        return details.NO_SERVER % {"answer": said(error)}


def said(error: Exception) -> str:
    """What the server said, or what broke, in one phrase."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    if isinstance(error, (aiosmtplib.SMTPTimeoutError, TimeoutError)):
        return details.TIME_OUT
    return str(error) or type(error).__name__
