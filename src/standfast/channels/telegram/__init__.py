"""Telegram, from the operator's bot to a chat."""

from __future__ import annotations

from typing import Final

from standfast.channels.kind import ChannelKind
from standfast.channels.telegram.send import OPTIONS, normalise, open_telegram
from standfast.engine.health.refusal import gettext_noop

KIND: Final = ChannelKind(
    kind="telegram",
    name=gettext_noop("Telegram"),
    icon="brand-telegram",
    open=open_telegram,
    normalise=normalise,
    needs=frozenset({"internet", "chat.telegram"}),
    address_label=gettext_noop("Number of the chat"),
    address_help=gettext_noop(
        "Invite the bot to the chat, then write the chat’s number, such as -1001234567890."
    ),
    threaded=True,
    personal=True,
    asks=True,
    options=OPTIONS,
)
