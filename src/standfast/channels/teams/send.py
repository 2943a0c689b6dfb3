"""The Teams channel: the address is that of a workflow “when a webhook request is received”."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from yarl import URL

from standfast.channels.contract import AddressRefused, Message
from standfast.channels.outgoing import addresses
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.client import Answer
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.outgoing.posting import Post, PostingChannel, in_address
from standfast.channels.words import Said, cut, in_bytes, said
from standfast.engine.health.refusal import gettext_noop

#: Teams takes 28 KB with everything around it; more than this of text nobody reads there anyway.
LARGEST: Final = 27_000
TITLE, BODY, FACT = 300, 6_000, 500
#: The workflow was deleted.
_GONE: Final = frozenset({404, 410})
_STYLES: Final = {"ok": "good", "info": "accent", "warn": "warning", "bad": "attention"}
_MARKDOWN: Final = re.compile(r"([\\*_\[\]()#`~>|])")


def open_teams(settings: Mapping[str, object]) -> PostingChannel:
    """The channel; it has no settings of its own."""
    return PostingChannel(
        OutgoingConfig.parse(settings), write=_write, read=_read, hidden=in_address
    )


def normalise(address: str) -> str:
    """The workflow's address in one spelling. Raises `AddressRefused` for a page of Teams."""
    plain = addresses.normalise(address)
    if (URL(plain).host or "").startswith("teams."):
        raise AddressRefused(
            gettext_noop(
                "This is a page of Teams, not a webhook; make a workflow for the channel"
                " and copy its address."
            )
        )
    return plain


def _write(message: Message) -> Post:
    card = document(said(message), language=message.content.language)
    return Post(URL(normalise(message.address), encoded=True), card)


def _read(answer: Answer, now: datetime) -> str:
    return judge(answer.status, answer.retry_after, answer.text, now=now, gone=_GONE)


def document(words: Said, *, language: str) -> dict[str, Any]:
    """The message with its card, small enough for Teams."""
    made = _message(words, language, BODY)
    too_much = in_bytes(json.dumps(made, ensure_ascii=False)) - LARGEST
    return made if too_much <= 0 else _message(words, language, max(BODY - too_much, 200))


def _message(words: Said, language: str, body: int) -> dict[str, Any]:
    title = {**_text(cut(words.title, TITLE)), "size": "Large", "weight": "Bolder"}
    parts: list[dict[str, Any]] = [
        {"type": "Container", "style": _STYLES[words.tone], "bleed": True, "items": [title]}
    ]
    if words.facts:
        facts = [
            {"title": name, "value": _escaped(cut(value, FACT))} for name, value in words.facts
        ]
        parts.append({"type": "FactSet", "facts": facts})
    if words.body:
        parts += [_text(piece) for piece in cut(words.body, body).split("\n\n") if piece.strip()]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": language,
        "fallbackText": words.title,
        "msteams": {"width": "Full"},
        "body": parts,
    }
    if words.link:
        open_it = {"type": "Action.OpenUrl", "title": words.link_label, "url": words.link}
        card["actions"] = [open_it]
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _text(text: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": _escaped(text), "wrap": True}


def _escaped(text: str) -> str:
    """Cards read a little Markdown; a text of ours means what it says."""
    return _MARKDOWN.sub(r"\\\1", text)
