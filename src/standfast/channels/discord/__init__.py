"""Discord, over a channel's webhook, as an embed."""

from __future__ import annotations

from typing import Final

from standfast.channels.discord.send import open_discord
from standfast.channels.kind import ChannelKind
from standfast.channels.outgoing.addresses import normalise
from standfast.engine.health.refusal import gettext_noop

KIND: Final = ChannelKind(
    kind="discord",
    name=gettext_noop("Discord"),
    icon="brand-discord",
    open=open_discord,
    normalise=normalise,
    needs=frozenset({"internet", "chat.discord"}),
    address_label=gettext_noop("Webhook of the channel"),
    address_help=gettext_noop(
        "Made in Discord: the channel’s settings, “Integrations”, “Webhooks”."
    ),
    hides=True,
)
