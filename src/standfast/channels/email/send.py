"""The e-mail channel."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import aiosmtplib

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
from standfast.channels.email.addresses import normalise
from standfast.channels.email.config import EmailConfig
from standfast.channels.email.connections import Connection, Connections, said
from standfast.channels.email.mime import MimeTemplate

#: Enhanced status codes that say that the mailbox, or its domain, does not exist.
_GONE: Final = re.compile(r"\b5\.1\.(1|2|3|6|10)\b")
_CLOSING: Final = 421


class EmailChannel:
    """Sends mails over a few kept connections, or writes them into a folder."""

    def __init__(self, config: EmailConfig) -> None:
        self._config = config
        self._connections = Connections(config)

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """One try for each message. A 4xx answer is temporary, a 5xx one permanent."""
        templates: dict[Content, MimeTemplate] = {}

        async def send(message: Message) -> str:
            template = templates.get(message.content)
            if template is None:
                template = MimeTemplate(message.content, self._config.sender)
                templates[message.content] = template
            try:
                to = normalise(message.address)
            except AddressRefused as refusal:
                raise PermanentFailure(refusal.message, gone=True) from None
            mail = template.mail(message, to=to, now=now)
            if self._config.folder is not None:
                name = f"{message.idempotency_key}.eml"
                return await asyncio.to_thread(_write, self._config.folder, name, mail)
            return await self._send(to, mail)

        return await send_in_parallel(
            messages, send, workers=self._config.connections, secrets=self._config.secrets
        )

    async def close(self) -> None:
        """Close the idle connections."""
        await self._connections.close()

    async def _send(self, to: str, mail: bytes) -> str:
        while True:
            connection = await self._connections.take()
            try:
                return await self._converse(connection, to, mail)
            except (aiosmtplib.SMTPException, OSError) as error:
                # Servers end a conversation after so many mails; that is no failure of this one.
                if not (_is_goodbye(error) and connection.mails):
                    raise _failure(error) from None

    async def _converse(self, connection: Connection, to: str, mail: bytes) -> str:
        """One mail over the connection, which is kept unless the conversation broke."""
        try:
            answer = await connection.talk.send(self._config.sender.addr_spec, to, mail)
        except aiosmtplib.SMTPResponseException as error:
            self._keep_unless_over(connection, error)
            raise
        except BaseException:
            self._connections.drop(connection)
            raise
        connection.mails += 1
        self._connections.give_back(connection)
        return answer

    def _keep_unless_over(self, connection: Connection, error: Exception) -> None:
        if _is_goodbye(error):
            self._connections.drop(connection)
        else:
            self._connections.give_back(connection)


def _is_goodbye(error: Exception) -> bool:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return error.code == _CLOSING
    return isinstance(error, aiosmtplib.SMTPServerDisconnected)


def _failure(error: Exception) -> PermanentFailure | TemporaryFailure:
    detail = said(error)
    if not isinstance(error, aiosmtplib.SMTPResponseException) or error.code < 500:
        return TemporaryFailure(detail)
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        # The server does not like us; no recipient should pay for that.
        return TemporaryFailure(details.BAD_SENDER % {"answer": detail})
    is_recipient = isinstance(error, aiosmtplib.SMTPRecipientRefused)
    return PermanentFailure(detail, gone=is_recipient and bool(_GONE.search(detail)))


def _write(folder: Path, name: str, mail: bytes) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}.part"
    unfinished.write_bytes(mail)
    unfinished.replace(folder / name)
    return f"written to {name}"
