"""The Telegram channel: the operator's bot writes to a chat that it was invited to."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from yarl import URL

from standfast.channels import details
from standfast.channels.contract import (
    AddressRefused,
    Message,
    PermanentFailure,
    Taken,
    TemporaryFailure,
)
from standfast.channels.options import Option, text
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.client import Answer
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.outgoing.posting import Post, PostingChannel
from standfast.channels.words import Said, cut, said, utf16
from standfast.engine.health.refusal import gettext_noop

OPTIONS: Final = (
    Option(
        "token",
        "STANDFAST_TELEGRAM_BOT_TOKEN",
        "Token of the bot that writes to Telegram chats; without it Telegram is not offered.",
        secret=True,
        required=True,
    ),
)
API: Final = "https://api.telegram.org"
TITLE, BODY, FACT, FACTS = 300, 2_000, 150, 6
_CHAT: Final = re.compile(r"-?\d{3,20}|@[A-Za-z][A-Za-z0-9_]{3,31}", re.ASCII)
#: Said of the chat and not of the message.
_NO_CHAT: Final = re.compile(r"chat not found|blocked by the user|kicked|deactivated|not a member")


def open_telegram(settings: Mapping[str, object]) -> PostingChannel:
    """The channel, from `token`; `api` is another server that speaks the same."""
    token = text(settings, "token")
    api = text(settings, "api", API) or API

    def write(message: Message) -> Post:
        if not token:
            raise TemporaryFailure(details.NOT_SET_UP)
        chat = normalise(message.address)
        return Post(
            URL(f"{api}/bot{token}/sendMessage"), document(said(message), chat, message.reply_to)
        )

    return PostingChannel(
        OutgoingConfig.parse(settings), write=write, read=_read, hidden=lambda _: [token]
    )


def normalise(address: str) -> str:
    """A chat's number or a channel's @name. Raises `AddressRefused`."""
    plain = address.strip()
    if not _CHAT.fullmatch(plain):
        raise AddressRefused(
            gettext_noop("Write the chat's number, such as -1001234567890, or @name of a channel.")
        )
    return plain.lower()


def _read(answer: Answer, now: datetime) -> Taken:
    told = answer.json()
    wait = told.get("parameters")
    seconds = wait.get("retry_after") if isinstance(wait, dict) else None
    reason = str(told.get("description", ""))
    if answer.status in {400, 403} and _NO_CHAT.search(reason):
        raise PermanentFailure(details.GONE % {"answer": reason}, gone=True)
    if answer.status in {401, 404}:
        # The bot's token is wrong: the operator's to repair, and no recipient's fault.
        raise TemporaryFailure(details.NOT_NOW % {"answer": f"{answer.status} {reason}"})
    retry_after = str(seconds) if isinstance(seconds, int) else answer.retry_after
    detail = judge(answer.status, retry_after, answer.text, now=now)
    result = told.get("result")
    number = result.get("message_id") if isinstance(result, dict) else None
    return Taken("200" if answer.ok else detail, receipt=str(number or ""))


def document(words: Said, chat: str, reply_to: str) -> dict[str, Any]:
    """One message in the few tags that Telegram knows, below its 4,096 characters."""
    parts = [f"<b>{html.escape(cut(words.title, TITLE, measure=utf16))}</b>"]
    parts += [
        f"{html.escape(cut(name, 50))}: {html.escape(cut(value, FACT))}"
        for name, value in words.facts[:FACTS]
    ]
    if words.body:
        parts += ["", html.escape(cut(words.body, BODY, measure=utf16))]
    if words.link:
        parts += ["", html.escape(words.link)]
    made: dict[str, Any] = {
        "chat_id": chat,
        "text": "\n".join(parts),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if reply_to.isdigit():
        made["reply_parameters"] = {
            "message_id": int(reply_to),
            "allow_sending_without_reply": True,
        }
    return made
