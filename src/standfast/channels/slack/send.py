"""The Slack channel: the address is the webhook that a workspace made for one of its channels."""

from __future__ import annotations

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
from standfast.channels.words import Said, cut, said
from standfast.engine.health.refusal import gettext_noop

TITLE, BODY, FACT, FACTS, BUTTON, FALLBACK = 150, 2_900, 1_900, 10, 75, 3_000
#: No such webhook, not allowed any more, or its channel was archived.
_GONE: Final = frozenset({403, 404, 410})
_MARKS: Final = {"ok": "✅", "info": "ℹ️", "warn": "⚠️", "bad": "🔴"}


def open_slack(settings: Mapping[str, object]) -> PostingChannel:
    """The channel; it has no settings of its own."""
    return PostingChannel(
        OutgoingConfig.parse(settings), write=_write, read=_read, hidden=in_address
    )


def normalise(address: str) -> str:
    """The webhook in one spelling. Raises `AddressRefused` for a page of Slack.

    Programs that take the same messages (Mattermost, Rocket.Chat) are welcome.
    """
    plain = addresses.normalise(address)
    host = URL(plain).host or ""
    if host.endswith(("slack.com", "slack-gov.com")) and not host.startswith("hooks."):
        raise AddressRefused(
            gettext_noop(
                "This is a page of Slack, not a webhook; it looks like"
                " https://hooks.slack.com/services/…."
            )
        )
    return plain


def _write(message: Message) -> Post:
    return Post(URL(normalise(message.address)), document(said(message)))


def _read(answer: Answer, now: datetime) -> str:
    return judge(answer.status, answer.retry_after, answer.text, now=now, gone=_GONE)


def document(words: Said) -> dict[str, Any]:
    """Blocks, and the plain text for notifications and readers that know none."""
    title = f"{_MARKS[words.tone]} {words.title}"
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(cut(title, TITLE))}]
    if words.facts:
        fields = [_marked(name, value) for name, value in words.facts[:FACTS]]
        blocks.append({"type": "section", "fields": fields})
    if words.body:
        blocks.append({"type": "section", "text": _plain(cut(words.body, BODY))})
    if words.link:
        label = _plain(cut(words.link_label or words.link, BUTTON))
        button = {"type": "button", "text": label, "url": words.link}
        blocks.append({"type": "actions", "elements": [button]})
    fallback = "\n".join(filter(None, [title, words.body]))
    return {
        "text": _escaped(cut(fallback, FALLBACK)),
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _marked(name: str, value: str) -> dict[str, Any]:
    text = f"*{_escaped(name)}*\n{_escaped(cut(value, FACT // 5))}"
    return {"type": "mrkdwn", "text": cut(text, FACT), "verbatim": True}


def _escaped(text: str) -> str:
    """Nothing in a text may call a person or a channel (“<!here>”)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
