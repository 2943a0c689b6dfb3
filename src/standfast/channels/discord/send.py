"""The Discord channel: the address is a webhook of one of a server's channels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from math import ceil
from typing import Any, Final

from yarl import URL

from standfast.channels.contract import Message, Taken
from standfast.channels.outgoing.addresses import normalise
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.client import Answer
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.outgoing.posting import Post, PostingChannel, in_address
from standfast.channels.words import Said, cut, said, utf16

TITLE, BODY, NAME, VALUE, FACTS = 250, 3_000, 250, 100, 10
_GONE: Final = frozenset({404, 410})
_COLOURS: Final = {"ok": 0x2FB344, "info": 0x4299E1, "warn": 0xF76707, "bad": 0xD63939}
_MARKDOWN: Final = re.compile(r"([\\*_`~|>\[\]()#])")


def open_discord(settings: Mapping[str, object]) -> PostingChannel:
    """The channel; it has no settings of its own."""
    return PostingChannel(
        OutgoingConfig.parse(settings), write=_write, read=_read, hidden=in_address
    )


def _write(message: Message) -> Post:
    # With “wait” the answer names the message, and says when it could not be made.
    url = URL(normalise(message.address)).update_query(wait="true")
    return Post(url, document(said(message)))


def _read(answer: Answer, now: datetime) -> Taken:
    told = answer.json()
    wait = told.get("retry_after")
    retry_after = str(ceil(wait)) if isinstance(wait, (int, float)) else answer.retry_after
    detail = judge(answer.status, retry_after, answer.text, now=now, gone=_GONE)
    return Taken(detail, receipt=str(told.get("id", ""))[:40])


def document(words: Said) -> dict[str, Any]:
    """One embed; nobody is called by it, whatever its text says."""
    embed: dict[str, Any] = {
        "title": cut(words.title, TITLE, measure=utf16),
        "description": cut(_escaped(words.body), BODY, measure=utf16),
        "color": _COLOURS[words.tone],
        "fields": [
            {"name": cut(name, NAME), "value": cut(_escaped(value), VALUE), "inline": True}
            for name, value in words.facts[:FACTS]
        ],
    }
    if words.link:
        embed["url"] = words.link
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
